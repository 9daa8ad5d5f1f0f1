// One message: the line above it, its author, words, files, embeds, components, reactions, and what can be done with it.
import { html, classes, Pure } from "../lib.js";
import { channel, nameOf, state } from "../store.js";
import { attempt, dismissNotice, jumpTo, openChannel, replyTo, runCommand } from "../actions.js";
import { written } from "../clock.js";
import { brief, Markdown } from "../markdown.js";
import { localized } from "../words.js";
import { Icon } from "../icons.js";
import { AppTag, Avatar } from "./avatar.js";
import { Attachments } from "./media.js";
import { Embed } from "./embed.js";
import { Parts } from "./parts.js";
import { EmojiPicker, Reactions } from "./reactions.js";
import { Menu, openPopup } from "./popup.js";

const EPHEMERAL = 64;
const LOADING = 128;
const SILENT_EMBEDS = 4;
const PIN = 6;
const THREAD_STARTER = 21;

export class Message extends Pure {
  render({ message, joined, last, uses, target }) {
    if (message.type === PIN) return html`<${Pinned} message=${message} last=${last} />`;
    const shown = message.type === THREAD_STARTER && message.referenced_message ? message.referenced_message : message;
    const private_ = message.flags & EPHEMERAL;
    const menu = (event) => {
      if (event.target.closest("a, img, video, input, textarea")) return;
      event.preventDefault();
      const at = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : null;
      openMenu(event.currentTarget, message, at);
    };
    return html`<article id=${`m-${message.id}`} tabindex=${last ? 0 : -1} onContextMenu=${menu}
      class=${classes("message", joined && "joined", private_ && "private", message.rings && "rings", target && "target")}
      aria-label=${`${nameOf(shown.author.id)}, ${written(Date.parse(message.timestamp) / 1000, "t")}`}>
      <${Above} message=${message} />
      <div class="message-row">
        ${joined ? html`<time class="gutter" dateTime=${message.timestamp}>${written(Date.parse(message.timestamp) / 1000, "t")}</time>` : html`<${Avatar} user=${{ ...shown.author, name: nameOf(shown.author.id) }} />`}
        <div class="message-body">
          ${!joined && html`<${Head} message=${message} author=${shown.author} />`}
          <${Body} message=${shown} uses=${uses} />
          ${message.reactions?.length > 0 && html`<${Reactions} message=${message} />`}
          ${message.thread && html`<${ThreadLink} thread=${message.thread} />`}
          ${private_ ? html`<${OnlyYou} message=${message} />` : null}
        </div>
      </div>
      <${Tools} message=${message} />
    </article>`;
  }
}

function Above({ message }) {
  const command = message.interaction_metadata?.name && message.interaction_metadata;
  if (command && message.type !== 19) {
    const how = command.command_type === 1 ? `/${command.name}` : command.name;
    return html`<div class="above"><${Avatar} user=${{ ...command.user, name: nameOf(command.user.id) }} size=${16} /><span><bdi>${nameOf(command.user.id)}</bdi> used <b>${how}</b></span></div>`;
  }
  if (!message.message_reference || message.type === THREAD_STARTER) return null;
  const to = message.referenced_message;
  if (!to) return html`<div class="above"><${Icon} name="reply" size="14" /><i>a message that is gone or private</i></div>`;
  return html`<button type="button" class="above as-link" onClick=${() => jumpTo(to.id)}><${Icon} name="reply" size="14" />
    <b><bdi>${nameOf(to.author.id)}</bdi></b><span class="quote">${brief(to)}</span></button>`;
}

function Head({ message, author }) {
  const at = Date.parse(message.timestamp) / 1000;
  return html`<div class="head"><span class="author"><bdi>${nameOf(author.id)}</bdi></span>${author.bot && html`<${AppTag} />`}
    <time dateTime=${message.timestamp} title=${written(at, "F")}>${written(at, "t")}</time>
    ${message.pinned && html`<span class="pin-mark" title="pinned"><${Icon} name="pin" size="14" /></span>`}</div>`;
}

function Body({ message, uses }) {
  if (message.flags & LOADING) {
    return html`<p class="thinking"><span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>${nameOf(message.author.id)} is thinking…</p>`;
  }
  const edited = message.edited_timestamp;
  return html`
    ${message.content && html`<div class="content"><${Markdown} text=${message.content} />${edited && html`<${Edited} at=${edited} />`}</div>`}
    ${!(message.flags & (1 << 15)) && html`<${Attachments} files=${message.attachments} />`}
    ${!(message.flags & SILENT_EMBEDS) && (message.embeds ?? []).map((one) => html`<${Embed} embed=${one} message=${message} />`)}
    ${message.components?.length > 0 && html`<${Parts} message=${message} uses=${uses} />`}
    ${!message.content && edited && html`<${Edited} at=${edited} />`}`;
}

function Edited({ at }) {
  return html`<span class="edited" title=${written(Date.parse(at) / 1000, "F")}>(edited)</span>`;
}

function OnlyYou({ message }) {
  return html`<p class="only-you"><${Icon} name="eye" size="14" />Only you can see this${message.flags & LOADING ? "" : html` · <button type="button" class="as-link" onClick=${() => attempt("delete", { message: message.id })}>Dismiss message</button>`}</p>`;
}

function ThreadLink({ thread }) {
  const known = channel(thread.id);
  return html`<button type="button" class="thread-link" disabled=${!known} onClick=${() => openChannel(thread.id)}><${Icon} name="thread" size="16" /><b><bdi>${thread.name}</bdi></b><span>${known ? "Open the thread" : "gone"}</span></button>`;
}

function Pinned({ message, last }) {
  const to = message.referenced_message;
  return html`<article id=${`m-${message.id}`} class="message system" tabindex=${last ? 0 : -1}><${Icon} name="pin" size="18" /><p><b><bdi>${nameOf(message.author.id)}</bdi></b> pinned ${to ? html`<button type="button" class="as-link" onClick=${() => jumpTo(to.id)}>a message</button>` : "a message"}.</p></article>`;
}

function Tools({ message }) {
  if (message.flags & LOADING) return null;
  const here = channel(message.channel_id);
  const react = (event) => openPopup(event.currentTarget, html`<${EmojiPicker} message=${message} />`, { label: "Add a reaction", side: "end" });
  const open = !(message.flags & EPHEMERAL);
  return html`<div class="tools" role="group" aria-label="Message actions">
    ${open && here?.can.react && html`<button type="button" class="square" aria-label="Add a reaction" title="Add a reaction" aria-haspopup="dialog" onClick=${react}><${Icon} name="smile" size="18" /></button>`}
    ${open && here?.can.send && html`<button type="button" class="square" aria-label="Reply" title="Reply" onClick=${() => replyTo(message)}><${Icon} name="reply" size="18" /></button>`}
    <button type="button" class="square" aria-label="More" title="More, with apps" aria-haspopup="menu" onClick=${(event) => openMenu(event.currentTarget, message)}><${Icon} name="dots" size="18" /></button>
  </div>`;
}

function openMenu(anchor, message, at = null) {
  const open = !(message.flags & EPHEMERAL);
  const here = channel(message.channel_id);
  const entries = [];
  if (open && here?.can.send) entries.push({ label: "Reply", icon: "reply", run: () => replyTo(message) });
  if (message.content) entries.push({ label: "Copy text", icon: "copy", run: () => navigator.clipboard?.writeText(message.content) });
  const apps = open ? state.commands.filter((one) => one.type === 3) : [];
  if (apps.length) entries.push({ heading: "Apps" });
  for (const one of apps) {
    const label = localized(one, "name", state.me.locale);
    entries.push({ label, icon: "bolt", run: () => runCommand(label, "menu", { name: one.name, message: message.id }) });
  }
  if (!open || message.author.id === state.me.id || here?.can.manage) {
    entries.push({ heading: "Message" }, { label: open ? "Delete" : "Dismiss", icon: "trash", danger: open, run: () => attempt("delete", { message: message.id }) });
  }
  openPopup(anchor, html`<${Menu} label="Message actions" entries=${entries} />`, { label: "Message actions", side: "end", at });
}

// What only this client shows: a command on its way, or one that was never answered.
export function Notice({ notice }) {
  const failed = notice.state === "failed";
  return html`<article class=${classes("message", "private", "notice", failed && "failed")}>
    <div class="message-row"><${Avatar} user=${{ ...state.places.users[state.bot.id], bot: true, name: nameOf(state.bot.id) }} />
      <div class="message-body">
        <div class="head"><span class="author"><bdi>${nameOf(state.bot.id)}</bdi></span><${AppTag} /></div>
        ${failed ? html`<p class="fail" role="alert"><${Icon} name="warn" size="18" />The application did not respond.</p>` : html`<p class="thinking"><span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>Sending ${notice.label}…</p>`}
        ${failed && html`<p class="only-you"><${Icon} name="eye" size="14" />Only you can see this · <button type="button" class="as-link" onClick=${() => dismissNotice(state.channelId, notice.key)}>Dismiss message</button></p>`}
      </div></div></article>`;
}
