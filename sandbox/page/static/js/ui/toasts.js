// Short notices that go by themselves; a form shows them itself, as nothing else can be seen over it.
import { html } from "../lib.js";
import { state } from "../store.js";
import { Icon } from "../icons.js";

export function Toasts() {
  return html`<div class="toasts" role="status">
    ${state.toasts.map((one) =>
    html`<p class="toast" key=${one.key}><${Icon} name="warn" size="18" /><bdi>${one.text}</bdi></p>`)}</div>`;
}
