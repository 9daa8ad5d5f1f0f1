// The left side: servers, channels with their threads, the conversation with the bot, and who you are.
import { html, classes } from "../lib.js";
import { guild, state } from "../store.js";
import { openChannel } from "../actions.js";
import { Icon } from "../icons.js";
import { Avatar } from "./avatar.js";
import { openPopup } from "./popup.js";
import { PeopleSwitcher } from "./people.js";
import { LOCALES } from "../words.js";

const FORUM = 15;

export function Places() {
  const here = guild();
  return html`
    <nav class="places" aria-label="Servers and channels" id="places">
      <div class="rail">
        ${state.places.guilds.map((one) => html`
          <button type="button" key=${one.id} class=${classes("server", one.id === here?.id && "current")}
            title=${one.name}
            aria-label=${`Server ${one.name}`} aria-current=${one.id === here?.id ? "true" : null}
            onClick=${() => one.channels[0] && openChannel(one.channels[0].id)}>${[...one.name][0]}</button>`)}
      </div>
      <div class="channels">
        <h1 class="server-name">${here?.name ?? "Sandbox"}</h1>
        <div class="channel-list" tabindex="-1">
          <h2 class="group">Channels</h2>
          <ul>${here && tree(here).map((one) => html`<${Entry} key=${one.id} place=${one} />`)}</ul>
          ${here && here.channels.length === 0
            ? html`<p class="empty-note">No channel is left. The workbench can add one.</p>`
            : null}
          ${state.places.direct
            ? html`<h2 class="group">Direct messages</h2><ul><${Entry} place=${state.places.direct} /></ul>`
            : null}
        </div>
        <${Me} />
      </div>
    </nav>`;
}

function tree(here) {
  const threads = here.channels.filter((one) => one.is_thread);
  return here.channels
    .filter((one) => !one.is_thread)
    .flatMap((one) => [one, ...threads.filter((thread) => thread.parent_id === one.id && listed(thread, one))]);
}

// Closed threads rest; the posts of a forum are listed there and stand here only while they matter.
function listed(thread, parent) {
  if (thread.id === state.channelId) return true;
  if (thread.archived) return false;
  return parent.kind !== FORUM || thread.owner_id === state.me.id || state.unread.has(thread.id);
}

export function placeIcon(place) {
  if (place?.is_thread) return "thread";
  if (place?.kind === FORUM) return "forum";
  return place?.guild_id ? "hash" : "at";
}

function Entry({ place }) {
  const current = place.id === state.channelId;
  const unread = state.unread.get(place.id);
  return html`<li class=${classes(place.is_thread && "nested")}>
    <button type="button" class=${classes("channel", current && "current", unread && "unread")}
      aria-current=${current ? "page" : null} onClick=${() => openChannel(place.id)}>
      <${Icon} name=${placeIcon(place)} size="18" /><bdi class="channel-name" title=${place.name}>${place.name}</bdi>
      ${unread?.rings
        ? html`<span class="badge" aria-label=${`${unread.rings} mentions`}>${unread.rings}</span>`
        : null}
      ${unread && !unread.rings ? html`<span class="dot" role="img" aria-label="unread"></span>` : null}
    </button></li>`;
}

function Me() {
  const { me } = state;
  return html`<div class="me">
    <button type="button" class="who" aria-haspopup="dialog" title="Be somebody else"
      onClick=${(event) =>
      openPopup(event.currentTarget, () => html`<${PeopleSwitcher} />`, { label: "Who you are", side: "top" })}>
      <${Avatar} user=${me} size=${32} />
      <span class="who-text"><strong><bdi>${me.name}</bdi></strong>
        <small>${me.roles[0] ?? "Student"} · ${LOCALES[me.locale] ?? me.locale}</small></span>
      <${Icon} name="switch" size="18" />
    </button>
  </div>`;
}
