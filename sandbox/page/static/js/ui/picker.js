// A select: a button that opens a list box for one or several choices, of texts or of people, roles and channels.
import { html, useEffect, useRef, useState } from "../lib.js";
import { guild, nameOf, state } from "../store.js";
import { Icon } from "../icons.js";
import { Emoji } from "./emoji.js";
import { closePopup, openPopup } from "./popup.js";

// What a select of any kind offers: { value, label, description, emoji, chosen }.
export function referable(part) {
  const here = guild();
  const users = () => (here?.members ?? [])
    .map((one) => ({ value: one.id, label: nameOf(one.id),
    description: state.places.users[one.id]?.bot ? "application" : undefined }));
  const roles = () => (here?.roles ?? []).filter((one) => one.name !== "@everyone")
    .map((one) => ({ value: one.id, label: `@${one.name}` }));
  const channels = () => (here?.channels ?? [])
    .filter((one) => !part.channel_types?.length || part.channel_types.includes(one.kind))
    .map((one) => ({ value: one.id, label: `#${one.name}` }));
  const options = { 5: users, 6: roles, 7: () => [...users(), ...roles()], 8: channels }[part.type];
  if (options) {
    const defaults = new Set((part.default_values ?? []).map((one) => one.id));
    return options().map((one) => ({ ...one, chosen: defaults.has(one.value) }));
  }
  return (part.options ?? [])
    .map((one) => ({ value: one.value, label: one.label, description: one.description,
    emoji: one.emoji, chosen: Boolean(one.default) }));
}

export function Picker({ options, low, high, disabled, placeholder, pending = false, onChoose, label, id }) {
  const [chosen, setChosen] = useState(() => options.filter((one) => one.chosen).map((one) => one.value));
  // What the bot chooses anew, by editing the message, counts; until then the person's own choice does.
  const given = options.filter((one) => one.chosen).map((one) => one.value).join("\n");
  const known = useRef(given);
  useEffect(() => {
    if (known.current !== given) setChosen(given ? given.split("\n") : []);
    known.current = given;
  }, [given]);
  const take = (values) => {
    setChosen(values);
    onChoose(values);
  };
  const names = options.filter((one) => chosen.includes(one.value)).map((one) => one.label);
  const open = (event) =>
    openPopup(event.currentTarget,
    html`<${Choices} options=${options} low=${low} high=${high} chosen=${chosen} onDone=${take}
    label=${label ?? placeholder} />`, { label: label ?? placeholder });
  return html`<button type="button" id=${id} class="picker" aria-haspopup="dialog" aria-busy=${pending}
    disabled=${disabled} aria-label=${label ? `${label}: ${names.join(", ") || placeholder}` : null} onClick=${open}>
    <span class=${names.length ? "" : "faint"}>${names.length ? names.join(", ") : placeholder}</span>
      ${pending
      ? html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>`
      : html`<${Icon} name="down" size="18" />`}</button>`;
}

function Choices({ options, low, high, chosen: before, onDone, label }) {
  const [chosen, setChosen] = useState(before);
  const many = high > 1;
  const finish = (values) => {
    closePopup();
    onDone(values);
  };
  const pick = (value) => {
    if (!many) return finish([value]);
    return setChosen(chosen.includes(value)
      ? chosen.filter((one) => one !== value)
      : chosen.length < high
      ? [...chosen, value]
      : chosen);
  };
  const walk = (event) => {
    const items = [...event.currentTarget.querySelectorAll("[role=option]")];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[Math.max(0, Math.min(items.length - 1, to))]?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (at >= 0) pick(options[at].value);
    }
  };
  if (!options.length) return html`<p class="hint padded">There is nothing to choose.</p>`;
  return html`<div class="choices">
    <div role="listbox" aria-label=${label} aria-multiselectable=${many} onKeyDown=${walk}>
    ${options.map((one, index) =>
      html`<div role="option" tabindex=${index === 0 ? 0 : -1} aria-selected=${chosen.includes(one.value)}
      onClick=${() => pick(one.value)}>
      ${one.emoji && html`<span class="choice-emoji"><${Emoji} emoji=${one.emoji} /></span>`}
        <span class="choice-text"><span>${one.label}</span>${one.description && html`<small>${one.description}</small>`}
        </span>
      <span class=${chosen.includes(one.value) ? "mark on" : "mark"}>
        ${chosen.includes(one.value) && html`<${Icon} name="check" size="16" />`}</span></div>`)}
    </div>
    ${many && html`<div class="row-end padded">
      <span class="hint">${chosen.length} of ${low === high ? high : `${low} to ${high}`}</span>
      <button type="button" class="primary" disabled=${chosen.length < low}
      onClick=${() => finish(chosen)}>Done</button></div>`}
  </div>`;
}
