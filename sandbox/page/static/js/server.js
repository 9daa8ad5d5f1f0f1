// The way to the sandbox: questions and actions as requests, everything that happens through one socket.
import { state } from "./store.js";
import { personInAddress } from "./memory.js";

const RETRY_MILLISECONDS = 1000;

export class Refused extends Error {
  constructor(reason) {
    super(reason.rule);
    Object.assign(this, reason);
  }
}
export class Silent extends Error {}
export class Away extends Error {}

function address(path, query = {}) {
  const parameters = new URLSearchParams({ as: state.me?.id ?? "", ...query });
  return `${path}?${parameters}`;
}

async function answer(promise) {
  let response;
  try {
    response = await promise;
  } catch {
    throw new Away();
  }
  const body = await response.json().catch(() => ({}));
  if (body.silent) throw new Silent();
  if (body.refused) throw new Refused(body.refused);
  if (!response.ok) throw new Refused({ rule: "status", subject: String(response.status), limit: null });
  return body;
}

export function ask(path, query) {
  return answer(fetch(address(path, query)));
}

// `files` is a list of [name, File]; the sandbox receives each under its name.
export function tell(path, body, files = []) {
  const form = new FormData();
  form.append("body", JSON.stringify(body));
  for (const [name, file] of files) form.append(name, file, file.name);
  return answer(fetch(address(path), { method: "POST", body: form }));
}

export async function suggestedFile(option, filename) {
  const response = await fetch(`suggested/${encodeURIComponent(option)}`);
  const blob = await response.blob();
  const kinds = { jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp", gif: "image/gif" };
  return new File([blob], filename, { type: kinds[filename.split(".").pop().toLowerCase()] ?? "" });
}

let socket = null;
export function connect(listener) {
  const url = new URL("socket", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({ name: personInAddress() ?? "" });
  const mine = new WebSocket(url);
  socket = mine;
  mine.onmessage = (event) => socket === mine && listener(JSON.parse(event.data));
  mine.onclose = () => {
    if (socket !== mine) return;
    listener({ kind: "lost" });
    setTimeout(() => socket === mine && waitAndConnect(listener), RETRY_MILLISECONDS);
  };
}

// A failed websocket is logged as an error by browsers; a fetch that is caught is quieter, so it feels the way first.
async function waitAndConnect(listener) {
  const alive = await fetch("workbench", { method: "HEAD" }).then(() => true, () => false);
  if (alive) connect(listener);
  else setTimeout(() => waitAndConnect(listener), RETRY_MILLISECONDS);
}
