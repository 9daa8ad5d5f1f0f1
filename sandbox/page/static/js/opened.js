// The form that the bot has opened for this person: it stays open over a reload, while the sandbox runs that knows it.
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

export function keptModal(told) {
  const kept = tab.get("modal");
  return kept?.run === told.run && kept.person === told.me.id ? kept.modal : null;
}
