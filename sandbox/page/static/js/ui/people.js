// The switcher: everybody one can be, here or in a new tab, and a small form that adds somebody.
import { html, useEffect, useRef, useState } from "../lib.js";
import { state, toast } from "../store.js";
import { addressFor } from "../memory.js";
import { tell } from "../server.js";
import { complain } from "../actions.js";
import { LOCALES } from "../words.js";
import { Icon } from "../icons.js";
import { Avatar } from "./avatar.js";
import { closePopup } from "./popup.js";

export function PeopleSwitcher() {
  const [adding, setAdding] = useState(false);
  return html`<div class="people">
    <h2>Who are you?</h2>
    <p class="hint">Each tab can be somebody else, at the same time.</p>
    <ul>${state.people.map((one) => html`<${Choice} key=${one.id} person=${one} />`)}</ul>
    ${adding
      ? html`<${NewPerson} done=${() => setAdding(false)} />`
      : html`<button type="button" class="quiet wide" onClick=${() => setAdding(true)}>
      <${Icon} name="plus" size="18" /> Add somebody</button>`}
  </div>`;
}

function Choice({ person }) {
  const mine = person.id === state.me.id;
  return html`<li class="person">
    <a class="person-main" href=${addressFor(person.name)} aria-current=${mine ? "true" : null}>
      <${Avatar} user=${person} size=${32} />
      <span class="who-text"><strong><bdi>${person.name}</bdi></strong>
        <small>${person.roles[0] ?? "Student"} · ${LOCALES[person.locale] ?? person.locale}</small></span>
      ${mine ? html`<span class="chip">you</span>` : null}
    </a>
    <a class="square" href=${addressFor(person.name)} target="_blank" rel="opener" title="Open in a new tab"
      aria-label=${`Be ${person.name} in a new tab`} onClick=${closePopup}><${Icon} name="external" size="18" /></a>
  </li>`;
}

function NewPerson({ done }) {
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);
  const add = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    try {
      const person = await tell("people",
        { name: form.get("name"), locale: form.get("locale"), instructor: form.get("role") === "instructor" });
      toast(`${person.name} has joined.`);
      done();
    } catch (error) {
      complain(error);
    }
  };
  return html`<form class="new-person" onSubmit=${add}>
    <label>Name<input name="name" required maxlength="32" autocomplete="off" ref=${first} /></label>
    <div class="pair">
      <label>Language<select name="locale">
        ${Object.entries(LOCALES).map(([key, name]) => html`<option value=${key}>${name}</option>`)}</select></label>
      <label>Role<select name="role"><option value="student">Student</option>
        <option value="instructor">Instructor</option></select></label>
    </div>
    <div class="row-end"><button type="button" class="quiet" onClick=${done}>Cancel</button>
      <button class="primary">Add</button></div>
  </form>`;
}
