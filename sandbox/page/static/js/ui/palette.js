// What is offered over the composer while one types: commands after a slash, people and channels after @ and #.
import { html, useEffect, useRef } from "../lib.js";

// `rows` are { key, head, note }; the one that is active is in sight.
export function Palette({ title, rows, active, onPick, empty }) {
  const list = useRef(null);
  useEffect(() => list.current?.querySelector(".active")?.scrollIntoView({ block: "nearest" }), [active]);
  return html`<div class="palette"><div class="palette-title">${title}</div>
    <div id="palette" role="listbox" aria-label=${title} ref=${list}>
    ${rows.map((one, index) =>
      html`<div role="option" id=${`palette-${index}`} key=${one.key} class=${index === active ? "active" : ""}
      aria-selected=${index === active} onMouseDown=${(event) => { event.preventDefault(); onPick(index); }}>
      <span class="palette-name">${one.head}</span>${one.note && html`<small>${one.note}</small>`}</div>`)}
    ${rows.length === 0 && html`<div role="option" aria-disabled="true" class="hint">${empty}</div>`}
    </div></div>`;
}

export function commandRow(entry) {
  const required = entry.options.filter((one) => one.required);
  const head = html`/${entry.shown}<span class="palette-options">
    ${required.map((one) => html` <i>${one.name}</i>`)}</span>`;
  return { key: entry.path, head, note: entry.description };
}
