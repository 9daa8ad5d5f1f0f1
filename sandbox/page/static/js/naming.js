// Names that people type and the marks that stand for them in a message: @Ada is <@1>, #general is <#2>.
import { channels, guild, nameOf } from "./store.js";

const MOST = 8;

function nameable(sign) {
  if (sign === "#") {
    const places = channels().filter((one) => one.guild_id);
    return places.map((one) => ({ name: `#${one.name}`, mark: `<#${one.id}>` }));
  }
  return (guild()?.members ?? []).map((one) => ({ name: `@${nameOf(one.id)}`, mark: `<@${one.id}>` }));
}

// Whom or what the end of a text may mean, each with the text once it is picked; nothing when it is said already.
export function meant(text) {
  const [, sign, typed] = /(?:^|\s)([@#])([^\n@#]{0,32})$/.exec(text) ?? [];
  if (!sign) return [];
  const wanted = `${sign}${typed}`.toLowerCase();
  const found = nameable(sign).filter((one) => one.name.toLowerCase().startsWith(wanted));
  if (found.some((one) => one.name.toLowerCase() === wanted)) return [];
  const before = text.slice(0, text.length - typed.length - 1);
  return found.slice(0, MOST).map((one) => ({ ...one, text: `${before}${one.name} ` }));
}

// The longest names first, so that of Ann and Ann Lee the right one is meant.
function everything() {
  return [...nameable("@"), ...nameable("#")].sort((a, b) => b.name.length - a.name.length);
}

export function marked(text) {
  return everything().reduce((done, { name, mark }) => {
    const parts = done.split(name);
    return parts.slice(1).reduce((said, part) => {
      const stands = /(?:^|[\s(])$/.test(said) && !/^[\p{L}\p{N}_]/u.test(part);
      return said + (stands ? mark : name) + part;
    }, parts[0]);
  }, text);
}

export function unmarked(text) {
  return everything().reduce((done, { name, mark }) => done.replaceAll(mark, name), text);
}
