/**
 * A peer's module, found beside this file. Its types are not there when ours are checked, so whoever
 * imports says what he uses.
 */
export async function importPeer<T>(name: string): Promise<T> {
  return (await import(name)) as T;
}
