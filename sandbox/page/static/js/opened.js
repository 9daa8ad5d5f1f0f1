// What is open in this tab: the bot's form, the message that is answered or changed. It stays so over a reload, for the
// same person and while the sandbox runs that knows it.
import { change, state } from "./store.js";
import { tab } from "./memory.js";
import { dropDraft } from "./ui/drafts.js";

export function showModal(modal) {
  closeModal();
  tab.set("modal", { run: state.run, person: state.me.id, modal });
  change((s) => (s.modal = modal));
}

export function closeModal() {
  if (state.modal) dropDraft(modalKey(state.modal));
  tab.drop("modal");
  change((s) => (s.modal = null));
}

export function modalKey(modal) {
  return `form ${modal.interaction}`;
}

function kept(name, told) {
  const found = tab.get(name);
  return found?.run === told.run && found.person === told.me.id ? found : null;
}

export function reopen(s, told) {
  s.modal ??= kept("modal", told)?.modal ?? null;
  const about = kept("about", told);
  if (about?.channel !== s.channelId) return;
  s.replyTo ??= about.replyTo;
  s.editing ??= about.editing;
}

let noted = "";
export function noteOpen() {
  if (!state.me) return;
  const about = { run: state.run, person: state.me.id, channel: state.channelId, replyTo: state.replyTo,
    editing: state.editing };
  const text = JSON.stringify(about);
  if (text !== noted) tab.set("about", about);
  noted = text;
}
