// Where one types: plain messages with files and replies, the palette of commands after a slash, a command's form.
import { html, useEffect, useRef, useState } from "../lib.js";
import { change, nameOf, state, toast } from "../store.js";
import { act, attempt, complain, messageById } from "../actions.js";
import { suggestedFile } from "../server.js";
import { browser } from "../memory.js";
import { brief } from "../markdown.js";
import { marked, meant } from "../naming.js";
import { Icon } from "../icons.js";
import { matching, named, typable } from "./catalogue.js";
import { CommandForm } from "./command.js";
import { commandRow, Palette } from "./palette.js";
import { placeKey, useDraft } from "./drafts.js";
import { fitting, Thumbnail, useIncoming } from "./files.js";

const MAX_CHARACTERS = 2000;
const MAX_FILES = 10;
const TYPING_EVERY_MILLISECONDS = 8000;

export function Composer({ here }) {
  const [draft, put] = useDraft(placeKey(state.me, here));
  useSuggestion(here, draft, put);
  useWanted(put);
  const entry = draft.command && typable().find((one) => one.path === draft.command.path);
  if (!here.can.send && !here.can.command) {
    return html`<div class="composer">
      <p class="closed">${here.locked ? "This thread is locked." : "You may not write here."}</p></div>`;
  }
  if (draft.command && entry) {
    const leave = ({ sent }) => {
      if (draft.command.suggested || sent) markSuggested();
      put({ command: null, text: "" });
      requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector("#composer-text")?.focus()));
    };
    return html`<div class="composer">
      <${CommandForm} key=${entry.path} entry=${entry} command=${draft.command}
      onChange=${(command) => put({ command })} onLeave=${leave} /></div>`;
  }
  return html`<div class="composer"><${Writer} here=${here} draft=${draft} put=${put} /></div>`;
}

function suggestionKey() {
  return `suggested ${state.run} ${state.me.name}`;
}

function markSuggested() {
  browser.set(suggestionKey(), true);
}

// For somebody who has done nothing yet, the command that the sandbox was started with stands ready.
function useSuggestion(here, draft, put) {
  const wanted = state.suggestion;
  const known = wanted && typable().some((one) => one.path === wanted.command);
  const idle = !draft.text && !draft.command && !draft.files.length;
  const due = Boolean(known && idle && here.kind === 0 && !browser.get(suggestionKey(), false));
  const lacking = Boolean(known && draft.command?.suggested
    && Object.keys(wanted.files).some((name) => !draft.command.values[name]));
  useEffect(() => {
    if (!due && !lacking) return undefined;
    let gone = false;
    const fill = async () => {
      const values = { ...wanted.options };
      for (const [name, filename] of Object.entries(wanted.files)) values[name] = await suggestedFile(name, filename);
      const options = typable().find((one) => one.path === wanted.command)?.options ?? [];
      const shown = options.filter((one) => !one.required && one.name in values).map((one) => one.name);
      if (!gone) put({ command: { path: wanted.command, values: { ...values, ...(draft.command?.values ?? {}) }, shown,
        suggested: true } });
    };
    fill().catch(complain);
    return () => {
      gone = true;
    };
  }, [due, lacking]);
}

function begun(entry) {
  return { path: entry.path, values: {}, shown: [], suggested: false };
}

// The command whose mention in a message was pressed.
function useWanted(put) {
  const wanted = state.commandWanted;
  useEffect(() => {
    if (!wanted) return;
    const entry = typable().find((one) => one.path === wanted);
    if (entry) put({ command: begun(entry) });
    else toast(`There is no command /${wanted} here.`);
    change((s) => (s.commandWanted = null));
  }, [wanted]);
}

let typedAt = 0;
function tellTyping() {
  if (Date.now() - typedAt < TYPING_EVERY_MILLISECONDS) return;
  typedAt = Date.now();
  act("typing", {}).catch(() => {});
}

function Writer({ here, draft, put }) {
  const field = useRef(null);
  const picker = useRef(null);
  const [active, setActive] = useState(0);
  const [shut, setShut] = useState(false);
  const slash = /^\/[^\n]*$/.test(draft.text) && here.can.command && !shut;
  const found = slash ? matching(draft.text.slice(1)) : shut ? [] : meant(draft.text);
  const reply = state.replyTo && messageById(state.replyTo);
  useEffect(() => setActive(0), [draft.text]);
  useEffect(() => {
    field.current.style.height = "0";
    field.current.style.height = `${Math.min(field.current.scrollHeight, 220)}px`;
  }, [draft.text]);
  const addFiles = (list) => {
    if (draft.files.length + list.length > MAX_FILES) toast(`A message takes at most ${MAX_FILES} files.`);
    put((before) => ({ files: [...before.files, ...fitting(list)].slice(0, MAX_FILES) }));
  };
  useIncoming((list) => here.can.attach && addFiles(list));
  const begin = (entry) => put({ text: "", command: begun(entry) });
  const pick = (index) => (slash ? begin(found[index]) : put({ text: found[index].text }));
  const send = async () => {
    const text = draft.text.trim();
    if (!text && !draft.files.length) return;
    if (text.length > MAX_CHARACTERS) return;
    const before = draft;
    const body = { text: marked(text), ...(reply ? { reply_to: reply.id } : {}) };
    put({ text: "", files: [] });
    change((s) => (s.replyTo = null));
    if (!(await attempt("say", body, before.files.map((file, index) => [`file-${index}`, file])))) put(before);
  };
  const onKey = (event) => {
    if (found.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActive((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (found.length && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey) {
      event.preventDefault();
      pick(found[active] ? active : 0);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!slash) send();
    } else if (event.key === "Escape") {
      if (slash || found.length) setShut(true);
      else change((s) => (s.replyTo = null));
    } else if (event.key === "ArrowUp" && !draft.text) {
      document.querySelector(".message[tabindex='0']")?.focus();
    }
  };
  const onInput = (event) => {
    setShut(false);
    const entry = here.can.command && named(event.target.value);
    if (entry) return begin(entry);
    put({ text: event.target.value });
    if (event.target.value && !event.target.value.startsWith("/")) tellTyping();
  };
  const over = draft.text.length - MAX_CHARACTERS;
  return html`
    ${slash && html`<${Palette} title="Commands" rows=${found.map(commandRow)} active=${active} onPick=${pick}
      empty=${state.commands.length ? "No command fits." : "The application has registered no commands yet."} />`}
    ${!slash && found.length > 0 && html`<${Palette} title="Mention" active=${active} onPick=${pick}
      rows=${found.map((one) => ({ key: one.mark, head: html`<bdi>${one.name}</bdi>` }))} />`}
    ${reply && html`<div class="replying"><${Icon} name="reply" size="16" />
      <span>Replying to <b><bdi>${nameOf(reply.author.id)}</bdi></b> <span class="quote">${brief(reply)}</span></span>
      <button type="button" class="square" aria-label="Stop replying"
        onClick=${() => change((s) => (s.replyTo = null))}><${Icon} name="close" size="16" /></button></div>`}
    ${draft.files.length > 0
      && html`<ul class="tray" aria-label="Files to send">
      ${draft.files.map((file, index) =>
      html`<li key=${`${file.name}-${index}`}><${Thumbnail} file=${file} /><span class="file-name">${file.name}</span>
      <button type="button" class="square" aria-label=${`Take out ${file.name}`}
        onClick=${() => put({ files: draft.files.filter((_, at) => at !== index) })}><${Icon} name="close" size="16" />
        </button></li>`)}</ul>`}
    <div class="writer">
      <input ref=${picker} type="file" multiple hidden tabindex="-1" data-field="message"
        onChange=${(event) => { addFiles(event.target.files); event.target.value = ""; }} />
      <button type="button" class="square" aria-label="Attach files" title="Attach files" disabled=${!here.can.attach}
        onClick=${() => picker.current.click()}><${Icon} name="plus" /></button>
      <textarea ref=${field} id="composer-text" rows="1" dir="auto" placeholder=${invitation(here)} value=${draft.text}
        aria-label=${`Message ${here.name}`} role="combobox" aria-autocomplete="list" aria-haspopup="listbox"
          aria-expanded=${Boolean(slash || found.length)} aria-controls="palette"
          aria-activedescendant=${found.length ? `palette-${active}` : null}
        onInput=${onInput} onKeyDown=${onKey}></textarea>
      ${over > -200 && html`<span class=${over > 0 ? "count over" : "count"} aria-live="polite">${-over}</span>`}
      <button type="button" class="square" aria-label="Commands" title="Commands"
        onClick=${() => { setShut(false); put({ text: "/" }); field.current.focus(); }}><${Icon} name="slash" />
        </button>
      <button type="button" class="square go" aria-label="Send" title="Send (Enter)"
        disabled=${(!draft.text.trim() && !draft.files.length) || over > 0 || slash || !here.can.send} onClick=${send}>
        <${Icon} name="send" /></button>
    </div>`;
}

function invitation(here) {
  if (!here.can.send) return "Type / for commands";
  if (here.archived) return "This thread is closed; writing opens it again";
  const to = `Message ${here.guild_id && !here.is_thread ? "#" : ""}${here.name}`;
  return matchMedia("(max-width: 599px)").matches ? to : `${to}, or type / for commands`;
}
