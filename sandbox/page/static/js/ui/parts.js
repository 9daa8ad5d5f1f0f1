// Components of both generations: rows of buttons and selects; containers, sections, galleries, files, texts.
import { html, classes } from "../lib.js";
import { useComponent } from "../actions.js";
import { goToMessage } from "../ways.js";
import { Markdown, messageIn, Spoiler } from "../markdown.js";
import { Icon } from "../icons.js";
import { Emoji } from "./emoji.js";
import { FileCard, Media, Remote } from "./media.js";
import { Picker, referable } from "./picker.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link-button", 6: "premium" };

export function Parts({ message, uses }) {
  const how = new Map(uses.split("\n").filter(Boolean)
    .map((line) => [line.slice(0, line.lastIndexOf("=")), line.slice(line.lastIndexOf("=") + 1)]));
  const failed = [...how.values()].includes("failed");
  return html`<div class="parts">
    ${message.components.map((one) => html`<${Part} key=${one.id} part=${one} message=${message} how=${how} />`)}
    ${failed && html`<p class="fail" role="alert"><${Icon} name="warn" size="18" />This interaction failed.</p>`}
  </div>`;
}

const KINDS = {
  1: ({ part, ...rest }) => html`<div class="row">${inside(part, rest)}</div>`,
  2: ButtonPart,
  3: SelectPart,
  5: SelectPart,
  6: SelectPart,
  7: SelectPart,
  8: SelectPart,
  9: ({ part, ...rest }) =>
    html`<div class="section"><div class="section-text">${inside(part, rest)}</div>
    <${Part} part=${part.accessory} ...${rest} /></div>`,
  10: ({ part }) => html`<div class="content"><${Markdown} text=${part.content} /></div>`,
  11: ({ part }) => html`<${Covered} spoiler=${part.spoiler}>
    <${Remote} item=${part.media} alt=${part.description ?? ""} className="thumbnail" /><//>`,
  12: GalleryPart,
  13: FilePart,
  14: ({ part }) => html`<hr
    class=${classes("separator", part.divider === false && "bare", part.spacing === 2 && "wide")} />`,
  17: ContainerPart,
};

function Part({ part, ...rest }) {
  const Kind = KINDS[part.type];
  return Kind
    ? html`<${Kind} part=${part} ...${rest} />`
    : html`<p class="hint">A component of kind ${part.type} cannot be shown.</p>`;
}

function inside(part, rest) {
  return (part.components ?? []).map((one) => html`<${Part} key=${one.id} part=${one} ...${rest} />`);
}

function Covered({ spoiler, children }) {
  return spoiler ? html`<${Spoiler}>${children}<//>` : children;
}

function ButtonPart({ part, message, how }) {
  const emoji = part.emoji
    && html`<span aria-hidden=${part.label ? "true" : null}><${Emoji} emoji=${part.emoji} /></span>`;
  const label = html`${emoji}${part.label && html`<span>${part.label}</span>`}`;
  if (part.style === 5) return html`<${LinkButton} url=${part.url ?? ""} label=${label} />`;
  const pending = how.get(part.custom_id) === "pending";
  const press = () => !pending && useComponent(message, part.custom_id, "click");
  return html`<button type="button" class=${classes("part-button", STYLES[part.style], pending && "pending")}
    disabled=${part.disabled} aria-busy=${pending} onClick=${press}>
    ${pending ? html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>` : null}
      <span class="part-label">${label}</span></button>`;
}

function LinkButton({ url, label }) {
  const there = messageIn(url);
  if (there) {
    const go = () => goToMessage(there.channel, there.message);
    return html`<button type="button" class="part-button link-button" onClick=${go}>${label}
      <${Icon} name="reply" size="14" /></button>`;
  }
  const safe = /^https?:\/\//.test(url);
  return html`<a class="part-button link-button" href=${safe ? url : null} target="_blank"
    rel="noreferrer noopener">${label}<${Icon} name="external" size="14" /></a>`;
}

function SelectPart({ part, message, how }) {
  const choose = (values) => useComponent(message, part.custom_id, "select", { kind: part.type, values });
  return html`<${Picker} options=${referable(part)} low=${part.min_values ?? 1} high=${part.max_values ?? 1}
    disabled=${part.disabled}
    placeholder=${part.placeholder ?? "Make a selection"} pending=${how.get(part.custom_id) === "pending"}
      onChoose=${choose} />`;
}

function fileOf(item, message, extra = {}) {
  const known = message.attachments.find((one) => one.id === item.attachment_id);
  return { ...known, ...extra, url: known?.url ?? item.url,
    filename: known?.filename ?? item.url.split("/").pop().split("?")[0],
    content_type: known?.content_type ?? item.content_type };
}

function GalleryPart({ part, message }) {
  return html`<div class=${`gallery count-${Math.min(part.items.length, 4)}`}>${part.items.map((one) =>
    one.media.attachment_id
      ? html`<${Media} key=${one.media.attachment_id}
        file=${fileOf(one.media, message, one.description ? { description: one.description } : {})}
        spoiler=${one.spoiler} />`
      : html`<${Covered} spoiler=${one.spoiler}><${Remote} item=${one.media} alt=${one.description ?? ""} /><//>`)}
        </div>`;
}

function FilePart({ part, message }) {
  return html`<${Covered} spoiler=${part.spoiler}><${FileCard} file=${fileOf(part.file, message)} /><//>`;
}

function ContainerPart({ part, ...rest }) {
  const edge = (node) =>
    node?.style.setProperty("--edge",
    part.accent_color != null ? `#${part.accent_color.toString(16).padStart(6, "0")}` : "transparent");
  return html`<div class="container" ref=${edge}><${Covered} spoiler=${part.spoiler}>${inside(part, rest)}<//></div>`;
}
