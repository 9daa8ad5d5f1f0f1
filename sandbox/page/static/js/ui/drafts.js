// What is half written, per person and channel: all of it while the page lives, words and typed options over a reload.
import { useState } from "../lib.js";
import { tab } from "../memory.js";

const EMPTY = { text: "", files: [], command: null };
const drafts = new Map();

function restore(key) {
  const kept = tab.get(`draft ${key}`);
  return kept ? { ...EMPTY, ...kept } : EMPTY;
}

function keep(key, draft) {
  drafts.set(key, draft);
  const values = Object.entries(draft.command?.values ?? {}).filter(([, value]) => !(value instanceof File));
  const command = draft.command && { ...draft.command, values: Object.fromEntries(values) };
  tab.set(`draft ${key}`, { ...draft, files: [], command });
}

// The draft and a function that changes some of it, given the change or how to make it from what is there; a command
// is { path, values, shown, suggested }, the post of a forum has a title and tags as well.
export function useDraft(key) {
  const [draft, set] = useState(() => drafts.get(key) ?? restore(key));
  const put = (patch) => {
    const before = drafts.get(key) ?? draft;
    const next = { ...before, ...(typeof patch === "function" ? patch(before) : patch) };
    keep(key, next);
    set(next);
  };
  return [draft, put];
}
