/** Which pictures are selected, and where a range begins. */
export interface Selected {
  ids: ReadonlySet<string>;
  /** The picture that was selected or taken out last. */
  anchor?: string;
}

export const nothing: Selected = { ids: new Set() };

export type SelectionChange =
  | { kind: "toggle"; imageId: string }
  /** From the anchor to here, both included, in the order of the list. */
  | { kind: "range"; imageId: string; order: string[] }
  | { kind: "all"; order: string[] }
  | { kind: "keep"; present: ReadonlySet<string> }
  | { kind: "none" };

/** What is selected after a click, a key, or a change of the list. */
export function select(selected: Selected, change: SelectionChange): Selected {
  switch (change.kind) {
    case "toggle": {
      const ids = new Set(selected.ids);
      if (!ids.delete(change.imageId)) ids.add(change.imageId);
      return { ids, anchor: change.imageId };
    }
    case "range": {
      const from = change.order.indexOf(selected.anchor ?? change.imageId);
      const to = change.order.indexOf(change.imageId);
      if (from < 0 || to < 0) return select(selected, { kind: "toggle", imageId: change.imageId });
      const range = change.order.slice(Math.min(from, to), Math.max(from, to) + 1);
      return { ids: new Set([...selected.ids, ...range]), anchor: change.imageId };
    }
    case "all":
      return { ids: new Set(change.order), anchor: change.order[0] };
    case "keep": {
      const ids = new Set([...selected.ids].filter((imageId) => change.present.has(imageId)));
      return ids.size === selected.ids.size ? selected : { ...selected, ids };
    }
    case "none":
      return nothing;
    default:
      return change satisfies never;
  }
}
