// One message: the line above it, its author, words, files, embeds, components and reactions.
import { html, classes, Pure } from "../lib.js";
import { nameOf, state } from "../store.js";
import { attempt, dismissNotice } from "../actions.js";
import { goToMessage } from "../ways.js";
import { written } from "../clock.js";
import { brief, Markdown } from "../markdown.js";
import { colorOf, tinted } from "../tint.js";
import { Icon } from "../icons.js";
import { AppTag, Avatar } from "./avatar.js";
import { Attachments } from "./media.js";
import { Embed } from "./embed.js";
import { isOnlyEmojis } from "./emoji.js";
import { Parts } from "./parts.js";
import { Reactions } from "./reactions.js";
import { Editor } from "./editor.js";
import { openMenu, Tools } from "./menus.js";
import { Begun, ThreadLink } from "./threads.js";

const EPHEMERAL = 64;
const LOADING = 128;
const SILENT_EMBEDS = 4;
const PIN = 6;
const THREAD_CREATED = 18;
const THREAD_STARTER = 21;

export class Message extends Pure {
  render({ message, joined, last, uses, target, editing }) {
    if (message.type === PIN) return html`<${Pinned} message=${message} last=${last} />`;
    if (message.type === THREAD_CREATED) return html`<${Begun} message=${message} last=${last} />`;
    const shown = message.type === THREAD_STARTER && message.referenced_message ? message.referenced_message : message;
    const private_ = message.flags & EPHEMERAL;
    const menu = (event) => {
      if (event.target.closest("a, img, video, input, textarea")) return;
      event.preventDefault();
      const at = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : null;
      openMenu(event.currentTarget, message, at);
    };
    return html`<article id=${`m-${message.id}`} tabindex=${last ? 0 : -1} onContextMenu=${menu}
      class=${classes("message", joined && "joined", private_ && "private", message.rings && "rings",
        target && "target", editing && "editing")}
      aria-label=${`${nameOf(shown.author.id)}, ${written(Date.parse(message.timestamp) / 1000, "t")}`}>
      <${Above} message=${message} />
      <div class="message-row">
        ${joined ? html`<time class="gutter" dateTime=${message.timestamp}>
          ${written(Date.parse(message.timestamp) / 1000, "t")}</time>`
          : html`<${Avatar} user=${{ ...shown.author, name: nameOf(shown.author.id) }} />`}
        <div class="message-body">
          ${!joined && html`<${Head} message=${message} author=${shown.author} />`}
          ${editing ? html`<${Editor} message=${message} />` : html`<${Body} message=${shown} uses=${uses} />`}
          ${message.reactions?.length > 0 && html`<${Reactions} message=${message} />`}
          ${message.thread && html`<${ThreadLink} id=${message.thread.id} name=${message.thread.name} />`}
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
    return html`<div class="above"><${Avatar} user=${{ ...command.user, name: nameOf(command.user.id) }} size=${16} />
      <span><bdi>${nameOf(command.user.id)}</bdi> used <b>${how}</b></span></div>`;
  }
  if (!message.message_reference || message.type === THREAD_STARTER) return null;
  const to = message.referenced_message;
  if (!to) return html`<div class="above"><${Icon} name="reply" size="14" /><i>a message that is gone or private</i>
    </div>`;
  return html`<button type="button" class="above as-link" onClick=${() => goToMessage(to.channel_id, to.id)}>
    <${Icon} name="reply" size="14" />
    <b class="tinted" ref=${tinted(colorOf(to.author.id))}><bdi>${nameOf(to.author.id)}</bdi></b>
    <span class="quote">${brief(to)}</span></button>`;
}

function Head({ message, author }) {
  const at = Date.parse(message.timestamp) / 1000;
  return html`<div class="head"><span class="author tinted" ref=${tinted(colorOf(author.id))}>
    <bdi>${nameOf(author.id)}</bdi></span>
    ${author.bot && html`<${AppTag} />`}
    <time dateTime=${message.timestamp} title=${written(at, "F")}>${written(at, "t")}</time>
    ${message.pinned && html`<span class="pin-mark" title="pinned"><${Icon} name="pin" size="14" /></span>`}</div>`;
}

function Body({ message, uses }) {
  if (message.flags & LOADING) {
    return html`<p class="thinking"><${Dots} />${nameOf(message.author.id)} is thinking…</p>`;
  }
  const edited = message.edited_timestamp;
  return html`
    ${message.content && html`<div class=${classes("content", isOnlyEmojis(message.content) && "large-emojis")}>
      <${Markdown} text=${message.content} />
      ${edited && html`<${Edited} at=${edited} />`}</div>`}
    ${!(message.flags & (1 << 15)) && html`<${Attachments} files=${outsideEmbeds(message)} />`}
    ${!(message.flags & SILENT_EMBEDS) && (message.embeds ?? [])
      .map((one) => html`<${Embed} embed=${one} message=${message} />`)}
    ${message.components?.length > 0 && html`<${Parts} message=${message} uses=${uses} />`}
    ${!message.content && edited && html`<${Edited} at=${edited} />`}`;
}

// What an embed shows does not stand above it once more.
function outsideEmbeds(message) {
  return message.attachments.filter((one) => message.shown?.includes(one.id) ?? true);
}

function Edited({ at }) {
  return html`<span class="edited" title=${written(Date.parse(at) / 1000, "F")}>(edited)</span>`;
}

function OnlyYou({ message }) {
  const dismiss = () => attempt("delete", { message: message.id });
  return html`<p class="only-you"><${Icon} name="eye" size="14" />Only you can see this
    ${!(message.flags & LOADING) && html`<${Dismiss} onClick=${dismiss} />`}</p>`;
}

function Dismiss({ onClick }) {
  return html`<span aria-hidden="true">·</span>
    <button type="button" class="as-link" onClick=${onClick}>Dismiss message</button>`;
}

function Pinned({ message, last }) {
  const to = message.referenced_message;
  const go = () => goToMessage(to.channel_id, to.id);
  const link = html`<button type="button" class="as-link" onClick=${go}>a message</button>`;
  return html`<article id=${`m-${message.id}`} class="message system" tabindex=${last ? 0 : -1}>
    <${Icon} name="pin" size="18" />
    <p><b><bdi>${nameOf(message.author.id)}</bdi></b> pinned ${to ? link : "a message"}.</p></article>`;
}

// What only this client shows: a command on its way, or one that was never answered.
export function Notice({ notice }) {
  const failed = notice.state === "failed";
  const bot = { ...state.places.users[state.bot.id], bot: true, name: nameOf(state.bot.id) };
  const dismiss = () => dismissNotice(state.channelId, notice.key);
  return html`<article class=${classes("message", "private", "notice", failed && "failed")}>
    ${failed && html`<div class="above"><${Avatar} user=${state.me} size=${16} />
      <span><bdi>${nameOf(state.me.id)}</bdi> used <b>${notice.label}</b></span></div>`}
    <div class="message-row"><${Avatar} user=${bot} />
      <div class="message-body">
        <div class="head"><span class="author"><bdi>${bot.name}</bdi></span><${AppTag} /></div>
        ${failed
          ? html`<${Failure} onDismiss=${dismiss} />`
          : html`<p class="thinking"><${Dots} />Sending ${notice.label}…</p>`}
      </div></div></article>`;
}

function Failure({ onDismiss }) {
  return html`<p class="fail" role="alert"><${Icon} name="warn" size="18" />The application did not respond.</p>
    <p class="only-you"><${Icon} name="eye" size="14" />Only you can see this<${Dismiss} onClick=${onDismiss} /></p>`;
}

function Dots() {
  return html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>`;
}
