// A text field with suggestions from the bot, asked for while typing; a pick keeps its value behind the words.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../lib.js";
import { act } from "../actions.js";

const PAUSE_MILLISECONDS = 180;
const MOST_PIXELS = 320;
const LEAST_PIXELS = 96;
const GAP = 12;

export function Combobox({ id, label, value, onValue, path, option, others, invalid, describedBy }) {
  const [choices, setChoices] = useState([]);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [state, setState] = useState("");
  const asked = useRef(0);
  const timer = useRef(0);
  const list = useRef(null);
  const isShown = open && Boolean(choices.length || state);
  const text = value && typeof value === "object" ? value.label : value ?? "";
  useEffect(() => () => clearTimeout(timer.current), []);
  useLayoutEffect(() => isShown && fit(list.current), [isShown, choices.length]);
  useLayoutEffect(() => list.current.querySelector(".active")?.scrollIntoView({ block: "nearest" }), [active]);

  const askSoon = (typed, pause = PAUSE_MILLISECONDS) => {
    const turn = ++asked.current;
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      setState("Looking…");
      try {
        const { [option.name]: _, ...options } = others;
        const found = await act("complete", { name: path, option: option.name, typed, options });
        if (turn !== asked.current) return;
        setChoices(found.choices);
        setActive(-1);
        setState(found.choices.length ? "" : "No suggestions.");
      } catch {
        if (turn === asked.current) {
          setChoices([]);
          setState("The suggestions could not be loaded.");
        }
      }
    }, pause);
  };
  const pick = (choice) => {
    onValue({ value: choice.value, label: choice.name });
    setOpen(false);
  };
  const onKey = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) setOpen(true);
      if (choices.length) setActive((active + (event.key === "ArrowDown" ? 1 : -1) + choices.length) % choices.length);
    } else if (event.key === "Enter" && open && choices[active]) {
      event.preventDefault();
      event.stopPropagation();
      pick(choices[active]);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return html`<div class="combobox">
    <input id=${id} type="text" role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded=${open}
      aria-controls=${`${id}-list`} value=${text}
      aria-activedescendant=${open && active >= 0 ? `${id}-${active}` : null} aria-invalid=${invalid}
        aria-required=${option.required}
        aria-describedby=${describedBy}
      onFocus=${() => { setOpen(true); askSoon(text, 0); }} onBlur=${() => setOpen(false)} onKeyDown=${onKey}
      onInput=${(event) => { onValue(event.target.value); setOpen(true); askSoon(event.target.value); }} />
    <div class="palette" ref=${list} hidden=${!isShown}><div class="palette-title">${label}</div>
    <div id=${`${id}-list`} role="listbox" aria-label=${`Suggestions for ${label}`}>
      ${open && choices.map((one, index) =>
        html`<div id=${`${id}-${index}`} role="option" key=${one.value} class=${index === active ? "active" : ""}
        aria-selected=${index === active} onMouseDown=${(event) => { event.preventDefault(); pick(one); }}>${one.name}
        </div>`)}
      ${open && !choices.length && state
        ? html`<div role="option" aria-disabled="true" class="hint">${state}</div>`
        : null}
    </div></div></div>`;
}

// The list stands over the conversation, above the form: whatever is filled in stays in sight, its head included.
function fit(list) {
  const room = list.offsetParent.getBoundingClientRect().top
    - document.querySelector("header.title").getBoundingClientRect().bottom;
  list.style.maxHeight = `${Math.max(LEAST_PIXELS, Math.min(MOST_PIXELS, room - GAP))}px`;
}
