// The frame: servers and channels, the conversation, people, the developers' drawer, and the layers over them.
import { html, classes, useEffect } from "../lib.js";
import { change, channel, state } from "../store.js";
import { Places } from "./places.js";
import { Members } from "./members.js";
import { Chat } from "./chat.js";
import { Workbench } from "./workbench.js";
import { ModalDialog } from "./modal.js";
import { Popup } from "./popup.js";
import { Lightbox } from "./lightbox.js";
import { Icon } from "../icons.js";

export function App() {
  useTitle();
  if (!state.me) {
    return html`<main class="waiting"><div class="spinner" aria-hidden="true"></div>
      <p role="status">Connecting to the sandbox…</p></main>`;
  }
  const open = state.showWorkbench;
  return html`
    <a class="skip" href="#composer-text" onClick=${skip}>Skip to the message field</a>
    <div class=${classes("frame", state.showMembers && "with-members", open && "with-workbench",
      state.panel && `panel-${state.panel}`)}>
      <${Places} />
      <${Chat} />
      ${state.showMembers || state.panel === "members" ? html`<${Members} />` : null}
      ${open ? html`<${Workbench} />` : null}
      ${state.panel ? html`<button type="button" class="veil" aria-label="Close the panel"
        onClick=${() => change((s) => (s.panel = null))}></button>` : null}
    </div>
    ${state.modal ? html`<${ModalDialog} key=${state.modal.interaction} modal=${state.modal} />` : null}
    ${state.lightbox ? html`<${Lightbox} shown=${state.lightbox} />` : null}
    ${state.popup ? html`<${Popup} key=${state.popup.key} popup=${state.popup} />` : null}
    <div class="toasts" role="status">
      ${state.toasts.map((one) =>
      html`<p class="toast" key=${one.key}><${Icon} name="warn" size="18" />${one.text}</p>`)}</div>
  `;
}

function skip(event) {
  event.preventDefault();
  document.querySelector("#composer-text")?.focus();
}

function useTitle() {
  const here = channel();
  let rings = 0;
  for (const one of state.unread.values()) rings += one.rings;
  const count = rings ? `(${rings}) ` : "";
  const who = state.me ? `${state.me.name} · ` : "";
  const title = `${count}${who}${here ? `#${here.name}` : "Sandbox"}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const close = (event) => {
      if (event.key === "Escape" && state.panel) change((s) => (s.panel = null));
    };
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, []);
}
