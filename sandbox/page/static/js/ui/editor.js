// Changing the words of an own message in its place: Enter saves, Escape leaves it as it was.
import { html, useEffect, useLayoutEffect, useRef } from "../lib.js";
import { change } from "../store.js";
import { attempt } from "../actions.js";
import { marked, unmarked } from "../naming.js";
import { dropDraft, useDraft } from "./drafts.js";

const MAX_CHARACTERS = 2000;

function draftOf(message) {
  return `edit ${message.id}`;
}

function stop(message) {
  dropDraft(draftOf(message));
  change((s) => (s.editing = null));
  document.querySelector("#composer-text")?.focus();
}

export function Editor({ message }) {
  const [{ text }, put] = useDraft(draftOf(message), { text: unmarked(message.content) });
  const leave = () => stop(message);
  const field = useRef(null);
  // Before anybody can type: done later, it would put the caret to the end of what they had selected meanwhile.
  useLayoutEffect(() => {
    field.current.focus();
    field.current.setSelectionRange(text.length, text.length);
  }, []);
  useEffect(() => {
    field.current.style.height = "0";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, 220)}px`;
  }, [text]);
  const empty = !text.trim() && !message.attachments.length;
  const save = async () => {
    if (empty || text.length > MAX_CHARACTERS) return;
    const said = marked(text.trim());
    if (said === message.content) leave();
    else if (await attempt("edit", { message: message.id, channel: message.channel_id, text: said })) leave();
  };
  const onKey = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  };
  return html`<div class="editor">
    <textarea ref=${field} rows="1" dir="auto" aria-label="Edit message" maxlength=${MAX_CHARACTERS} value=${text}
      onInput=${(event) => put({ text: event.target.value })} onKeyDown=${onKey}></textarea>
    <p class="hint">Escape to <button type="button" class="as-link" onClick=${leave}>cancel</button>
      <span> · </span>Enter to <button type="button" class="as-link" disabled=${empty} onClick=${save}>save</button></p>
  </div>`;
}
