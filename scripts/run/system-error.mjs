/**
 * Whether an error is the operating system's, of this code ("ENOENT").
 *
 * @param {unknown} error
 * @param {string} code
 */
export function isSystemError(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
