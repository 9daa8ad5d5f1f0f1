// A round mark for an account: initials on a colour of its own, a small robot for the application.
import { html } from "../lib.js";
import { Icon } from "../icons.js";

export function Avatar({ user, size = 40 }) {
  const name = user.name ?? user.global_name ?? user.username ?? "?";
  const sum = [...name].reduce((total, one) => total * 31 + one.codePointAt(0), 7);
  const tint = user.bot ? "bot" : sum % 7;
  // Marks that nobody sees, such as those that turn the direction of writing, make no initials.
  const initials = name.replace(/\p{Cf}/gu, "").split(/[\s._-]+/).filter(Boolean).map((word) => [...word][0])
    .slice(0, 2).join("").toUpperCase();
  return html`<span class=${`avatar tint-${tint} size-${size}`} aria-hidden="true">
    ${user.bot ? html`<${Icon} name="bot" size=${Math.round(size * 0.6)} />` : initials}</span>`;
}

export function AppTag() {
  return html`<span class="tag">APP</span>`;
}
