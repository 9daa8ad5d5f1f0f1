// Signed addresses of files: the same while they are good, as another would load a picture again and start a clip over,
// and renewed when their day is over, as looking at an old one fails.
import { change, state } from "./store.js";
import { ask } from "./server.js";
import { now } from "./clock.js";

const NAMES = ["url", "proxy_url", "icon_url", "proxy_icon_url", "picture"];
const MARGIN_SECONDS = 30;
const known = new Map(); // path of a file -> its address
let home = location.origin;

// The sandbox's own idea of where it is; this page may have reached it by another name, and looks there for its files.
export function setHome(origin) {
  home = origin;
}

function isGood(address) {
  return parseInt(new URL(address).searchParams.get("ex") ?? "0", 16) > now() + MARGIN_SECONDS;
}

function kept(address) {
  const here = location.origin + address.slice(home.length);
  const [path] = here.split("?");
  if (!known.has(path) || !isGood(known.get(path))) known.set(path, here);
  return known.get(path);
}

// Change the addresses anywhere in what the sandbox told, in place.
export function keepAddresses(told) {
  for (const [name, value] of Object.entries(told)) {
    if (value && typeof value === "object") keepAddresses(value);
    else if (NAMES.includes(name) && String(value).startsWith(`${home}/`)) told[name] = kept(value);
  }
  return told;
}

function isOver(message) {
  return message.attachments.some((one) => !isGood(one.url));
}

let renewing = false;
export async function renewAddresses() {
  const due = [...state.logs].filter(([, { messages }]) => messages.some(isOver));
  if (renewing || !due.length) return;
  renewing = true;
  try {
    for (const [id, { messages }] of due) renew(id, await again(id, messages[0].id));
  } catch {
    // What cannot be had now is tried again with the next beat of the clock.
  } finally {
    renewing = false;
  }
}

// The messages of a channel from the newest back to one of them, as the sandbox tells them now.
async function again(id, oldest) {
  const fresh = new Map();
  for (let page = { more: true, messages: [] }; page.more && !fresh.has(oldest);) {
    const before = page.messages[0]?.id;
    page = await ask("history", { channel: id, ...(before ? { before } : {}) });
    for (const message of page.messages) fresh.set(message.id, keepAddresses(message));
  }
  return fresh;
}

function renew(id, fresh) {
  change((s) => {
    const log = s.logs.get(id);
    if (log) log.messages = log.messages.map((one) => fresh.get(one.id) ?? one);
  });
}
