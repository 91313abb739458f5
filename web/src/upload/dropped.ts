/** Files that a browser gives of a folder at once. */
interface Reader {
  readEntries(done: (entries: FileSystemEntry[]) => void, failed: (error: unknown) => void): void;
}

/** Every file that was dropped, also those inside of folders; hidden ones of the system are left out. */
export async function filesOf({ items, files }: DataTransfer): Promise<File[]> {
  // What is dropped is gone when this event is over: the entries have to be taken right now.
  const entries = [...items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => !entry?.isDirectory)) return [...files];
  const found = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])));
  return found.flat().filter(({ name }) => !name.startsWith("."));
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      ),
    ];
  }
  const reader: Reader = (entry as FileSystemDirectoryEntry).createReader();
  const all: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    for (const inside of some) all.push(...(await filesIn(inside)));
  }
}
