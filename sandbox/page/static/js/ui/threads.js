// Threads: naming a new one, what may be done with an open one, and the links that lead into them.
import { html, useState } from "../lib.js";
import { channel, guild, nameOf, state } from "../store.js";
import { attempt, openChannel } from "../actions.js";
import { openThread } from "../ways.js";
import { Icon } from "../icons.js";
import { closePopup, Menu, openPopup } from "./popup.js";

const MAX_NAME = 100;

export function NamePrompt({ name = "", onName }) {
  const [given, setGiven] = useState(name);
  const send = (event) => {
    event.preventDefault();
    closePopup();
    onName(given.trim());
  };
  return html`<form class="prompt" onSubmit=${send}><label>Name of the thread
      <input value=${given} required maxlength=${MAX_NAME} dir="auto" autocomplete="off"
        onInput=${(event) => setGiven(event.target.value)} /></label>
    <div class="row-end"><button type="button" class="quiet" onClick=${closePopup}>Cancel</button>
      <button class="primary" disabled=${!given.trim()}>Create</button></div></form>`;
}

// A thread that a message began, or that was begun in the channel.
export function ThreadLink({ id, name }) {
  const known = channel(id);
  const state_ = !known ? "gone" : known.locked ? "Locked" : known.archived ? "Closed" : "Open the thread";
  return html`<button type="button" class="thread-link" disabled=${!known} onClick=${() => openChannel(id)}>
    <${Icon} name="thread" size="16" /><b><bdi>${known?.name ?? name}</bdi></b><span>${state_}</span></button>`;
}

export function ThreadMarks({ place }) {
  return html`${place.pinned && html`<span class="chip">Pinned</span>`}
    ${place.archived && html`<span class="chip plain">Closed</span>`}
    ${place.locked && html`<span class="chip plain">Locked</span>`}`;
}

// The way back and the menu of an open thread, in the title.
export function ParentLink({ here }) {
  const parent = channel(here.parent_id);
  if (!parent) return null;
  return html`<button type="button" class="parent as-link" aria-label=${`Back to ${parent.name}`}
    onClick=${() => openChannel(parent.id)}><bdi>${parent.name}</bdi></button><span aria-hidden="true">›</span>`;
}

export function ThreadMenu({ here }) {
  const keep = (given) => attempt("keep", given);
  const moderates = here.can.moderate;
  const entries = [];
  if (moderates || (here.owner_id === state.me.id && !here.locked)) {
    const label = here.archived ? "Reopen the thread" : "Close the thread";
    entries.push({ label, icon: here.archived ? "check" : "close", run: () => keep({ archived: !here.archived }) });
  }
  if (moderates) {
    const label = here.locked ? "Unlock the thread" : "Lock the thread";
    entries.push({ label, icon: "lock", run: () => keep({ locked: !here.locked }) });
  }
  if (!entries.length) return null;
  const menu = html`<${Menu} label="Thread actions" entries=${entries} />`;
  const open = (event) => openPopup(event.currentTarget, menu, { label: "Thread actions", side: "end" });
  return html`<button type="button" class="square" aria-label="Thread actions" title="Thread actions"
    aria-haspopup="menu" onClick=${open}><${Icon} name="dots" /></button>`;
}

// The threads of a channel, closed ones too, and the way to begin one at no message.
export function ThreadsButton({ here }) {
  const open = (event) => {
    const anchor = event.currentTarget;
    openPopup(anchor, () => html`<${Threads} here=${here} anchor=${anchor} />`, { label: "Threads", side: "end" });
  };
  return html`<button type="button" class="square" aria-haspopup="dialog" aria-label="Threads" title="Threads"
    onClick=${open}><${Icon} name="thread" /></button>`;
}

function Threads({ here, anchor }) {
  const threads = (guild()?.channels ?? []).filter((one) => one.parent_id === here.id && one.is_thread);
  const shown = threads.sort((a, b) => a.archived - b.archived || b.active_at - a.active_at);
  const go = (id) => {
    closePopup();
    openChannel(id);
  };
  const create = () => {
    closePopup();
    const prompt = html`<${NamePrompt} onName=${(name) => openThread({ name })} />`;
    openPopup(anchor, prompt, { label: "Create a thread", side: "end" });
  };
  return html`<div class="pins threads"><h2>Threads</h2>
    ${shown.length === 0 && html`<p class="hint">There is no thread here yet.</p>`}
    <ul>${shown.map((one) => html`<li key=${one.id}><button type="button" onClick=${() => go(one.id)}>
      <b><bdi>${one.name}</bdi></b><${ThreadMarks} place=${one} /></button></li>`)}</ul>
    ${here.can.thread && html`<button type="button" class="quiet wide" onClick=${create}>
      <${Icon} name="plus" size="18" />Create thread</button>`}</div>`;
}

// The line in a channel that tells of a thread begun at no message.
export function Begun({ message, last }) {
  return html`<article id=${`m-${message.id}`} class="message system" tabindex=${last ? 0 : -1}>
    <${Icon} name="thread" size="18" /><div><p><b><bdi>${nameOf(message.author.id)}</bdi></b> started a thread.</p>
    <${ThreadLink} id=${message.message_reference.channel_id} name=${message.content} /></div></article>`;
}
