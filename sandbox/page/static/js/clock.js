// The sandbox's time in the page: how far it is ahead, when it ticks, and Discord's ways of writing a moment.
import { html, useEffect, useState } from "./lib.js";
import { state } from "./store.js";

let aheadMilliseconds = 0;
const listeners = new Set();

export function setNow(unixSeconds) {
  const ahead = unixSeconds * 1000 - Date.now();
  const jumped = Math.abs(ahead - aheadMilliseconds) > 500;
  aheadMilliseconds = ahead;
  if (jumped) tick();
}

export function now() {
  return (Date.now() + aheadMilliseconds) / 1000;
}

function tick() {
  for (const listener of [...listeners]) listener();
}
setInterval(tick, 1000);

export function useTick() {
  const [, again] = useState(0);
  useEffect(() => {
    const listener = () => again((count) => count + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
}

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function locale() {
  return state.me?.locale ?? "en-US";
}

export function written(unixSeconds, style = "f") {
  return new Intl.DateTimeFormat(locale(), STYLES[style] ?? STYLES.f).format(unixSeconds * 1000);
}

function distance(unixSeconds) {
  const away = Math.round(unixSeconds - now());
  const [unit, size] = UNITS.find(([, seconds]) => Math.abs(away) >= seconds) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(away / size), unit);
}

function possible(unixSeconds) {
  return Number.isFinite(unixSeconds) && Math.abs(unixSeconds) <= 8.64e12;
}

function Relative({ at }) {
  useTick();
  return html`<time class="when" dateTime=${new Date(at * 1000).toISOString()} title=${written(at, "F")}>${distance(at)}
    </time>`;
}

// `<t:SECONDS:STYLE>` as Discord shows it; R goes on ticking.
export function When({ at, style = "f" }) {
  if (!possible(at)) return html`<span class="when">Invalid date</span>`;
  if (style === "R") return html`<${Relative} at=${at} />`;
  const iso = new Date(at * 1000).toISOString();
  return html`<time class="when" dateTime=${iso} title=${written(at, "F")}>${written(at, style)}</time>`;
}

export function dayOf(iso) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(new Date(iso));
}

export function clockTime(unixSeconds) {
  return new Date(unixSeconds * 1000).toLocaleTimeString("en-GB");
}
