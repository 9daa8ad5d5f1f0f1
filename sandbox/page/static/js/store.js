// What this tab knows; `change` is the only way to alter it and draws the page again, once per frame.
export const state = {
  online: false,
  run: null,
  me: null,
  people: [],
  places: { guilds: [], direct: null, users: {} },
  bot: { id: "", connected: false },
  suggestion: null,
  channelId: null,
  logs: new Map(), // channel id -> { messages, more, loading }
  commands: [],
  notices: new Map(), // channel id -> what only this client shows: pending and failed commands
  uses: new Map(), // `${message id}/${custom id}` -> "pending" | "failed"
  typing: new Map(), // `${channel id}/${user id}` -> until (milliseconds)
  unread: new Map(), // channel id -> { count, rings }
  replyTo: null,
  editing: null, // the message whose words are being changed
  channelWanted: null, // a thread that was opened here and is shown as soon as it is known
  commandWanted: null, // the path of a command whose mention was pressed, until the composer takes it up
  modal: null,
  popup: null,
  lightbox: null,
  toasts: [],
  panel: null, // "places" | "members" over the conversation, on screens too narrow for both
  showMembers: true,
  showWorkbench: false,
  bench: null,
};

let draw = () => {};
let due = false;
let waiting = [];

export function onDraw(callback) {
  draw = callback;
}

export function change(alter) {
  alter(state);
  if (due) return;
  due = true;
  const go = () => {
    due = false;
    draw();
    const told = waiting;
    waiting = [];
    for (const tell of told) tell();
  };
  // A hidden tab gets no frames, but its title and unread marks go on.
  if (document.hidden) setTimeout(go, 0);
  else requestAnimationFrame(go);
}

// When everything that was changed so far stands on the page.
export function drawn() {
  return new Promise((done) => {
    waiting.push(done);
    change(() => {});
  });
}

export function channels() {
  const all = state.places.guilds.flatMap((guild) => guild.channels);
  return state.places.direct ? [...all, state.places.direct] : all;
}

export function channel(id = state.channelId) {
  return channels().find((one) => one.id === id) ?? null;
}

export function guild() {
  const here = channel();
  return state.places.guilds.find((one) => one.id === here?.guild_id) ?? state.places.guilds[0] ?? null;
}

export function member(userId) {
  return guild()?.members.find((one) => one.id === userId) ?? null;
}

// Which panel covers the conversation: the workbench does on narrow screens.
export function panelOver() {
  return state.panel ?? (state.showWorkbench && matchMedia("(max-width: 899px)").matches ? "workbench" : null);
}

export function nameOf(userId) {
  return member(userId)?.nick ?? state.places.users[userId]?.name ?? "unknown";
}

export function log(channelId = state.channelId) {
  return state.logs.get(channelId) ?? { messages: [], more: false, loading: true };
}

let toastKey = 0;
export function toast(text) {
  const key = ++toastKey;
  change((s) => s.toasts.push({ key, text }));
  setTimeout(() => change((s) => (s.toasts = s.toasts.filter((one) => one.key !== key))), 7000);
}
