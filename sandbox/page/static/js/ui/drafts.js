// What is half written, per person and place: words, typed options and chosen files, also over a reload.
import { useState } from "../lib.js";
import { tab } from "../memory.js";
import { packed, shelve, unpacked } from "../shelf.js";

const EMPTY = { text: "", files: [], command: null };
const drafts = new Map();

function restore(key, empty) {
  const kept = tab.get(`draft ${key}`);
  return kept ? { ...empty, ...unpacked(kept) } : empty;
}

function keep(key, draft) {
  drafts.set(key, draft);
  const after = packed(draft);
  shelve(tab.get(`draft ${key}`), after);
  tab.set(`draft ${key}`, after);
}

// What is half written in a place; the post of a forum is written under the same name.
export function placeKey(person, place) {
  return `${person.name} ${place.id}`;
}

export function moveDraft(from, to) {
  const draft = drafts.get(from) ?? restore(from, EMPTY);
  drafts.delete(from);
  tab.drop(`draft ${from}`);
  drafts.set(to, draft);
  tab.set(`draft ${to}`, packed(draft));
}

export function dropDraft(key) {
  drafts.delete(key);
  shelve(tab.get(`draft ${key}`), null);
  tab.drop(`draft ${key}`);
}

// The draft and a function that changes some of it, given the change or how to make it from what is there; a command
// is { path, values, shown, suggested }, the post of a forum has a title and tags as well, a form what `empty` has.
export function useDraft(key, empty = EMPTY) {
  const [draft, set] = useState(() => drafts.get(key) ?? restore(key, empty));
  const put = (patch) => {
    const before = drafts.get(key) ?? draft;
    const next = { ...before, ...(typeof patch === "function" ? patch(before) : patch) };
    keep(key, next);
    set(next);
  };
  return [draft, put];
}
