import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "./names.ts";

/** One line of a graph: `[namespace, metric, dimension, value, …]`; or what CloudWatch searches for, as many lines as it finds. */
export type Line =
  | { metric: [namespace: string, name: string, ...dimensions: string[]]; label?: string }
  | { search: string; label?: string };

export interface Graph {
  title: string;
  lines: Line[];
  /** Of every line: `Sum`, `Average`, `Maximum`, `p99`, … */
  statistic: string;
  /** What the vertical axis says; it begins at zero. */
  unit?: string;
  /** A line across: what an alarm or a promise is about. */
  limit?: { value: number; label: string };
  /** Where the metrics are when not in the stack's region: CloudFront's are in us-east-1. */
  region?: string;
}

const PERIOD_SECONDS = 300;
/** CloudWatch's grid is 24 wide. */
const [WIDTH, HEIGHT, IN_A_ROW] = [8, 6, 3];

/** A dashboard of graphs in rows, three abreast, each row under a heading. */
export function dashboard(
  service: string,
  sections: pulumi.Input<{ heading: string; graphs: Graph[] }[]>,
): aws.cloudwatch.Dashboard {
  const region = aws.getRegionOutput().region;
  return new aws.cloudwatch.Dashboard(service, {
    dashboardName: resourceName(service, "overview"),
    dashboardBody: pulumi
      .all([sections, region])
      .apply(([all, here]) => JSON.stringify({ widgets: layOut(all, here) })),
  });
}

function layOut(sections: { heading: string; graphs: Graph[] }[], region: string): object[] {
  let y = 0;
  return sections.flatMap(({ heading, graphs }) => {
    const title = {
      type: "text",
      ...{ x: 0, y, width: 24, height: 1 },
      properties: { markdown: `## ${heading}`, background: "transparent" },
    };
    const top = y + 1;
    y = top + HEIGHT * Math.ceil(graphs.length / IN_A_ROW);
    return [
      title,
      ...graphs.map((graph, index) => ({
        type: "metric",
        x: (index % IN_A_ROW) * WIDTH,
        y: top + HEIGHT * Math.floor(index / IN_A_ROW),
        width: WIDTH,
        height: HEIGHT,
        properties: properties(graph, region),
      })),
    ];
  });
}

function properties(graph: Graph, region: string): object {
  const { title, lines, statistic, unit, limit } = graph;
  return {
    title,
    region: graph.region ?? region,
    view: "timeSeries",
    stat: statistic,
    period: PERIOD_SECONDS,
    metrics: lines.map((line, index) =>
      "search" in line
        ? [
            {
              expression: `SEARCH('${line.search}', '${statistic}', ${PERIOD_SECONDS})`,
              id: `e${index}`,
              ...(line.label && { label: line.label }),
            },
          ]
        : [...line.metric, ...(line.label ? [{ label: line.label }] : [])],
    ),
    yAxis: { left: { min: 0, ...(unit && { label: unit, showUnits: false }) } },
    ...(limit && { annotations: { horizontal: [limit] } }),
  };
}
