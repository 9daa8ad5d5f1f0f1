// The middle: the channel's title, its messages, who is typing, and the composer.
import { html, useEffect, useLayoutEffect, useRef } from "../lib.js";
import { change, channel, log, nameOf, state } from "../store.js";
import { jumpTo, loadHistory, openChannel } from "../actions.js";
import { ask } from "../server.js";
import { browser } from "../memory.js";
import { dayOf } from "../clock.js";
import { brief } from "../markdown.js";
import { Icon } from "../icons.js";
import { Composer } from "./composer.js";
import { Message, Notice } from "./message.js";
import { openPopup, closePopup } from "./popup.js";
import { Forum } from "./forum.js";
import { placeIcon, toggleWorkbench } from "./places.js";
import { ParentLink, ThreadMarks, ThreadMenu, ThreadsButton } from "./threads.js";

const TOGETHER_MILLISECONDS = 7 * 60 * 1000;
const NEAR_PIXELS = 80;
const TEXT = 0;
const FORUM = 15;
const SYSTEM = [6, 18];

export function Chat() {
  const here = channel();
  return html`<main class="chat" aria-label=${here ? `Channel ${here.name}` : "No channel"}>
    <${Title} here=${here} />
    ${!state.online && html`<p class="banner warn" role="status">
      <${Icon} name="warn" size="18" />The sandbox is not running. This page comes back by itself.</p>`}
    ${state.online && !state.bot.connected && html`<${NoBot} />`}
    ${here?.kind === FORUM ? html`<${Forum} key=${here.id} here=${here} />` : html`<${Talk} here=${here} />`}
  </main>`;
}

function Talk({ here }) {
  if (!here) return html`<div class="log empty"><p>There is no channel to see.</p></div>`;
  return html`<${Log} key=${here.id} here=${here} /><${Typing} />
    <${Composer} key=${`${here.id}/${state.me.id}`} here=${here} />`;
}

function overlaid() {
  return matchMedia("(max-width: 1099px)").matches;
}

function Title({ here }) {
  const toggleMembers = () => {
    change((s) => {
      if (overlaid()) s.panel = s.panel === "members" ? null : "members";
      else {
        s.showMembers = s.showWorkbench || !s.showMembers;
        s.showWorkbench = false;
        browser.set("members", s.showMembers);
        browser.set("workbench", false);
      }
    });
  };
  const pins = async (event) => {
    const anchor = event.currentTarget;
    const pinned = await ask("pins", { channel: here.id });
    openPopup(anchor, html`<${Pins} pinned=${pinned} />`, { label: "Pinned messages", side: "end" });
  };
  return html`<header class="title">
    <button type="button" class="square only-narrow" aria-label="Servers and channels"
      aria-expanded=${state.panel === "places"} onClick=${() => change((s) => (s.panel = "places"))}>
      <${Icon} name="menu" /></button>
    ${here?.is_thread && html`<${ParentLink} here=${here} />`}
    <${Icon} name=${placeIcon(here)} />
    <h2><bdi>${here?.name ?? "nowhere"}</bdi></h2>
    ${here?.topic && html`<p class="topic">${here.topic}</p>`}
    ${here?.is_thread && html`<${ThreadMarks} place=${here} />`}
    <span class="fill"></span>
    ${here?.is_thread && html`<${ThreadMenu} here=${here} />`}
    ${here?.kind === TEXT && html`<${ThreadsButton} here=${here} />`}
    ${here && here.kind !== FORUM
      && html`<button type="button" class="square" aria-haspopup="dialog" aria-label="Pinned messages"
      title="Pinned messages" onClick=${pins}><${Icon} name="pin" /></button>`}
    <button type="button" class="square" aria-label="People" title="People"
      aria-pressed=${overlaid() ? state.panel === "members" : state.showMembers && !state.showWorkbench}
      onClick=${toggleMembers}><${Icon} name="people" /></button>
    <button type="button" class="square" aria-label="Workbench" title="Workbench for developers"
      aria-pressed=${state.showWorkbench} onClick=${toggleWorkbench}><${Icon} name="tools" /></button>
  </header>`;
}

function Pins({ pinned }) {
  const go = (message) => {
    closePopup();
    jumpTo(message.id);
  };
  return html`<div class="pins"><h2>Pinned messages</h2>
    ${pinned.length === 0 && html`<p class="hint">Nothing is pinned here yet.</p>`}
    <ul>${pinned.map((one) =>
      html`<li><button type="button" class="pinned" onClick=${() => go(one)}>
      <strong><bdi>${nameOf(one.author.id)}</bdi></strong><span>${brief(one)}</span></button></li>`)}</ul>
  </div>`;
}

function NoBot() {
  return html`<details class="banner quietly" open=${!state.commands.length && !overlaid()}>
    <summary><${Icon} name="bot" size="18" />No bot is connected at the moment. How to connect one</summary>
    <p>Point any discord.py bot here before its client is built; any token is accepted.</p>
    <pre class="code" tabindex="0"><code>${`discord.http.Route.BASE = "${location.origin}/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("${location.origin.replace("http", "ws")}/gateway")
discord.asset.Asset.BASE = "${location.origin}"`}</code></pre></details>`;
}

function Log({ here }) {
  const { messages, more, loading } = log(here.id);
  const notices = state.notices.get(here.id) ?? [];
  const scroller = useRef(null);
  const inner = useRef(null);
  const atEnd = useRef(true);
  const top = useRef(null);
  const last = messages.at(-1);
  useLayoutEffect(() => {
    // Whoever is at the end stays there, whatever grows: new messages, pictures that load, an edited text.
    const stay = new ResizeObserver(() => atEnd.current && scroller.current
      && (scroller.current.scrollTop = scroller.current.scrollHeight));
    stay.observe(inner.current);
    stay.observe(scroller.current);
    return () => stay.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (last?.author.id === state.me.id || notices.length) atEnd.current = true;
    if (atEnd.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [last?.id, notices.length]);
  useEffect(() => {
    if (!more || loading) return;
    const seen = new IntersectionObserver(([one]) => {
      if (!one.isIntersecting) return;
      const { scrollTop, scrollHeight } = scroller.current;
      loadHistory(here.id).then(() => requestAnimationFrame(() => {
        if (scroller.current
          && scrollTop === 0) scroller.current.scrollTop = scroller.current.scrollHeight - scrollHeight;
      }));
    }, { root: scroller.current, rootMargin: "400px 0px 0px" });
    seen.observe(top.current);
    return () => seen.disconnect();
  }, [more, loading, messages.length]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
  };
  return html`<div class="log" ref=${scroller} onScroll=${onScroll} onKeyDown=${walk}>
    <div class="log-inner" ref=${inner} role="log" aria-label="Messages" aria-relevant="additions text">
      <div ref=${top} class="older">${loading ? "Loading…" : ""}</div>
      ${!more && !loading && html`<${Beginning} here=${here} empty=${messages.length === 0} />`}
      ${rows(messages, notices)}
    </div>
  </div>`;
}

// Messages in their order, with what only this client shows where it happened.
function rows(messages, notices) {
  const out = [];
  let before = null;
  let lastDay = null;
  let at = 0;
  const tell = (until) => {
    for (; at < notices.length && notices[at].at < until; at += 1) {
      out.push(html`<${Notice} key=${notices[at].key} notice=${notices[at]} />`);
      before = null;
    }
  };
  for (const message of messages) {
    tell(message.timestamp);
    const day = message.timestamp.slice(0, 10);
    if (lastDay !== day) {
      out.push(html`<div class="day" role="separator" key=${`day-${day}`}><span>${dayOf(message.timestamp)}</span>
        </div>`);
      before = null;
      lastDay = day;
    }
    out.push(html`<${Message} key=${message.id} message=${message} joined=${belongsTo(message, before)}
      last=${message === messages.at(-1)}
      uses=${usesOf(message)} editing=${state.editing === message.id} me=${state.me.id}
        target=${state.replyTo === message.id} places=${state.places} />`);
    before = message;
  }
  tell("~");
  return out;
}

// A short text that changes when one of the message's components becomes pending or fails.
function usesOf(message) {
  if (!message.components.length || !state.uses.size) return "";
  return [...state.uses].filter(([key]) => key.startsWith(`${message.id}/`))
    .map(([key, how]) => `${key.slice(message.id.length + 1)}=${how}`).join("\n");
}

function belongsTo(message, before) {
  if (!before || before.author.id !== message.author.id || SYSTEM.includes(before.type)) return false;
  if (message.message_reference || message.interaction_metadata?.name || SYSTEM.includes(message.type)) return false;
  if ((before.flags & 64) !== (message.flags & 64)) return false;
  return new Date(message.timestamp) - new Date(before.timestamp) < TOGETHER_MILLISECONDS;
}

// Arrow keys walk from message to message; one of them can be reached with Tab.
function walk(event) {
  const row = document.activeElement?.closest?.(".message");
  if (!row || document.activeElement !== row) return;
  const all = [...event.currentTarget.querySelectorAll(".message")];
  const at = all.indexOf(row);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[Math.max(0, Math.min(all.length - 1, to))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function Beginning({ here, empty }) {
  return html`<div class="beginning">
    <span class="beginning-mark"><${Icon} name=${placeIcon(here)} size="32" /></span>
    <h3>${called(here)}</h3>
    <p>${welcome(here, empty)}</p>
    ${here.is_thread && html`<button type="button" class="quiet" onClick=${() => openChannel(here.parent_id)}>
      <${Icon} name="reply" size="18" /> Back to the channel</button>`}
  </div>`;
}

function called(here) {
  return here.guild_id && !here.is_thread ? `#${here.name}` : here.name;
}

function welcome(here, empty) {
  if (empty) return "Nothing has been said here yet. Type / below to see what the application can do.";
  if (here.is_thread) return "This is where the thread begins.";
  return here.guild_id
    ? `This is where #${here.name} begins.`
    : "This conversation is between you and the application.";
}

function Typing() {
  const names = [...state.typing.keys()].filter((key) => key.startsWith(`${state.channelId}/`))
    .map((key) => nameOf(key.split("/")[1]));
  const text = names.length === 0
    ? ""
    : names.length > 3
    ? "Several people are typing…"
    : `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing…`;
  return html`<div class="typing" aria-live="polite">
    ${text && html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>`}${text}</div>`;
}
