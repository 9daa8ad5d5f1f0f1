// The frame: servers and channels, the conversation, people, the developers' drawer, and the layers over them.
import { html, classes, useEffect, useLayoutEffect } from "../lib.js";
import { change, channel, panelOver, state } from "../store.js";
import { Places } from "./places.js";
import { Members } from "./members.js";
import { Chat } from "./chat.js";
import { Workbench } from "./workbench.js";
import { ModalDialog } from "./modal.js";
import { Popup } from "./popup.js";
import { Lightbox } from "./lightbox.js";
import { Toasts } from "./toasts.js";

const PANELS = {
  places: ".channel.current",
  members: ".members button",
  workbench: ".workbench button",
};

export function App() {
  useTitle();
  useFocusIn(panelOver());
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
    ${state.modal ? null : html`<${Toasts} />`}
  `;
}

// A panel over the conversation takes the focus, and gives it back to where it was; what is under it is inert.
function useFocusIn(panel) {
  useLayoutEffect(() => {
    if (!panel) return undefined;
    const before = document.activeElement;
    document.querySelector(PANELS[panel])?.focus();
    return () => before?.isConnected && before.focus();
  }, [panel]);
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
