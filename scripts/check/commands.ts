/** `npm run demo`, `npm start`, `npm --silent start`: a command that must be one of the project's scripts. */
const COMMAND = /\bnpm (?:--?[\w-]+ )*(?:run ([\w:-]+)|(start|test)\b)/g;

/**
 * The npm commands of a Markdown page that do not exist, each as `file:line: sentence`.
 *
 * @param scripts the names under "scripts" in package.json
 */
export function findCommandFaults(file: string, text: string, scripts: string[]): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(COMMAND)]
        .filter(([, run, short]) => !scripts.includes(run ?? short ?? ""))
        .map(([command]) => `${file}:${index + 1}: package.json has no such script: ${command}`),
    );
}
