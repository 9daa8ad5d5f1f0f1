// The messages of a channel in their order, with the days between them; whoever reads at the end stays there.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../lib.js";
import { log, state } from "../store.js";
import { loadHistory, openChannel } from "../actions.js";
import { dayOf } from "../clock.js";
import { Icon } from "../icons.js";
import { Message, Notice } from "./message.js";
import { placeIcon } from "./places.js";

const TOGETHER_MILLISECONDS = 7 * 60 * 1000;
const NEAR_PIXELS = 80;
const SYSTEM = [6, 18];

// Stay at the end, whatever grows: new messages, pictures that load, an edited text. Only scrolling up leaves it, and
// neither a scroll that lags behind growth does, nor one that the browser makes up for rows that turned out shorter.
// `away` is empty at the end, "near" less than a screen above it, else "far".
function useEnd(scroller, inner) {
  const stays = useRef(true);
  const before = useRef({ scrollTop: 0, scrollHeight: 0 });
  const [away, setAway] = useState("");
  const look = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current;
    const left = scrollHeight - scrollTop - clientHeight;
    if (left < NEAR_PIXELS) stays.current = true;
    else if (scrollTop < before.current.scrollTop && scrollHeight >= before.current.scrollHeight) stays.current = false;
    before.current = { scrollTop, scrollHeight };
    setAway(stays.current ? "" : left < clientHeight ? "near" : "far");
  };
  const toEnd = () => {
    stays.current = true;
    scroller.current.scrollTop = scroller.current.scrollHeight;
    look();
  };
  useLayoutEffect(() => {
    const grown = new ResizeObserver(() => {
      look();
      if (stays.current) toEnd();
    });
    grown.observe(inner.current);
    grown.observe(scroller.current);
    return () => grown.disconnect();
  }, []);
  return { stays, away, look, toEnd };
}

export function Log({ here }) {
  const { messages, more, loading } = log(here.id);
  const notices = state.notices.get(here.id) ?? [];
  const scroller = useRef(null);
  const inner = useRef(null);
  const top = useRef(null);
  const { stays, away, look, toEnd } = useEnd(scroller, inner);
  const known = useRef({ newest: null, notices: 0 });
  const [missed, miss] = useState(false);
  const last = messages.at(-1);
  useLayoutEffect(() => {
    const before = known.current;
    known.current = { newest: last?.id, notices: notices.length };
    const arrived = last && (!before.newest || BigInt(last.id) > BigInt(before.newest));
    const mine = notices.length > before.notices || (arrived && last.author.id === state.me.id);
    if (stays.current || mine) toEnd();
    else if (arrived) miss(true);
  }, [last?.id, notices.length]);
  useLayoutEffect(() => {
    if (!away) miss(false);
  }, [away]);
  useEffect(() => {
    if (!more || loading) return undefined;
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
  return html`<div class="log" ref=${scroller} onScroll=${look} onKeyDown=${walk}>
    <div class="log-inner" ref=${inner} role="log" aria-label="Messages" aria-relevant="additions text">
      <div ref=${top} class="older">${loading ? "Loading…" : ""}</div>
      ${!more && !loading && html`<${Beginning} here=${here} empty=${messages.length === 0} />`}
      ${rows(messages, notices)}
    </div>
  </div>
  ${(missed || away === "far") && html`<div class="newest"><button type="button" onClick=${toEnd}>
    <${Icon} name="down" size="18" />${missed ? "New messages below" : "To the newest"}</button></div>`}`;
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
