// An embed: a card with a coloured edge, in Discord's order of parts.
import { html } from "../lib.js";
import { Markdown } from "../markdown.js";
import { written } from "../clock.js";
import { Icon } from "../icons.js";
import { isOwn, Remote } from "./media.js";

export function Embed({ embed }) {
  const edge = (node) => {
    if (node) node.style.setProperty("--edge",
      embed.color ? `#${embed.color.toString(16).padStart(6, "0")}` : "var(--line-strong)");
  };
  const { author, title, description, fields = [], thumbnail, image, footer, timestamp } = embed;
  return html`<div class="embed" ref=${edge}>
    <div class="embed-main">
      ${author && html`<div class="embed-author">
        <${Mark} url=${author.icon_url} />
        <bdi>${author.url ? outward(author.url, author.name) : author.name}</bdi></div>`}
      ${title && html`<div class="embed-title">
        ${embed.url
        ? outward(embed.url, html`<${Markdown} text=${title} inline=${true} />`)
        : html`<${Markdown} text=${title} inline=${true} />`}</div>`}
      ${description && html`<div class="embed-text"><${Markdown} text=${description} /></div>`}
      ${fields.length > 0 && html`<div class="fields">
        ${fields.map((one) =>
        html`<div class=${one.inline ? "field inline" : "field"}>
        <div class="field-name"><${Markdown} text=${one.name} inline=${true} /></div>
        <div><${Markdown} text=${one.value} /></div></div>`)}</div>`}
      ${image && html`<${Remote} item=${image} className="embed-image" />`}
      ${(footer || timestamp)
        && html`<div class="embed-footer">
        <${Mark} url=${footer?.icon_url} />
        <span>${[footer?.text, timestamp && written(Date.parse(timestamp) / 1000, "f")].filter(Boolean).join(" · ")}
        </span></div>`}
    </div>
    ${thumbnail && html`<${Remote} item=${thumbnail} className="embed-thumbnail" />`}
  </div>`;
}

// The small picture beside an author or in a footer; one from elsewhere leaves a sign of where it would be.
function Mark({ url }) {
  if (!url) return null;
  if (isOwn(url)) return html`<img class="embed-mark" src=${url} alt="" loading="lazy" decoding="async" />`;
  return html`<span class="embed-mark" title="A picture from elsewhere is not loaded here."><${Icon} name="image"
    size="14" /></span>`;
}

function outward(url, label) {
  if (!/^https?:\/\//.test(url)) return label;
  return html`<a class="link" href=${url} target="_blank" rel="noreferrer noopener">${label}</a>`;
}
