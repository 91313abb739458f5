/** How the program ends; the README lists them. */
export const ExitCode = {
  done: 0,
  /** Some of it, or all of it, was not done. */
  notDone: 1,
  /** The command line is not understood, or what it names is not there. */
  misuse: 2,
  /** No token, or one that does not do. */
  noAccess: 3,
  /** There is no such image. */
  notFound: 4,
  /** The service does not answer. */
  noAnswer: 5,
  /** Ctrl-C, as shells count it: 128 and the signal. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What ends a command with one sentence for its user. */
export class Failure extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = ExitCode.notDone) {
    super(sentence);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}
