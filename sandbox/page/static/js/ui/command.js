// A slash command being filled in: required options, optional ones on demand, sent with Enter.
import { html, useEffect, useRef, useState } from "../lib.js";
import { state } from "../store.js";
import { runCommand } from "../actions.js";
import { localized } from "../words.js";
import { Icon } from "../icons.js";
import { fitting, useIncoming } from "./files.js";
import { collect, Option } from "./option.js";

const ATTACHMENT = 11;

export function CommandForm({ entry, command, onChange, onLeave }) {
  const form = useRef(null);
  const [problems, setProblems] = useState({});
  const values = command.values;
  const set = (name, value) => {
    onChange({ ...command, values: { ...values, [name]: value } });
    setProblems({ ...problems, [name]: undefined });
  };
  const visible = entry.options.filter((one) => one.required || command.shown.includes(one.name));
  const hidden = entry.options.filter((one) => !visible.includes(one));

  useEffect(() => {
    if (command.suggested) return form.current.querySelector(".send")?.focus({ preventScroll: true });
    const empty = visible.find((one) => values[one.name] === undefined);
    return (form.current.querySelector(empty
      ? `#option-${CSS.escape(empty.name)}`
      : ".send") ?? form.current.querySelector(".send"))?.focus({ preventScroll: true });
  }, []);
  useIncoming((list) => {
    const slots = entry.options.filter((one) => one.type === ATTACHMENT);
    const slot = slots.find((one) => !values[one.name]) ?? slots[0];
    const [file] = slot ? fitting(list) : [];
    if (file) onChange({ ...command,
      shown: slot.required ? command.shown : [...new Set([...command.shown, slot.name])],
      values: { ...values, [slot.name]: file } });
  });

  const others = Object.fromEntries(Object.entries(collect(entry.options, values).out));
  const send = async (event) => {
    event.preventDefault();
    const { out, files, problems: found } = collect(entry.options, values);
    if (Object.keys(found).length) {
      setProblems(found);
      document.getElementById(`option-${Object.keys(found)[0]}`)?.focus();
      return;
    }
    onLeave({ sent: true });
    if (!(await runCommand(`/${entry.shown}`, "command", { name: entry.path, options: out }, files))) onChange(command);
  };
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      onLeave({ sent: false });
    }
  };
  const add = (name) => {
    onChange({ ...command, shown: [...command.shown, name] });
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`option-${name}`)?.focus()));
  };
  const remove = (name) => {
    const { [name]: _, ...rest } = values;
    onChange({ ...command, values: rest, shown: command.shown.filter((one) => one !== name) });
  };
  return html`<form class="command" ref=${form} onSubmit=${send} onKeyDown=${onKey}
    aria-label=${`Command /${entry.shown}`} novalidate>
    ${command.suggested && html`<p class="ready"><${Icon} name="bolt" size="18" />
      <span><b>Everything is ready.</b> Send it and watch what comes back.</span></p>`}
    <div class="command-head"><b class="command-name">/${entry.shown}</b>
      <span class="command-description">${entry.description}</span>
      <button type="button" class="square" aria-label="Leave the command" title="Leave (Esc)"
        onClick=${() => onLeave({ sent: false })}><${Icon} name="close" size="18" /></button></div>
    ${visible.length > 0
      && html`<div class="options">
      ${visible.map((one) =>
      html`<${Option} key=${one.name} option=${one} value=${values[one.name]} path=${entry.path} others=${others}
      problem=${problems[one.name]}
      onValue=${(value) => set(one.name, value ?? undefined)} onRemove=${one.required ? null : () => remove(one.name)}
        />`)}</div>`}
    <div class="command-foot">
      <div class="more" role="group" aria-label="Further options">
        ${hidden.map((one) =>
        html`<button type="button" class="add" key=${one.name} title=${localized(one, "description", state.me.locale)}
        onClick=${() => add(one.name)}><${Icon} name="plus" size="14" />${localized(one, "name", state.me.locale)}
        </button>`)}</div>
      <button class="send primary"><${Icon} name="send" size="18" />Send</button>
    </div>
  </form>`;
}
