/**
 * One line on stderr that says what is being done; on a terminal with the seconds that pass.
 *
 * @param {string} doing
 */
export function startProgress(doing) {
  const screen = process.stderr;
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  if (!screen.isTTY) {
    screen.write(`${doing}\n`);
    return {
      done: () => screen.write(`installed in ${seconds()}\n`),
      fail: () => undefined,
    };
  }
  const show = () => screen.write(`\r${doing} ${seconds()}`);
  show();
  const timer = setInterval(show, 1000);
  const end = () => {
    clearInterval(timer);
    show();
    screen.write("\n");
  };
  return { done: end, fail: end };
}
