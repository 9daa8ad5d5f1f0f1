// A picture at its full size over everything else.
import { html, useEffect, useRef } from "../lib.js";
import { change } from "../store.js";
import { Icon } from "../icons.js";

export function Lightbox({ shown }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  const close = () => change((s) => (s.lightbox = null));
  return html`<dialog class="lightbox" ref=${dialog} aria-label="Picture" onClose=${close}
    onClick=${(event) => event.target === dialog.current && close()}>
    <img src=${shown.url} alt=${shown.alt} />
    <div class="lightbox-bar"><span>${shown.alt || shown.name}</span>
      <button type="button" class="square" aria-label="Close" onClick=${close}><${Icon} name="close" /></button></div>
  </dialog>`;
}
