// The right side: who is in the server, by role, with the application and whether it is connected.
import { html, classes } from "../lib.js";
import { change, channel, guild, state } from "../store.js";
import { attempt, runCommand } from "../actions.js";
import { localized } from "../words.js";
import { Icon } from "../icons.js";
import { colorOf, tinted } from "../tint.js";
import { AppTag, Avatar } from "./avatar.js";
import { Menu, openPopup } from "./popup.js";

export function Members() {
  const here = guild();
  const members = (here?.members ?? []).map((one) => ({ ...one, user: state.places.users[one.id] }))
    .filter((one) => one.user);
  const bots = members.filter((one) => one.user.bot);
  const people = members.filter((one) => !one.user.bot);
  const roleOf = (one) => here.roles.find((role) => one.roles.includes(role.id))?.name;
  const groups = new Map();
  for (const one of people) {
    const name = roleOf(one) ?? "Members";
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const ordered = [...groups].sort(([a], [b]) => (a === "Members") - (b === "Members"));
  return html`<aside class="members" aria-label="People" tabindex="0">
    <div class="panel-title"><h2>People</h2>
      <button type="button" class="square" aria-label="Close people" onClick=${() => change((s) => (s.panel = null))}>
      <${Icon} name="close" /></button></div>
    ${ordered.map(([name, some]) =>
      html`<h3 class="group" key=${name}>${name} · ${some.length}</h3>
      <ul>${some.map((one) => html`<${Row} key=${one.id} member=${one} />`)}</ul>`)}
    ${bots.length > 0 && html`<h3 class="group">Applications · ${bots.length}</h3>
      <ul>${bots.map((one) => html`<${Row} key=${one.id} member=${one} />`)}</ul>`}
  </aside>`;
}

function apps(user) {
  const found = state.commands.filter((one) => one.type === 2);
  const entry = (one) => ({
    label: localized(one, "name", state.me.locale),
    icon: "bolt",
    run: () => runCommand(one.name, "menu", { name: one.name, member: user.id }),
  });
  return found.length ? [{ heading: "Apps" }, ...found.map(entry)] : [];
}

// Whoever may manage roles gives and takes them here; the platform's own are nobody's to give.
function roles(member) {
  if (!channel()?.can.roles) return [];
  const given = guild().roles.filter((one) => one.name !== "@everyone" && !one.managed);
  const entry = (one) => ({
    label: member.roles.includes(one.id) ? `Take ${one.name}` : `Give ${one.name}`,
    icon: member.roles.includes(one.id) ? "check" : "plus",
    run: () => attempt("role", { member: member.id, role: one.id }),
  });
  return given.length ? [{ heading: "Roles" }, ...given.map(entry)] : [];
}

function Row({ member }) {
  const { user } = member;
  const away = user.bot && !state.bot.connected;
  const entries = state.people.some((one) => one.id === user.id) ? [...apps(user), ...roles(member)] : [];
  const menu = html`<${Menu} label=${`Actions for ${user.name}`} entries=${entries} />`;
  const open = (event) => openPopup(event.currentTarget, menu, { label: `Actions for ${user.name}` });
  const inside = html`<${Avatar} user=${user} size=${32} />
    <span class="who-text"><strong class="tinted" ref=${tinted(colorOf(member.id))}>
    <bdi>${member.nick ?? user.name}</bdi>${user.bot && html`<${AppTag} />`}</strong>
    ${user.bot && html`<small>${away ? "not connected" : "connected"}</small>`}</span>`;
  return html`<li class=${classes("member", away && "away")}>
    ${entries.length ? html`<button type="button" class="member-button" aria-haspopup="menu" onClick=${open}>${inside}
    </button>` : html`<div class="member-button still">${inside}</div>`}</li>`;
}
