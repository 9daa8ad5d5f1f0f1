// Colours that people chose for roles, told apart from the ground they stand on in the dark and in the light.
import { guild, member } from "./store.js";

const READABLE = 4.5; // WCAG 2.2, 1.4.3
const STEPS = 20;
const GROUNDS = { dark: [0x2b, 0x32, 0x3d], light: [0xe6, 0xea, 0xef] }; // the least favourable ones, from base.css
const TOWARDS = { dark: 255, light: 0 };

function luminance(rgb) {
  const [r, g, b] = rgb.map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92
    : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// The colour, mixed with white or black until it can be read.
function readable(rgb, scheme) {
  const mixed = (step) => rgb.map((one) => Math.round(one + (TOWARDS[scheme] - one) * step / STEPS));
  let step = 0;
  while (step < STEPS && contrast(mixed(step), GROUNDS[scheme]) < READABLE) step += 1;
  return `rgb(${mixed(step).join(" ")})`;
}

// The colour of somebody's highest role that has one; 0 is none.
export function colorOf(userId) {
  const mine = member(userId)?.roles ?? [];
  const roles = (guild()?.roles ?? []).filter((one) => mine.includes(one.id) && one.color);
  return roles.sort((a, b) => b.position - a.position)[0]?.color ?? 0;
}

// For the `ref` of an element with the class "tinted".
export function tinted(color) {
  const rgb = [color >> 16 & 255, color >> 8 & 255, color & 255];
  return (node) => {
    for (const scheme of Object.keys(GROUNDS)) node?.style.setProperty(`--on-${scheme}`, color
      ? readable(rgb, scheme)
      : "inherit");
  };
}
