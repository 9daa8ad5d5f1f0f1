// One floating layer for menus, pickers and small dialogs: placed at its anchor, closed by Escape or a click beside it.
import { html, useLayoutEffect, useEffect, useRef } from "../lib.js";
import { change, state } from "../store.js";
import { Icon } from "../icons.js";

const GAP = 6;
let key = 0;

// `content` is a node, or a function that makes it afresh at every drawing where it shows what may change.

export function openPopup(anchor, content, { label, side = "bottom", at = null } = {}) {
  const again = state.popup?.anchor === anchor && !at;
  change((s) => (s.popup = again ? null : { key: ++key, anchor, content, label, side, at }));
}

export function closePopup() {
  const anchor = state.popup?.anchor;
  change((s) => (s.popup = null));
  if (anchor?.isConnected) anchor.focus();
}

export function Popup({ popup }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    place(box.current, popup);
    const first = box.current.querySelector("[data-first], input, [role=option], [role=menuitem], a, button");
    first?.focus({ preventScroll: true });
    const again = new ResizeObserver(() => place(box.current, popup));
    again.observe(box.current);
    return () => again.disconnect();
  }, []);
  useEffect(() => {
    const outside = (event) => {
      if (!box.current?.contains(event.target) && !popup.anchor.contains(event.target)) change((s) => (s.popup = null));
    };
    const resized = () => change((s) => (s.popup = null));
    document.addEventListener("pointerdown", outside);
    addEventListener("resize", resized);
    return () => {
      document.removeEventListener("pointerdown", outside);
      removeEventListener("resize", resized);
    };
  }, []);
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      closePopup();
    } else if (event.key === "Tab") {
      keepInside(event, box.current);
    }
  };
  return html`<div class="popup" ref=${box} role="dialog" aria-label=${popup.label} onKeyDown=${onKey}>
    ${typeof popup.content === "function" ? popup.content() : popup.content}</div>`;
}

function keepInside(event, box) {
  const stops = [...box.querySelectorAll("a[href], button:not([disabled]), input, select, textarea, [tabindex='0']")]
    .filter((one) => one.tabIndex >= 0);
  if (!stops.length) return;
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement === edge) {
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }
}

function place(box, { anchor, side, at }) {
  const from = at ? { left: at.x, right: at.x, top: at.y, bottom: at.y, width: 0 } : anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = innerHeight - from.bottom;
  const up = side === "top" ? from.top > height + GAP || from.top > below : below < height + GAP && from.top > below;
  const top = up ? from.top - height - GAP : from.bottom + GAP;
  const left = side === "end" ? from.right - width : from.left;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

// A menu of actions, walked with the arrow keys. Entries: { label, icon, run, danger } or { heading }.
export function Menu({ entries, label }) {
  const walk = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
    if (event.key in steps) {
      event.preventDefault();
      items.at((items.indexOf(document.activeElement) + steps[event.key]) % items.length)?.focus();
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      items.at(event.key === "Home" ? 0 : -1)?.focus();
    }
  };
  return html`<div class="menu" role="menu" aria-label=${label} onKeyDown=${walk}>${entries.map((one) =>
    one.heading
      ? html`<div class="menu-heading" role="presentation">${one.heading}</div>`
      : html`<button type="button" role="menuitem" tabindex="-1" class=${one.danger ? "danger" : ""}
        onClick=${() => { closePopup(); one.run(); }}>
          <span>${one.label}</span>${one.icon ? html`<${Icon} name=${one.icon} size="18" />` : null}</button>`)}</div>`;
}
