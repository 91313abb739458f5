/** How a command ends; scripts rely on these. */
export const ExitCode = {
  /** It did what was asked, and found nothing wrong. */
  done: 0,
  /** It did not, or what it looked at is not as it should be. */
  notGood: 1,
  /** It was asked in a way it does not understand. */
  misuse: 2,
  /** The system can't be reached, or does not let us in. */
  noAccess: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Why a command can't do what was asked: one sentence that says what to do. */
export class Failure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = ExitCode.notGood) {
    super(message);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}
