// The developers' drawer: the bot's requests with their verdicts, gateway events, the clock, and what can go wrong.
import { html, classes, useState } from "../lib.js";
import { change, state } from "../store.js";
import { alterBench, loadBench } from "../actions.js";
import { clockTime, now, useTick, written } from "../clock.js";
import { capital, fileSize } from "../words.js";
import { browser } from "../memory.js";
import { Icon } from "../icons.js";

const UNJUDGED = "set DISCORD_OPENAPI to Discord's OpenAPI document before the sandbox starts.";
const TABS = { requests: "Requests", events: "Events", troubles: "Faults", clock: "Clock" };

export function toggleWorkbench() {
  change((s) => {
    s.showWorkbench = !s.showWorkbench;
    s.panel = null;
    browser.set("workbench", s.showWorkbench);
    if (s.showWorkbench) loadBench();
    else s.bench = null;
  });
}

export function Workbench() {
  const [tab, setTab] = useState(() => browser.get("workbench tab", "requests"));
  const open = (name) => {
    browser.set("workbench tab", name);
    setTab(name);
  };
  const walk = (event) => {
    const names = Object.keys(TABS);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = names[(names.indexOf(tab) + step + names.length) % names.length];
    open(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  const Panel = { requests: Requests, events: Events, troubles: Troubles, clock: ClockPanel }[tab];
  return html`<aside class="workbench" aria-label="Workbench for developers">
    <div class="panel-title"><h2>Workbench</h2><${Weather} />
      <button type="button" class="square" aria-label="Close the workbench" onClick=${toggleWorkbench}>
      <${Icon} name="close" /></button></div>
    <div class="tabs" role="tablist" aria-label="Workbench" onKeyDown=${walk}>
      ${Object.entries(TABS)
      .map(([name, label]) =>
      html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${tab === name}
      aria-controls="bench-panel" tabindex=${tab === name ? 0 : -1} onClick=${() => open(name)}>${label}
      ${name === "requests" && state.bench ? html` <span class="tally">${state.bench.requests.length}</span>` : ""}
      </button>`)}</div>
    <div class="bench-panel" id="bench-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0">
      ${state.bench ? html`<${Panel} bench=${state.bench} />` : html`<p class="hint padded">Loading…</p>`}</div>
  </aside>`;
}

function Weather() {
  const bench = state.bench;
  if (!bench) return html`<span class="fill"></span>`;
  const on = bench.troubles.filter((one) => one.on).length + bench.waiting + bench.denied.length;
  return html`<span class="fill"></span>
    ${on > 0 && html`<span class="chip danger">${on} ${on === 1 ? "fault" : "faults"}</span>`}`;
}

function Requests({ bench }) {
  const [bad, setBad] = useState(false);
  const wrong = (one) => one.status >= 400 || ["invalid", "unknown"].includes(one.verdict) || !one.handled;
  const shown = (bad ? bench.requests.filter(wrong) : bench.requests).slice(-150).reverse();
  const judged = bench.requests.filter((one) => one.verdict === "valid").length;
  const against = bench.requests.filter((one) => ["invalid", "unknown"].includes(one.verdict)).length;
  const largest = bench.requests.reduce((most, one) => Math.max(most, one.size_bytes), 0);
  const total = bench.requests.reduce((sum, one) => sum + one.size_bytes, 0);
  return html`
    <dl class="figures">
      <div><dt>requests</dt><dd>${bench.requests.length}</dd></div>
      <div><dt>as documented</dt><dd>${bench.judged ? judged : "–"}</dd></div>
      <div><dt>not allowed</dt><dd class=${against ? "bad" : ""}>${bench.judged ? against : "–"}</dd></div>
      <div><dt>failed</dt><dd>${bench.requests.filter((one) => one.status >= 400).length}</dd></div>
      <div><dt>sent by the bot</dt><dd>${fileSize(total)}</dd></div>
      <div><dt>largest</dt><dd>${fileSize(largest)}</dd></div>
    </dl>
    ${!bench.judged && html`<p class="hint padded">Requests are not judged: ${UNJUDGED}</p>`}
    <label class="check padded">
      <input type="checkbox" checked=${bad} onChange=${(event) => setBad(event.target.checked)} />
      <span>Only what went wrong</span></label>
    ${shown.length === 0
      && html`<p class="hint padded">${bad ? "Nothing went wrong so far." : "The bot has asked for nothing yet."}</p>`}
    <ul class="entries">${shown.map((one) => html`<${Request} key=${one.key} request=${one} />`)}</ul>`;
}

const VERDICTS = { valid: "as documented", invalid: "not allowed", unknown: "not documented", unchecked: "not judged" };

function Request({ request }) {
  const [open, show] = useState(false);
  const level = request.status >= 500 || request.status === 499 ? "bad" : request.status >= 400 ? "poor" : "good";
  return html`<li class="entry"><button type="button" aria-expanded=${open} onClick=${() => show(!open)}>
      <span class=${`status ${level}`}>${request.status === 499 ? "cut" : request.status}</span><b>${request.method}</b>
        <span class="path">${shorten(request.path)}</span>
      <span class="entry-facts">${clockTime(request.at)} · ${request.milliseconds} ms · ${fileSize(request.size_bytes)}
        ${request.verdict === "unchecked"
        ? ""
        : html` · <span class=${`verdict ${request.verdict}`}>${VERDICTS[request.verdict]}</span>`}${request.handled
        ? ""
        : " · not imitated"}${request.fault
        ? html` · <span class="verdict invalid">fault</span>`
        : ""}</span></button>
    ${open && html`<div class="entry-more">
      ${request.operation && html`<p>${request.operation}
        ${request.code ? ` · code ${request.code}` : ""} · answer ${fileSize(request.answer_bytes)}</p>`}
      ${request.problems.map((text) => html`<p class="verdict invalid">${text}</p>`)}
      ${request.fault && html`<p class="hint">${request.fault}</p>`}
      <p class="path-full">${request.path}</p>
      <pre class="code" tabindex="0">
        <code>${request.body === null ? "no body" : JSON.stringify(request.body, null, 2)}</code></pre></div>`}</li>`;
}

// Tokens and snowflakes fill a line and say little; the whole path stands in the details.
function shorten(path) {
  return path.replace(/\/[A-Za-z0-9_-]{40,}/g, "/‹token›").replace(/\/(\d{4})\d{9,}(?=\d{3})/g, "/…");
}

function Events({ bench }) {
  const [filter, setFilter] = useState("");
  const shown = bench.events.filter((one) => one.name.includes(filter.trim().toUpperCase().replaceAll(" ", "_")))
    .slice(-150).reverse();
  return html`<label class="field-line padded">Show only<input type="search" value=${filter}
    placeholder="for example MESSAGE" onInput=${(event) => setFilter(event.target.value)} /></label>
    ${shown.length === 0 && html`<p class="hint padded">No event yet. Say something in a channel.</p>`}
    <ul class="entries">${shown.map((one) => html`<${EventRow} key=${one.key} event=${one} />`)}</ul>`;
}

function EventRow({ event }) {
  const [open, show] = useState(false);
  return html`<li class="entry">
    <button type="button" aria-expanded=${open} onClick=${() => show(!open)}><b class="event-name">${event.name}</b>
    <span class="entry-facts">${[clockTime(event.at), about(event)].filter(Boolean).join(" · ")}</span></button>
    ${open && html`<div class="entry-more">
      <pre class="code" tabindex="0"><code>${JSON.stringify(event.payload, null, 2)}</code></pre></div>`}</li>`;
}

// What an event is about, in a few words, so that one need not be opened to be told from the next.
function about({ name, payload }) {
  const said = { 2: (data) => data.type > 1 ? data.name : `/${data.name}`, 3: (data) => data.custom_id,
    4: (data) => `/${data.name}, suggestions`, 5: (data) => `form ${data.custom_id}` };
  if (name === "INTERACTION_CREATE") return said[payload.type]?.(payload.data);
  return payload.content?.slice(0, 60) ?? payload.name ?? "";
}

function Troubles({ bench }) {
  const calm = bench.troubles.every((one) => !one.on) && !bench.waiting && !bench.denied.length;
  return html`<div class="padded stack">
    <div class="spread">
      <p class="hint">${bench.waiting
      ? `${bench.waiting} waiting for the bot's next request.`
      : calm
      ? "Everything works."
      : "Something is switched on."}</p>
      <button type="button" class="quiet" disabled=${calm} onClick=${() => alterBench("calm")}>
        <${Icon} name="check" size="18" />All well again</button></div>
    <h3>Once</h3><div class="troubles">${bench.troubles.filter((one) => one.once).map(Trouble)}</div>
    <h3>Until all is well again</h3>
      <div class="troubles">${bench.troubles.filter((one) => !one.once).map(Trouble)}</div>
    <p class="hint">Limit per file at the moment: ${fileSize(bench.upload_limit_bytes)}</p>
    <h3>What the bot may do</h3>
    <div class="permissions">
      ${bench.permissions.map((name) =>
      html`<label class="check">
      <input type="checkbox" checked=${!bench.denied.includes(name)}
      onChange=${(event) => permit(name, event.target.checked)} />
      <span>${capital(name.replaceAll("_", " "))}</span></label>`)}</div>
    <h3>Channels</h3><${Channels} /></div>`;
}

// Shown at once, or the next drawing would put the mark back until the sandbox has answered.
function permit(name, allowed) {
  change((s) => {
    const others = s.bench.denied.filter((one) => one !== name);
    s.bench = { ...s.bench, denied: allowed ? others : [...others, name] };
  });
  alterBench("permission", { name, allowed });
}

function Trouble(one) {
  return html`<button type="button" key=${one.id} class=${classes("trouble", one.on && "on")}
    aria-pressed=${one.once ? null : one.on} disabled=${one.on} onClick=${() => alterBench("trouble", { id: one.id })}>
    <b>${one.label}${one.on ? " · on" : ""}</b><small>${one.explains}</small></button>`;
}

function Channels() {
  const [name, setName] = useState("");
  const add = (event) => {
    event.preventDefault();
    alterBench("add-channel", { name: name.trim().toLowerCase().replace(/\s+/g, "-") });
    setName("");
  };
  return html`<form class="field-line" onSubmit=${add}>
    <label class="grow">New channel<input value=${name} maxlength="100" required
    onInput=${(event) => setName(event.target.value)} /></label><button class="quiet">Add</button></form>
    <button type="button" class="quiet danger-text" onClick=${() => alterBench("delete-channel")}>
      <${Icon} name="trash" size="18" />Delete the channel I am in</button>`;
}

const STEPS = [["1 minute", 60], ["15 minutes", 900], ["1 hour", 3600], ["1 day", 86400], ["1 month", 30 * 86400]];

function ClockPanel({ bench }) {
  useTick();
  const days = bench.ahead_seconds / 86400;
  return html`<div class="padded stack">
    <p class="big-clock"><time dateTime=${new Date(now() * 1000).toISOString()}>${written(now(), "F")}</time>
    <b>${clockTime(now())}</b></p>
    <p class="hint">${bench.ahead_seconds
      ? `The sandbox is ${days >= 1
      ? `${days.toFixed(1)} days`
      : `${Math.round(bench.ahead_seconds / 60)} minutes`} ahead of this machine.`
      : "The sandbox's time is this machine's."} Tokens end after 15 minutes, addresses of files after a day.</p>
    <h3>Move forward</h3>
      <div class="row">${STEPS
      .map(([label, seconds]) =>
      html`<button type="button" class="part-button secondary" key=${label}
      onClick=${() => alterBench("clock", { seconds })}>${label}</button>`)}</div></div>`;
}
