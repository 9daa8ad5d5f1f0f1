// Reactions under a message, and a small choice of characters to react with.
import { html, classes } from "../lib.js";
import { attempt } from "../actions.js";
import { Emoji } from "./emoji.js";
import { closePopup } from "./popup.js";

const EMOJI = [
  ["👍", "thumbs up"], ["❤️", "heart"], ["😂", "laughing"], ["🎉", "party"], ["😮", "surprised"], ["😢", "sad"],
  ["👀", "eyes"], ["🔥", "fire"], ["✅", "check"], ["❌", "cross"], ["🙏", "thanks"], ["👏", "applause"],
  ["🎬", "clapper board"], ["🌊", "wave"], ["⭐", "star"], ["💡", "idea"], ["🤔", "thinking"], ["🚀", "rocket"],
];

function toggle(message, emoji) {
  return attempt("react", { channel: message.channel_id, message: message.id, emoji });
}

export function Reactions({ message }) {
  return html`<div class="reactions">${message.reactions.map((one) => {
    const key = one.emoji.id ? `${one.emoji.name}:${one.emoji.id}` : one.emoji.name;
    return html`<button type="button" key=${key} class=${classes("reaction", one.me && "me")} aria-pressed=${one.me}
      aria-label=${`${one.emoji.name}, ${one.count} ${one.count === 1 ? "reaction" : "reactions"}`}
      onClick=${() => toggle(message, key)}><span><${Emoji} emoji=${one.emoji} /></span>
      <b>${one.count}</b></button>`;
  })}</div>`;
}

export function EmojiPicker({ message }) {
  const walk = (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 6, ArrowUp: -6 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const all = [...event.currentTarget.children];
    all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + steps[event.key]))].focus();
  };
  return html`<div class="emoji-grid" onKeyDown=${walk}>
    ${EMOJI.map(([emoji, name]) =>
    html`<button type="button" class="square" aria-label=${name}
    onClick=${() => { closePopup(); toggle(message, emoji); }}>${emoji}</button>`)}</div>`;
}
