/** Bytes of an upload that are on their way or there. It goes back when a part has to be sent again. */
export interface Progress {
  loaded: number;
  total: number;
}

/** Adds up what each piece (a part, or the one form) reports of itself. */
export function progressOf(total: number, onProgress: ((progress: Progress) => void) | undefined) {
  const pieces = new Map<number, number>();
  return {
    /** @param size bytes of the piece; what a form has around the file is not counted */
    set(piece: number, sent: number, size: number): void {
      const before = pieces.get(piece) ?? 0;
      const now = Math.min(sent, size);
      pieces.set(piece, now);
      if (now === before) return;
      const loaded = [...pieces.values()].reduce((sum, bytes) => sum + bytes, 0);
      onProgress?.({ loaded, total });
    },
  };
}

export type ProgressCount = ReturnType<typeof progressOf>;
