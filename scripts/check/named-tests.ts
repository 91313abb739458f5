/** A test file, and the title of a test in it where one follows, as our pages name them. */
const NAMED = /`([\w./-]+\.test\.m?ts)`(?:: "([^"]+)")?/g;

/**
 * Tests that a page names and that there are not, each as `file:line: sentence`: what a page says is
 * shown by a test stays so.
 *
 * @param read the text of a file of the repository; undefined when there is none
 */
export function findNamedTestFaults(
  file: string,
  text: string,
  read: (path: string) => string | undefined,
): string[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(NAMED)].flatMap(([, path = "", title]) => {
      // A page may name what lies beside it by its name alone.
      const test = read(path) ?? read(`${file.slice(0, file.lastIndexOf("/") + 1)}${path}`);
      const at = `${file}:${index + 1}`;
      if (test === undefined) return [`${at}: there is no test file ${path}`];
      if (title === undefined || test.includes(title)) return [];
      return [`${at}: ${path} has no test "${title}"`];
    }),
  );
}
