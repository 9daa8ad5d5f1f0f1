// The middle: the channel's title, its messages, who is typing, and the composer.
import { html } from "../lib.js";
import { change, channel, nameOf, panelOver, state } from "../store.js";
import { ask } from "../server.js";
import { browser } from "../memory.js";
import { brief } from "../markdown.js";
import { goToMessage } from "../ways.js";
import { Icon } from "../icons.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { openPopup, closePopup } from "./popup.js";
import { Forum } from "./forum.js";
import { placeIcon } from "./places.js";
import { ParentLink, ThreadMarks, ThreadMenu, ThreadsButton } from "./threads.js";
import { toggleWorkbench } from "./workbench.js";

const TEXT = 0;
const FORUM = 15;

export function Chat() {
  const here = channel();
  const label = here ? `Channel ${here.name}` : "No channel";
  return html`<main class="chat" inert=${Boolean(panelOver())} aria-label=${label}>
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
    goToMessage(message.channel_id, message.id);
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
    <p>Point any discord.py bot here after <code class="inline">import discord, yarl</code> and before its client is
      built; any token is accepted.</p>
    <pre class="code" tabindex="0"><code>${`discord.http.Route.BASE = "${location.origin}/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("${location.origin.replace("http", "ws")}/gateway")
discord.asset.Asset.BASE = "${location.origin}"`}</code></pre></details>`;
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
