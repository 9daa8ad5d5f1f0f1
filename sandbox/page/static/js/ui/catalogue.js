// Slash commands as a person finds them: subcommands flattened to paths, names in the person's language.
import { state } from "../store.js";
import { localized } from "../words.js";

const NESTED = [1, 2];

// Every command that can be typed: { path, shown, description, options, required }.
export function typable() {
  return state.commands.filter((one) => one.type === 1).flatMap((one) => leaves(one, [], []));
}

function leaves(node, path, shown) {
  const here = [...path, node.name];
  const words = [...shown, localized(node, "name", state.me.locale)];
  const nested = (node.options ?? []).filter((one) => NESTED.includes(one.type));
  if (nested.length) return nested.flatMap((one) => leaves(one, here, words));
  return [{ path: here.join(" "), shown: words.join(" "), description: localized(node, "description", state.me.locale),
    options: node.options ?? [] }];
}

// The command whose whole name was typed, with a space behind it.
export function named(typed) {
  const [, words] = /^\/(.*\S)\s$/.exec(typed) ?? [];
  return words && typable().find((one) => one.shown === words || one.path === words);
}

// Those that fit what was typed after the slash: first by beginning, then by any word in name or description.
export function matching(typed) {
  const wanted = typed.toLowerCase().trim();
  const all = typable();
  const starts = all.filter((one) => one.shown.startsWith(wanted) || one.path.startsWith(wanted));
  const contains = all
    .filter((one) => !starts.includes(one) && `${one.shown} ${one.description.toLowerCase()}`.includes(wanted));
  return [...starts, ...contains];
}
