// A modal that the bot shows: labels with text, select, file, choice fields, checked before it is sent.
import { html, classes, useEffect, useRef, useState } from "../lib.js";
import { state } from "../store.js";
import { act } from "../actions.js";
import { closeModal, modalKey } from "../opened.js";
import { Refused, Silent } from "../server.js";
import { explain } from "../words.js";
import { Markdown } from "../markdown.js";
import { Icon } from "../icons.js";
import { useDraft } from "./drafts.js";
import { FileField, fitting, useIncoming } from "./files.js";
import { referable } from "./picker.js";
import { Toasts } from "./toasts.js";

const ROW = 1;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const TEXT = 4;
const FILES = 19;
const RADIO = 21;
const CHECKS = 22;
const CHECK = 23;

function fieldsOf(modal) {
  return modal.components.flatMap((top) => {
    if (top.type === LABEL) return [{ label: top.label, hint: top.description, part: top.component }];
    if (top.type === ROW) return top.components.map((part) => ({ label: part.label, part }));
    return [{ text: top.type === TEXT_DISPLAY ? top.content : "" }];
  });
}

function startValue(part) {
  if (part.type === TEXT) return part.value ?? "";
  if (part.type === CHECK) return Boolean(part.default);
  if (part.type === RADIO) return part.options.find((one) => one.default)?.value ?? null;
  if (part.type === FILES) return [];
  if (part.type === CHECKS) return part.options.filter((one) => one.default).map((one) => one.value);
  return referable(part).filter((one) => one.chosen).map((one) => one.value);
}

export function ModalDialog({ modal }) {
  const dialog = useRef(null);
  const fields = fieldsOf(modal);
  const [values, put] = useDraft(modalKey(modal), Object.fromEntries(fields.filter((one) => one.part)
    .map((one) => [one.part.custom_id, startValue(one.part)])));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    dialog.current.showModal();
    const fields = dialog.current.querySelector(".modal-fields");
    fields.querySelector("input:not([hidden]), textarea, button")?.focus();
  }, []);
  const close = () => state.modal === modal && closeModal();
  const set = (id, value) => put({ [id]: value });
  useIncoming((list) => {
    const hasRoom = ({ part }) => part?.type === FILES && values[part.custom_id].length < (part.max_values ?? 1);
    const part = fields.find(hasRoom)?.part;
    if (part) set(part.custom_id, [...values[part.custom_id], ...fitting(list)].slice(0, part.max_values ?? 1));
  });
  const refuse = (text, label = null) => {
    setProblem({ text, label });
    const field = fields.find((one) => one.part && one.label === label);
    if (field) document.getElementById(idOf(field.part))?.focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const given = {};
    const files = [];
    for (const { part } of fields.filter((one) => one.part)) {
      const value = values[part.custom_id];
      if (part.type === FILES) files.push(...value.map((file) => [part.custom_id, file]));
      else if (value !== null) given[part.custom_id] = value;
    }
    try {
      await act("submit", { interaction: modal.interaction, values: given }, files);
      close();
    } catch (error) {
      setBusy(false);
      if (error instanceof Refused) refuse(explain(error), error.subject);
      else if (error instanceof Silent) refuse("Something went wrong: the application did not respond. Try again.");
      else refuse("The sandbox is not running.");
    }
  };
  return html`<dialog class="modal" ref=${dialog} aria-labelledby="modal-title" onClose=${close}>
    <form onSubmit=${submit} novalidate>
      <header><h2 id="modal-title">${modal.title}</h2>
        <button type="button" class="square" aria-label="Close" onClick=${close}><${Icon} name="close" /></button>
        </header>
      <div class="modal-fields">
        ${fields.map((one) =>
        (one.part ? html`<${Field} key=${one.part.custom_id} ...${one} value=${values[one.part.custom_id]}
        problem=${problem?.label === one.label ? problem.text : null}
        onValue=${(value) => set(one.part.custom_id, value)} />`
        : html`<div class="content"><${Markdown} text=${one.text} /></div>`))}</div>
      ${problem && !fields.some((one) => one.part && one.label === problem.label)
        && html`<${Problem} text=${problem.text} />`}
      <footer><button type="button" class="quiet" onClick=${close}>Cancel</button>
        <button class="primary" disabled=${busy} aria-busy=${busy}>${busy ? "Sending…" : "Submit"}</button></footer>
    </form><${Toasts} /></dialog>`;
}

function idOf(part) {
  return `field-${part.custom_id}`;
}

function Problem({ text, id = null }) {
  return html`<p class="fail" role="alert" id=${id}><${Icon} name="warn" size="18" />${text}</p>`;
}

function Field({ label, hint, part, value, problem, onValue }) {
  const id = idOf(part);
  const required = part.required !== false && part.type !== CHECK;
  const grouped = part.type === RADIO || part.type === CHECKS;
  const Tag = grouped ? "fieldset" : "div";
  const name = html`${label}${required && html`<span class="required" aria-hidden="true"> *</span>`}`;
  const describedBy = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ") || null;
  return html`<${Tag} class=${classes("modal-field", problem && "invalid")}>
    ${grouped ? html`<legend>${name}</legend>` : html`<label for=${id}>${name}</label>`}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    <${Input} id=${id} label=${label} part=${part} value=${value} onValue=${onValue} required=${required}
      invalid=${Boolean(problem)} describedBy=${describedBy} />
    ${problem && html`<${Problem} text=${problem} id=${`${id}-problem`} />`}<//>`;
}

function Input({ id, label, part, value, onValue, required, invalid, describedBy }) {
  if (part.type === TEXT) {
    const shared = { id, value, placeholder: part.placeholder ?? "", maxlength: part.max_length ?? 4000,
      "aria-required": required, "aria-invalid": invalid, "aria-describedby": describedBy,
      onInput: (event) => onValue(event.target.value) };
    return part.style === 2
      ? html`<textarea rows="4" dir="auto" ...${shared}></textarea>`
      : html`<input type="text" dir="auto" autocomplete="off" ...${shared} />`;
  }
  if (part.type === FILES) return html`<${Files} id=${id} label=${label} files=${value} most=${part.max_values ?? 1}
    onFiles=${onValue} invalid=${invalid} describedBy=${describedBy} />`;
  if (part.type === CHECK) return html`<input type="checkbox" id=${id} checked=${value} aria-describedby=${describedBy}
    onChange=${(event) => onValue(event.target.checked)} />`;
  if (part.type === RADIO || part.type === CHECKS) {
    const many = part.type === CHECKS;
    const flip = (one) =>
      onValue(many ? (value.includes(one) ? value.filter((other) => other !== one) : [...value, one]) : one);
    return part.options.map((one) =>
      html`<label class="check">
      <input type=${many ? "checkbox" : "radio"} name=${id}
      checked=${many ? value.includes(one.value) : value === one.value} onChange=${() => flip(one.value)} />
      <span>${one.label}${one.description && html`<small>${one.description}</small>`}</span></label>`);
  }
  return html`<${PlainSelect} id=${id} label=${label} part=${part} value=${value} onValue=${onValue}
    required=${required} invalid=${invalid} describedBy=${describedBy} />`;
}

// Inside a dialog the browser's own select is used: its list is drawn above everything.
function PlainSelect({ id, label, part, value, onValue, required, invalid, describedBy }) {
  const options = referable(part);
  const many = (part.max_values ?? 1) > 1;
  if (many) {
    return html`<div role="group" aria-label=${label} class="checks">
      ${options.map((one, index) =>
      html`<label class="check">
      <input type="checkbox" id=${index === 0 ? id : null} checked=${value.includes(one.value)}
      onChange=${() => onValue(value.includes(one.value)
      ? value.filter((other) => other !== one.value)
      : [...value, one.value])} /><span>${one.label}${one.description && html`<small>${one.description}</small>`}</span>
      </label>`)}</div>`;
  }
  return html`<select id=${id} value=${value[0] ?? ""} aria-required=${required} aria-invalid=${invalid}
    aria-describedby=${describedBy}
    onChange=${(event) => onValue(event.target.value === "" ? [] : [event.target.value])}>
    <option value="">${part.placeholder ?? "Choose…"}</option>
    ${options.map((one) =>
    html`<option value=${one.value} selected=${value.includes(one.value)}>${one.label}</option>`)}</select>`;
}

function Files({ id, label, files, most, onFiles, invalid, describedBy }) {
  const slots = files.length < most ? [...files, null] : files;
  return html`<div class="file-slots">
    ${slots.map((file, index) =>
    html`<${FileField} key=${index} id=${index === 0 ? id : `${id}-${index}`} file=${file} label=${label}
    invalid=${invalid} describedBy=${describedBy}
    onFile=${(next) => onFiles(next
      ? [...files.slice(0, index), next, ...files.slice(index + 1)]
      : files.filter((_, at) => at !== index))} />`)}</div>`;
}
