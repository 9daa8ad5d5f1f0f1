// What can be done with a message: the tools that appear over it and the menu behind them.
import { html } from "../lib.js";
import { change, channel, state } from "../store.js";
import { attempt, replyTo, runCommand } from "../actions.js";
import { openThread } from "../ways.js";
import { localized } from "../words.js";
import { Icon } from "../icons.js";
import { EmojiPicker } from "./reactions.js";
import { Menu, openPopup } from "./popup.js";
import { NamePrompt } from "./threads.js";

const EPHEMERAL = 64;
const LOADING = 128;
const TEXT_CHANNEL = 0;

export function Tools({ message }) {
  if (message.flags & LOADING) return null;
  const here = channel(message.channel_id);
  const open = !(message.flags & EPHEMERAL) && !here?.archived;
  const react = (event) => openPopup(event.currentTarget, html`<${EmojiPicker} message=${message} />`, {
    label: "Add a reaction",
    side: "end",
  });
  const menu = (event) => openMenu(event.currentTarget, message);
  return html`<div class="tools" role="group" aria-label="Message actions">
    ${open && here?.can.react && html`<${Tool} label="Add a reaction" icon="smile" popup="dialog" onClick=${react} />`}
    ${open && here?.can.send && html`<${Tool} label="Reply" icon="reply" onClick=${() => replyTo(message)} />`}
    <${Tool} label="More" icon="dots" popup="menu" onClick=${menu} />
  </div>`;
}

function Tool({ label, icon, popup = null, onClick }) {
  return html`<button type="button" class="square" aria-label=${label} title=${label} aria-haspopup=${popup}
    onClick=${onClick}><${Icon} name=${icon} size="18" /></button>`;
}

export function openMenu(anchor, message, at = null) {
  const entries = [...own(message, anchor), ...apps(message), ...removal(message)];
  const menu = html`<${Menu} label="Message actions" entries=${entries} />`;
  openPopup(anchor, menu, { label: "Message actions", side: "end", at });
}

function own(message, anchor) {
  const here = channel(message.channel_id);
  const open = !(message.flags & EPHEMERAL) && !here?.archived;
  const mine = message.author.id === state.me.id;
  const entries = [];
  if (open && here?.can.send) entries.push({ label: "Reply", icon: "reply", run: () => replyTo(message) });
  if (open && mine) {
    entries.push({ label: "Edit message", icon: "edit", run: () => change((s) => (s.editing = message.id)) });
  }
  if (open && here?.can.pin) {
    const label = message.pinned ? "Unpin message" : "Pin message";
    entries.push({ label, icon: "pin", run: () => attempt("pin", { message: message.id }) });
  }
  if (open && here?.can.thread && here.kind === TEXT_CHANNEL && !message.thread) {
    const name = (message.content || "New thread").split("\n")[0].slice(0, 100);
    const begin = (given) => openThread({ message: message.id, name: given });
    const prompt = () => openPopup(anchor, html`<${NamePrompt} name=${name} onName=${begin} />`, {
      label: "Create a thread",
      side: "end",
    });
    entries.push({ label: "Create thread", icon: "thread", run: prompt });
  }
  if (message.content) {
    const copy = () => navigator.clipboard?.writeText(message.content);
    entries.push({ label: "Copy text", icon: "copy", run: copy });
  }
  return entries;
}

function apps(message) {
  const found = message.flags & EPHEMERAL ? [] : state.commands.filter((one) => one.type === 3);
  if (!found.length) return [];
  const entry = (one) => {
    const label = localized(one, "name", state.me.locale);
    return { label, icon: "bolt", run: () => runCommand(label, "menu", { name: one.name, message: message.id }) };
  };
  return [{ heading: "Apps" }, ...found.map(entry)];
}

function removal(message) {
  const private_ = Boolean(message.flags & EPHEMERAL);
  if (!private_ && message.author.id !== state.me.id && !channel(message.channel_id)?.can.manage) return [];
  const run = () => attempt("delete", { message: message.id });
  const label = private_ ? "Dismiss" : "Delete";
  return [{ heading: "Message" }, { label, icon: "trash", danger: !private_, run }];
}
