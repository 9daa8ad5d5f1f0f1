// Chosen files over a reload: what is half written names them by number, and the browser's database holds the bytes.
import { tab } from "./memory.js";

const KEPT_MILLISECONDS = 2 * 24 * 3600 * 1000;
const PATIENCE_MILLISECONDS = 2000;
// As a key it cannot be mistaken for one that a bot chose for a field.
const KEY = "\u0000file";
const NAMED = /"\\u0000file":"([^"]+)"/g;
const numbers = new WeakMap(); // File -> its name on the shelf
const files = new Map(); // the other way round, for what lies on it
let shelf = null;

function mine() {
  if (!tab.get("tab")) tab.set("tab", crypto.randomUUID());
  return tab.get("tab");
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function rows(mode) {
  return shelf.transaction("files", mode).objectStore("files");
}

async function open() {
  const opening = indexedDB.open("sandbox", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("files");
  shelf = await done(opening);
  for (const key of await done(rows("readonly").getAllKeys())) {
    const { file, at } = await done(rows("readonly").get(key));
    if (at < Date.now() - KEPT_MILLISECONDS) rows("readwrite").delete(key);
    else if (String(key).startsWith(`${mine()} `)) hold(key, file);
  }
}

function hold(key, file) {
  numbers.set(file, key);
  files.set(key, file);
}

// What lay there before the reload; a browser without a database forgets files and nothing else.
export function openShelf() {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS));
  return Promise.race([open().catch(() => {}), late]);
}

// The same with a name in the place of every file, fit for JSON.
export function packed(thing) {
  if (thing instanceof File) {
    hold(numbers.get(thing) ?? `${mine()} ${crypto.randomUUID()}`, thing);
    return { [KEY]: numbers.get(thing) };
  }
  if (Array.isArray(thing)) return thing.map(packed);
  if (!thing || typeof thing !== "object") return thing;
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, packed(value)]));
}

// And back; a file that is not there any more leaves no gap.
export function unpacked(thing) {
  if (Array.isArray(thing)) return thing.map(unpacked).filter((one) => one !== undefined);
  if (!thing || typeof thing !== "object") return thing;
  if (thing[KEY]) return files.get(thing[KEY]);
  const entries = Object.entries(thing).map(([key, value]) => [key, unpacked(value)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function namesIn(thing) {
  return new Set([...JSON.stringify(thing ?? null).matchAll(NAMED)].map(([, name]) => name));
}

// Put on the shelf what one packed thing names and take away what only the one before it did.
export function shelve(before, after) {
  const [old, now] = [namesIn(before), namesIn(after)];
  if (!old.size && !now.size) return;
  const store = shelf && rows("readwrite");
  for (const name of now) if (!old.has(name)) store?.put({ file: files.get(name), at: Date.now() }, name);
  for (const name of old) {
    if (now.has(name)) continue;
    files.delete(name);
    store?.delete(name);
  }
}
