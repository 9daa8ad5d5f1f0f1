// Icons, drawn for this page on a grid of 24; strokes take the colour of the text around them.
import { html } from "./lib.js";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  thread: "M4 6h16M4 11h10M9 16h11M9 16l3-3M9 16l3 3",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Zm0 0v1.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-3.500 7.100",
  people:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM2.500 20a6.500 6.500 0 0 1 13 0" +
    "M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14a6.500 6.500 0 0 1 3.500 6",
  pin: "M9 3h6l-1 6 4 4v2H6v-2l4-4-1-6ZM12 15v6",
  tools: "M4 7h10M18 7h2M4 17h2M10 17h10M16 4v6M8 14v6",
  menu: "M4 7h16M4 12h16M4 17h16",
  plus: "M12 5v14M5 12h14",
  send: "M4 12 20 4l-5 16-3.500-6.500L4 12Zm7.500 1.500L20 4",
  close: "m6 6 12 12M18 6 6 18",
  reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.500 14.500a4.500 4.500 0 0 0 7 0M9 9.500v.01M15 9.500v.01",
  forum: "M4 5h16v11h-9l-5 4v-4H4V5Zm4 4h8M8 12.500h5",
  lock: "M6 11h12v9H6v-9Zm3 0V8a3 3 0 0 1 6 0v3",
  edit: "m4 20 1-4L16 5l3 3L8 19l-4 1Z",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  file: "M6 3h8l4 4v14H6V3Zm8 0v4h4",
  image: "M4 5h16v14H4V5Zm0 11 5-5 4 4 3-3 4 4M9 9.500v.01",
  eye:
    "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12Z" +
    "m12 0a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Z",
  bot: "M5 9h14v10H5V9Zm7-5v5M9 13.500v.01M15 13.500v.01M9.500 16.500h5",
  slash: "M15 4 9 20",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.500 2",
  warn: "M12 4 2.500 20h19L12 4Zm0 6v4.500M12 17.500v.01",
  check: "m5 12.500 4.500 4.500L19 7.500",
  down: "m6 9.500 6 6 6-6",
  switch: "m8 9 4-4 4 4M8 15l4 4 4-4",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6l1-7Z",
};

export function Icon({ name, size = 20 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" focusable="false"
    fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round" stroke-linejoin="round"
    ><path d=${PATHS[name]} /></svg>`;
}
