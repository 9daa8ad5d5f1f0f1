// Emojis: characters as they are, the application's own as pictures, and those that nobody here knows by their names.
import { html } from "../lib.js";
import { state } from "../store.js";

const MOST_LARGE = 30;
const ONE = /<a?:\w+:\d+>|\p{RGI_Emoji}/vg;

export function Emoji({ emoji }) {
  if (!emoji.id) return emoji.name;
  const name = `:${emoji.name}:`;
  if (!state.places.emojis?.includes(emoji.id)) return html`<span class="unknown-emoji" title="not known here">${name}
    </span>`;
  return html`<img class="emoji" src=${`${location.origin}/emojis/${emoji.id}.webp`} alt=${name} title=${name} />`;
}

// Whether a text is nothing but a few emojis, which are shown large.
export function isOnlyEmojis(text) {
  const found = text.match(ONE) ?? [];
  return found.length > 0 && found.length <= MOST_LARGE && !text.replace(ONE, "").trim();
}
