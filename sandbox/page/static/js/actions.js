// What happens to the store when the sandbox tells something, and what a visitor sets in motion.
import { change, channel, channels, log, state, toast } from "./store.js";
import { ask, Away, connect, Refused, Silent, tell } from "./server.js";
import { personInAddress, rememberPerson, tab } from "./memory.js";
import { keepAddresses, renewAddresses, setHome } from "./addresses.js";
import { now, setNow } from "./clock.js";
import { explain } from "./words.js";
import { reopen, showModal } from "./opened.js";
import { moveDraft, placeKey } from "./ui/drafts.js";

const TYPING_MILLISECONDS = 9000;
const KEPT_ENTRIES = 500;

export function start() {
  connect(hear);
}

const HEARD = {
  hello: greet,
  lost: () => change((s) => (s.online = false)),
  clock: () => renewAddresses(),
  message: (told) => (told.is_new ? arrive(told.message) : update(told.message)),
  gone: (told) => vanish(told.channel_id, told.message_id),
  typing: (told) => type(`${told.channel_id}/${told.user_id}`),
  bot: (told) => {
    change((s) => (s.bot = { ...s.bot, connected: told.connected }));
    loadCommands();
  },
  commands: () => loadCommands(),
  places: (told) => change((s) => {
    keepAddresses(told.places);
    const before = s.me.roles.join();
    s.places = told.places;
    s.people = told.people;
    s.me = told.people.find((one) => one.id === s.me.id) ?? s.me;
    settle(s);
    if (s.me.roles.join() !== before) loadCommands();
  }),
  weather: (told) => state.bench && change((s) => (s.bench = { ...s.bench, ...told.weather })),
  entry: (told) => state.bench && change((s) => {
    s.bench = { ...s.bench, [told.log]: [...s.bench[told.log], told.entry].slice(-KEPT_ENTRIES) };
  }),
};

function hear(told) {
  if (told.now) setNow(told.now);
  HEARD[told.kind]?.(told);
}

function greet(told) {
  setHome(told.home);
  keepAddresses(told.places);
  const renewed = state.run !== null && state.run !== told.run;
  const before = renewed && state.me?.name === told.me.name ? channel() : null;
  change((s) => {
    Object.assign(s, { online: true, run: told.run, me: told.me, people: told.people, places: told.places });
    Object.assign(s, { bot: told.bot, suggestion: told.suggestion, popup: null });
    s.logs.clear();
    pages.clear();
    s.uses.clear();
    s.notices.clear();
    s.channelId ??= tab.get("channel");
    if (renewed) Object.assign(s, { modal: null, replyTo: null, editing: null });
    else reopen(s, told);
    if (before) moveTo(s, before);
    settle(s);
  });
  const wanted = personInAddress();
  rememberPerson(told.me.name);
  if (renewed) toast("The sandbox was started anew. What was said before is gone; everybody begins afresh.");
  else if (wanted && wanted !== told.me.name) toast(`There is nobody called ${wanted} here; you are ${told.me.name}.`);
  if (state.showWorkbench) loadBench();
}

// In a sandbox that was started anew, the channel of the same name, with what was half written in the one before.
function moveTo(s, before) {
  const same = s.places.guilds.flatMap((one) => one.channels).find((one) => one.name === before.name);
  const after = before.guild_id ? same : s.places.direct;
  if (!after) return;
  s.channelId = after.id;
  moveDraft(placeKey(s.me, before), placeKey(s.me, after));
}

// Make sure that the open channel exists and that its messages are there or on their way.
function settle(s) {
  const before = s.channelId;
  if (channel(s.channelWanted)) {
    s.channelId = s.channelWanted;
    s.channelWanted = null;
    tab.set("channel", s.channelId);
  }
  if (!channel(s.channelId)) {
    const all = s.places.guilds.flatMap((one) => one.channels);
    s.channelId = all.find((one) => one.kind === 0)?.id ?? s.places.direct?.id ?? null;
    if (before && s.channelId && s.logs.has(before)) toast("That channel was deleted.");
  }
  for (const id of s.logs.keys()) if (!channels().some((one) => one.id === id)) s.logs.delete(id);
  if (s.channelId && !s.logs.has(s.channelId)) loadHistory(s.channelId);
  if (before !== s.channelId || !s.commands.length) loadCommands();
}

export function openChannel(id) {
  tab.set("channel", id);
  change((s) => {
    s.channelId = id;
    s.replyTo = null;
    s.editing = null;
    s.channelWanted = null;
    s.panel = null;
    s.unread.delete(id);
    if (!s.logs.has(id)) loadHistory(id);
  });
  loadCommands();
}

// The page of messages before those that are here; false when it could not be had.
const pages = new Map(); // channel id -> the page on its way
export function loadHistory(id) {
  if (pages.has(id)) return pages.get(id);
  const page = loadPage(id).finally(() => pages.get(id) === page && pages.delete(id));
  pages.set(id, page);
  return page;
}

async function loadPage(id) {
  const known = state.logs.get(id);
  change((s) => s.logs.set(id, { messages: known?.messages ?? [], more: false, loading: true }));
  try {
    const before = known?.messages[0]?.id;
    const page = await ask("history", { channel: id, ...(before ? { before } : {}) });
    change((s) => {
      const newer = s.logs.get(id)?.messages ?? [];
      const have = new Set(newer.map((one) => one.id));
      const messages = [...page.messages.filter((one) => !have.has(one.id)).map(keepAddresses), ...newer];
      s.logs.set(id, { messages, more: page.more, loading: false });
    });
    return true;
  } catch (error) {
    change((s) => s.logs.delete(id));
    complain(error);
    return false;
  }
}

export async function loadCommands() {
  const id = state.channelId;
  if (!id || !state.me) return;
  try {
    const commands = await ask("commands", { channel: id });
    if (id === state.channelId) change((s) => (s.commands = commands));
  } catch (error) {
    if (!(error instanceof Away)) complain(error);
  }
}

function arrive(message) {
  change((s) => {
    s.typing.delete(`${message.channel_id}/${message.author.id}`);
    const known = s.logs.get(message.channel_id);
    if (known && !known.messages.some((one) => one.id === message.id)) {
      known.messages = [...known.messages, keepAddresses(message)];
    }
    if (message.channel_id !== s.channelId || document.hidden) note(s, message);
  });
}

function note(s, message) {
  if (message.author.id === s.me.id) return;
  const before = s.unread.get(message.channel_id) ?? { count: 0, rings: 0 };
  s.unread.set(message.channel_id, { count: before.count + 1, rings: before.rings + (message.rings ? 1 : 0) });
}

function update(message) {
  change((s) => {
    const known = s.logs.get(message.channel_id);
    if (!known) return;
    keepAddresses(message);
    known.messages = known.messages.map((one) => (one.id === message.id ? message : one));
  });
}

function vanish(channelId, messageId) {
  change((s) => {
    const known = s.logs.get(channelId);
    if (known) known.messages = known.messages.filter((one) => one.id !== messageId);
    if (s.replyTo === messageId) s.replyTo = null;
    if (s.editing === messageId) s.editing = null;
  });
}

function type(key) {
  change((s) => s.typing.set(key, Date.now() + TYPING_MILLISECONDS));
  setTimeout(() => change((s) => s.typing.get(key) <= Date.now() && s.typing.delete(key)), TYPING_MILLISECONDS + 50);
}

export function complain(error) {
  if (error instanceof Refused) toast(explain(error));
  else if (error instanceof Silent) toast("The application did not respond.");
  else if (error instanceof Away) toast("The sandbox is not running. This page waits for it.");
  else throw error;
}

export async function act(action, body, files) {
  const outcome = await tell(`act/${action}`, { channel: state.channelId, ...body }, files);
  if (outcome.modal) showModal(outcome.modal);
  return outcome;
}

// Do it and tell the visitor if it is refused; what came of it, or null when it was refused.
export async function attemptFor(action, body, files) {
  try {
    return await act(action, body, files);
  } catch (error) {
    complain(error);
    return null;
  }
}

export async function attempt(action, body, files) {
  return (await attemptFor(action, body, files)) !== null;
}

// A click or a choice in a message: pending until answered, failed when the bot stayed silent.
export async function useComponent(message, customId, action, body = {}) {
  const key = `${message.id}/${customId}`;
  change((s) => s.uses.set(key, "pending"));
  try {
    await act(action, { channel: message.channel_id, message: message.id, custom_id: customId, ...body });
    change((s) => s.uses.delete(key));
  } catch (error) {
    if (error instanceof Silent) {
      change((s) => s.uses.set(key, "failed"));
    } else {
      change((s) => s.uses.delete(key));
      complain(error);
    }
  }
}

// A command stands in the channel, for this client only, until the bot has answered or has not.
export async function runCommand(label, action, body, files) {
  const here = state.channelId;
  const notice = { key: `notice-${Date.now()}-${Math.random()}`, label, state: "pending",
    at: new Date(now() * 1000).toISOString() };
  change((s) => s.notices.set(here, [...(s.notices.get(here) ?? []), notice]));
  try {
    await act(action, body, files);
    dismissNotice(here, notice.key);
    return true;
  } catch (error) {
    if (error instanceof Silent) {
      const failed = (one) => (one.key === notice.key ? { ...one, state: "failed" } : one);
      change((s) => s.notices.set(here, s.notices.get(here)?.map(failed) ?? []));
      return true;
    }
    dismissNotice(here, notice.key);
    complain(error);
    return false;
  }
}

export function dismissNotice(channelId, key) {
  change((s) => s.notices.set(channelId, (s.notices.get(channelId) ?? []).filter((one) => one.key !== key)));
}

export function replyTo(message) {
  change((s) => (s.replyTo = message?.id ?? null));
  document.querySelector("#composer-text")?.focus();
}

export async function loadBench() {
  try {
    const bench = await ask("workbench");
    change((s) => (s.bench = bench));
  } catch (error) {
    complain(error);
  }
}

export async function alterBench(what, body = {}) {
  try {
    const weather = await tell(`workbench/${what}`, { channel: state.channelId, ...body });
    change((s) => s.bench && (s.bench = { ...s.bench, ...weather }));
  } catch (error) {
    complain(error);
    if (error instanceof Refused) loadBench();
  }
}

export function messageById(id) {
  return log().messages.find((one) => one.id === id) ?? null;
}
