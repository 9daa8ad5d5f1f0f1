// Discord's subset of markdown as nodes; text from a bot never becomes markup by any other way.
import { html, useState } from "./lib.js";
import { change, channel, nameOf, guild, state } from "./store.js";
import { openChannel } from "./actions.js";
import { goToMessage } from "./ways.js";
import { When } from "./clock.js";
import { Icon } from "./icons.js";
import { Emoji } from "./ui/emoji.js";

const FENCE = /```(?:([\w+#.-]+)\n)?\n?([\s\S]+?)\n?```/;
const INLINE = new RegExp(
  [
    "\\\\(?<escaped>[^\\w\\s])",
    "(?<ticks>`{1,2})(?<code>[\\s\\S]+?)\\k<ticks>(?!`)",
    "\\|\\|(?<spoiler>[\\s\\S]+?)\\|\\|",
    "\\*\\*\\*(?<boldItalic>[\\s\\S]+?)\\*\\*\\*",
    "\\*\\*(?<bold>[\\s\\S]+?)\\*\\*(?!\\*)",
    "__(?<underline>[\\s\\S]+?)__(?!_)",
    "\\*(?=\\S)(?<star>(?:\\*\\*|[^*])+?)(?<=\\S)\\*(?!\\*)",
    "(?<![\\w])_(?=\\S)(?<italic>[^_]+?)(?<=\\S)_(?![\\w])",
    "~~(?<strike>[\\s\\S]+?)~~",
    "\\[(?<label>[^\\[\\]]+)\\]" +
      "\\((?<href><?https?://[^\\s()<>]+(?:\\([^\\s()<>]*\\)[^\\s()<>]*)*>?)(?:\\s+\"[^\"]*\")?\\)",
    "<(?<angled>https?://[^\\s<>]+)>",
    "(?<bare>https?://[^\\s<]+[^\\s<.,:;\"')\\]*_~|])",
    "<@!?(?<user>\\d+)>",
    "<@&(?<role>\\d+)>",
    "<#(?<channel>\\d+)>",
    "</(?<command>[-_ '\\p{L}\\p{N}]+):\\d+>",
    "<t:(?<time>-?\\d{1,14})(?::(?<style>[tTdDfFR]))?>",
    "<a?:(?<emoji>\\w+):(?<emojiId>\\d+)>",
    "@(?<all>everyone|here)\\b",
  ].join("|"),
  "u",
);

// The whole: blocks of code first, as nothing inside them means anything.
export function Markdown({ text, inline = false }) {
  return inline ? spans(text) : withFences(text);
}

function withFences(text) {
  const found = FENCE.exec(text);
  if (!found) return lines(text);
  const before = text.slice(0, found.index).replace(/\n$/, "");
  const after = text.slice(found.index + found[0].length).replace(/^\n/, "");
  return [
    before && lines(before),
    html`<pre class="code" tabindex="0" data-language=${found[1] ?? ""}><code>${found[2]}</code></pre>`,
    after && withFences(after),
  ];
}

// A quote inside a quote is text, as on Discord.
const QUOTES = [
  [/^>>> ([\s\S]*)$/, (m) => html`<blockquote>${lines(m[1], BLOCKS)}</blockquote>`],
  [/^((?:> .*(?:\n|$))+)/,
    (m) => html`<blockquote>${lines(m[1].replace(/^> /gm, "").replace(/\n$/, ""), BLOCKS)}</blockquote>`],
];
const BLOCKS = [
  [/^(#{1,3}) +(\S.*)(?:\n|$)/,
    (m) => html`<div class=${`heading heading-${m[1].length}`} role="heading" aria-level=${m[1].length + 2}>
    ${spans(m[2])}</div>`],
  [/^-# +(\S.*)(?:\n|$)/, (m) => html`<small class="subtext">${spans(m[1])}</small>`],
  [/^( *[-*] +\S.*(?:\n|$)(?: *[-*] +\S.*(?:\n|$)| +\d{1,3}\. +\S.*(?:\n|$))*)/,
    (m) => list(m[1].replace(/\n$/, "").split("\n"))],
  [/^( *\d{1,3}\. +\S.*(?:\n|$)(?: *\d{1,3}\. +\S.*(?:\n|$)| +[-*] +\S.*(?:\n|$))*)/,
    (m) => list(m[1].replace(/\n$/, "").split("\n"))],
];

function lines(text, blocks = [...QUOTES, ...BLOCKS]) {
  const out = [];
  let plain = "";
  const flush = () => {
    const kept = plain.replace(/\n$/, "");
    if (kept) out.push(html`<div class="paragraph" dir="auto">${spans(kept)}</div>`);
    plain = "";
  };
  while (text) {
    const hit = blocks.map(([pattern, make]) => [pattern.exec(text), make]).find(([found]) => found);
    if (hit) {
      flush();
      out.push(hit[1](hit[0]));
      text = text.slice(hit[0][0].length);
    } else {
      const end = text.indexOf("\n") + 1 || text.length;
      plain += text.slice(0, end);
      text = text.slice(end);
    }
  }
  flush();
  return out;
}

function list(rows) {
  const depth = (row) => row.length - row.trimStart().length;
  const top = depth(rows[0]);
  const items = [];
  for (const row of rows) {
    if (depth(row) > top && items.length) items.at(-1).nested.push(row);
    else items.push({ text: row.replace(/^ *(?:[-*]|\d{1,3}\.) +/, ""), nested: [] });
  }
  const inside = items
    .map((one) => html`<li dir="auto">${spans(one.text)}${one.nested.length > 0 && list(one.nested)}</li>`);
  const number = /^ *(\d{1,3})\./.exec(rows[0]);
  return number ? html`<ol start=${Number(number[1])}>${inside}</ol>` : html`<ul>${inside}</ul>`;
}

function spans(text) {
  const out = [];
  for (let found = INLINE.exec(text); found; found = INLINE.exec(text)) {
    if (found.index) out.push(text.slice(0, found.index));
    out.push(span(found.groups, found[0]));
    text = text.slice(found.index + found[0].length);
  }
  if (text) out.push(text);
  return out;
}

function span(g, whole) {
  if (g.escaped) return g.escaped;
  if (g.code) return html`<code class="inline">${g.ticks.length === 2 ? g.code.trim() : g.code}</code>`;
  if (g.spoiler) return html`<${Spoiler}>${spans(g.spoiler)}<//>`;
  if (g.boldItalic) return html`<strong><em>${spans(g.boldItalic)}</em></strong>`;
  if (g.bold) return html`<strong>${spans(g.bold)}</strong>`;
  if (g.underline) return html`<u>${spans(g.underline)}</u>`;
  if (g.star || g.italic) return html`<em>${spans(g.star ?? g.italic)}</em>`;
  if (g.strike) return html`<s>${spans(g.strike)}</s>`;
  if (g.label) return link(g.href.replace(/^<|>$/g, ""), spans(g.label));
  if (g.angled || g.bare) return link(g.angled ?? g.bare, g.angled ?? g.bare);
  if (g.user) {
    const mine = g.user === state.me?.id ? "mine" : "";
    return html`<span class=${`mention ${mine}`}>@<bdi>${nameOf(g.user)}</bdi></span>`;
  }
  if (g.role) {
    const role = guild()?.roles.find((one) => one.id === g.role);
    return html`<span class="mention">@${role?.name ?? "unknown role"}</span>`;
  }
  if (g.channel) return html`<${ChannelMention} id=${g.channel} />`;
  if (g.command) {
    const begin = () => change((s) => (s.commandWanted = g.command));
    return html`<button type="button" class="mention" onClick=${begin}>/${g.command}</button>`;
  }
  if (g.time) return html`<${When} at=${Number(g.time)} style=${g.style ?? "f"} />`;
  if (g.emoji) return html`<${Emoji} emoji=${{ name: g.emoji, id: g.emojiId }} />`;
  if (g.all) return html`<span class="mention mine">@${g.all}</span>`;
  return whole;
}

function ChannelMention({ id }) {
  const known = channel(id);
  if (!known) return html`<span class="mention">#unknown</span>`;
  return html`<${Inside} href=${`#c-${id}`} className="mention" go=${() => openChannel(id)}>
    #<bdi>${known.name}</bdi><//>`;
}

// A link to somewhere on this page.
function Inside({ href, className, go, children }) {
  const follow = (event) => {
    event.preventDefault();
    go();
  };
  return html`<a class=${className} href=${href} onClick=${follow}>${children}</a>`;
}

function link(url, label) {
  const there = messageIn(url);
  if (!there) return html`<a class="link" href=${url} target="_blank" rel="noreferrer noopener">${label}</a>`;
  const go = () => goToMessage(there.channel, there.message);
  return html`<${Inside} href=${`#m-${there.message}`} className="link" go=${go}>
    ${label === url ? html`<${Icon} name="reply" size="14" /> ${placed(there)}` : label}<//>`;
}

// What stands for the address of a message, as it tells people nothing.
function placed(there) {
  const place = channel(there.channel);
  return place && place.id !== state.channelId ? html`#<bdi>${place.name}</bdi> › message` : "message";
}

// The place that a message's address names: the real client's addresses work here too.
export function messageIn(url) {
  const address = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/channels\/(?:@me|\d+)\/(?<channel>\d+)\/(?<message>\d+)$/;
  return address.exec(url)?.groups ?? null;
}

export function Spoiler({ children }) {
  const [open, show] = useState(false);
  if (open) return html`<span class="spoiler open">${children}</span>`;
  return html`<button type="button" class="spoiler" aria-label="Spoiler, hidden; press to show"
    onClick=${() => show(true)}
    ><span aria-hidden="true" inert>${children}</span></button>`;
}

// One line without marks, for quotes of a message above a reply.
export function brief(message) {
  const text = message.content || message.embeds?.[0]?.title || message.embeds?.[0]?.description || "";
  if (text) return plainWords(text);
  return message.attachments?.length ? message.attachments[0].filename : "a message without words";
}

export function plainWords(text) {
  const bare = named(text).replace(/^(?:#{1,3}|-#|>>?>?) /gm, "").replace(/\*\*|__|~~|\|\||[`*]/g, "");
  return bare.replace(/\s+/g, " ").slice(0, 140);
}

function named(text) {
  return text
    .replace(/\|\|[\s\S]+?\|\|/g, "▇▇▇")
    .replace(/<@!?(\d+)>/g, (_, id) => `@${nameOf(id)}`)
    .replace(/<#(\d+)>/g, (_, id) => `#${channel(id)?.name ?? "unknown"}`)
    .replace(/<a?(:\w+:)\d+>/g, "$1")
    .replace(/<t:-?\d+(?::\w)?>/g, "a moment");
}
