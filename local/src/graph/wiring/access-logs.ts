import { at, type Graph } from "./graph.ts";

/** S3 drops access logs without a word where it may not write them. */
export function accessLogsAreWritten(graph: Graph): string[] {
  return graph.ofType("aws:s3/bucketLogging:BucketLogging").flatMap((logging) => {
    const target = logging.inputs.targetBucket;
    const declared = graph
      .ofType("aws:s3/bucket:Bucket")
      .some((bucket) => bucket.inputs.bucket === target);
    const allowed = graph
      .ofType("aws:s3/bucketPolicy:BucketPolicy")
      .some(
        ({ inputs }) =>
          inputs.bucket === target && String(inputs.policy).includes("logging.s3.amazonaws.com"),
      );
    return declared && allowed ? [] : [`${at(logging)}: S3 may not write logs to ${target}`];
  });
}
