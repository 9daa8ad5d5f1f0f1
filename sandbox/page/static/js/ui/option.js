// One option of a command as a field of the right kind.
import { html } from "../lib.js";
import { guild, nameOf, state } from "../store.js";
import { localized } from "../words.js";
import { Icon } from "../icons.js";
import { Combobox } from "./combobox.js";
import { FileField } from "./files.js";

const USER = 6;
const CHANNEL = 7;
const ROLE = 8;
const MENTIONABLE = 9;
const NUMBER = 10;
const ATTACHMENT = 11;
const INTEGER = 4;
const BOOLEAN = 5;

export function Option({ option, value, onValue, onRemove, path, others, problem }) {
  const id = `option-${option.name}`;
  const hint = `${id}-hint`;
  const label = localized(option, "name", state.me.locale);
  const field = { id, value, onValue, option, path, others, label, invalid: Boolean(problem), describedBy: hint };
  return html`<div class=${`option kind-${option.type} ${problem ? "invalid" : ""}`}>
    <div class="option-head">
      <label for=${id}>${label}${option.required && html`<span class="required" aria-hidden="true"> *</span>`}</label>
      ${onRemove && html`<button type="button" class="tiny" aria-label=${`Leave out ${label}`} onClick=${onRemove}>
        <${Icon} name="close" size="14" /></button>`}</div>
    <${Field} ...${field} />
    <p class="option-hint" id=${hint}>${problem || localized(option, "description", state.me.locale)}</p>
  </div>`;
}

function Field(field) {
  const { id, value, onValue, option, label, invalid, describedBy } = field;
  if (option.type === ATTACHMENT) return html`<${FileField} id=${id} file=${value ?? null} label=${label}
    onFile=${onValue} invalid=${invalid} describedBy=${describedBy} />`;
  if (option.autocomplete) return html`<${Combobox} ...${field} />`;
  const choices = listed(option);
  if (choices) {
    return html`<select id=${id} aria-required=${option.required} aria-invalid=${invalid}
      aria-describedby=${describedBy} value=${value === undefined ? "" : String(value)}
      onChange=${(event) =>
      onValue(event.target.value === "" ? undefined : choices[event.target.selectedIndex - 1].value)}>
      <option value="">Choose…</option>
        ${choices.map((one) =>
        html`<option value=${String(one.value)} selected=${one.value === value}>${one.label}</option>`)}</select>`;
  }
  const number = option.type === INTEGER || option.type === NUMBER;
  return html`<input id=${id} type="text" inputmode=${number ? (option.type === INTEGER ? "numeric" : "decimal") : null}
    autocomplete="off" value=${value ?? ""}
    maxlength=${number ? null : option.max_length ?? 6000} aria-required=${option.required}
    aria-invalid=${invalid} aria-describedby=${describedBy} onInput=${(event) => onValue(event.target.value)} />`;
}

function listed(option) {
  const here = guild();
  const users = () => (here?.members ?? []).map((one) => ({ value: one.id, label: nameOf(one.id) }));
  const roles = () => (here?.roles ?? []).map((one) => ({ value: one.id, label: one.name }));
  if (option.choices?.length) return option.choices
    .map((one) => ({ value: one.value, label: localized(one, "name", state.me.locale) }));
  if (option.type === BOOLEAN) return [{ value: true, label: "True" }, { value: false, label: "False" }];
  if (option.type === USER) return users();
  if (option.type === ROLE) return roles();
  if (option.type === MENTIONABLE) return [...users(), ...roles()];
  if (option.type === CHANNEL) return (here?.channels ?? [])
    .filter((one) => !option.channel_types?.length || option.channel_types.includes(one.kind))
    .map((one) => ({ value: one.id, label: `#${one.name}` }));
  return null;
}

// The values as the sandbox wants them, the files apart, and what is wrong by option.
export function collect(options, values) {
  const out = {};
  const files = [];
  const problems = {};
  for (const option of options) {
    const value = values[option.name];
    if (value === undefined || value === null || value === "") {
      if (option.required) problems[option.name] = "This is required.";
    } else if (value instanceof File) {
      files.push([option.name, value]);
    } else if (typeof value === "object") {
      out[option.name] = value.value;
    } else if ((option.type === INTEGER || option.type === NUMBER) && typeof value === "string") {
      const number = Number(value.trim().replace(",", "."));
      if (Number.isNaN(number)
        || (option.type === INTEGER && !Number.isInteger(number))) problems[option.name] = option.type === INTEGER
        ? "Type a whole number."
        : "Type a number.";
      else out[option.name] = number;
    } else {
      out[option.name] = value;
    }
    if (!problems[option.name]) outOfBounds(option, out[option.name], problems);
  }
  return { out, files, problems };
}

function outOfBounds(option, value, problems) {
  if (typeof value === "string"
    && value.length < (option.min_length ?? 0)) problems[option.name] = `At least ${option.min_length} characters.`;
  if (typeof value === "number"
    && value < (option.min_value ?? -Infinity)) problems[option.name] = `At least ${option.min_value}.`;
  if (typeof value === "number"
    && value > (option.max_value ?? Infinity)) problems[option.name] = `At most ${option.max_value}.`;
}
