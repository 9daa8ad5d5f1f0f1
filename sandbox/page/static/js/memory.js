// What outlives a reload: who this tab is (in its address), where it was and what was half typed (per tab), switches.
function read(storage, key, fallback) {
  try {
    return JSON.parse(storage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs convenience only.
  }
}

export const tab = {
  get: (key, fallback = null) => read(sessionStorage, key, fallback),
  set: (key, value) => write(sessionStorage, key, value),
  drop: (key) => write(sessionStorage, key, null),
};
export const browser = {
  get: (key, fallback = null) => read(localStorage, key, fallback),
  set: (key, value) => write(localStorage, key, value),
};

export function personInAddress() {
  return new URLSearchParams(location.search).get("as");
}

export function rememberPerson(name) {
  if (personInAddress() !== name) history.replaceState(null, "", addressFor(name));
}

export function addressFor(name) {
  return `?as=${encodeURIComponent(name)}`;
}
