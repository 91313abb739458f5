/** A rule and its one target, as the programs declare them. */
export interface RuleSpec {
  name: string;
  arn: string;
  bus: string;
  /** JSON; a rule has a pattern or a schedule. */
  pattern: string | undefined;
  /** Such as `rate(5 minutes)`. */
  schedule: string | undefined;
  queueArn: string;
  deadLetterArn: string | undefined;
  /** What the target gets in place of the event. */
  input: string | undefined;
}

export interface ArchiveSpec {
  arn: string;
  busArn: string;
  pattern: string | undefined;
  /** Milliseconds. */
  retention: number;
}
