import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { imageIdTime } from "@shoebox/shared/ids";
import { expect, inject, it } from "vitest";
import { type Form, type SearchPage, sendForm, signIn } from "./client.ts";
import { eventually } from "./eventually.ts";
import { smallPicture } from "./pictures.ts";

const [url, folder] = [inject("url"), inject("folder")];

type Line = Record<string, unknown> & { _aws?: { Timestamp: number } };

/** The measurements in a service's log that fit, of all that run on this system. */
async function measured(service: string, fits: (line: Line) => boolean): Promise<Line[]> {
  const text = await readFile(join(folder, "logs", `${service}.log`), "utf8");
  // The last line may be under way.
  const whole = text.slice(0, text.lastIndexOf("\n")).split("\n");
  const lines = whole.filter((line) => line.startsWith("{") && line.includes('"_aws"'));
  return lines.map((line) => JSON.parse(line) as Line).filter(fits);
}

it("a picture is measured on its way, and its request's id is beside what is measured", async () => {
  const user = await signIn(url);
  const correlationId = `metrics-${crypto.randomUUID()}`;
  const bytes = await smallPicture(77);
  const form = await user.call<Form>("POST", "/v1/uploads", {
    body: { contentType: "image/jpeg", size: bytes.length, tags: ["measured"] },
    headers: { "X-Correlation-Id": correlationId },
  });
  expect((await sendForm(form.body, bytes)).status).toBe(201);
  const found = () => user.get<SearchPage>("/v1/search?tag=measured");
  await eventually(found, ({ body }) => body.total === 1);
  const elapsed = Date.now() - imageIdTime(form.body.imageId);

  const own = (metric: string) => (line: Line) =>
    metric in line && line.correlationId === correlationId;
  const some = (lines: Line[]) => lines.length > 0;
  const of = (service: string, metric: string) =>
    eventually(() => measured(service, own(metric)), some);
  expect(await of("upload", "UploadsAccepted")).toEqual([
    expect.objectContaining({ UploadsAccepted: 1, service: "upload" }),
  ]);
  expect(await of("upload", "UploadsArrived")).toHaveLength(1);
  const [ready] = await of("catalog", "TimeToReady");
  expect(ready?.TimeToReady).toBeGreaterThan(0);
  expect(ready?.TimeToReady).toBeLessThan(elapsed);

  const searchable = await eventually(
    () => measured("search", (line) => "TimeToSearchable" in line),
    some,
  );
  expect(searchable.every(({ service }) => service === "search")).toBe(true);
  expect(
    await eventually(() => measured("upload", (line) => "RelayLag" in line), some),
  ).not.toEqual([]);
  for (const service of ["upload", "catalog", "processing", "search"]) {
    const lines = await measured(service, () => true);
    expect(lines.some((line) => JSON.stringify(line).includes(user.id))).toBe(false);
  }
});
