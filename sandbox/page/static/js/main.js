// Where the page begins: it restores switches, draws the frame, and connects.
import { html, render } from "./lib.js";
import { change, onDraw, state } from "./store.js";
import { start } from "./actions.js";
import { browser } from "./memory.js";
import { noteOpen } from "./opened.js";
import { openShelf } from "./shelf.js";
import { App } from "./ui/app.js";
import { watchForFiles } from "./ui/files.js";

const root = document.getElementById("app");
onDraw(() => {
  render(html`<${App} />`, root);
  noteOpen();
});

change((s) => {
  s.showMembers = browser.get("members", true);
  s.showWorkbench = browser.get("workbench", false) && matchMedia("(min-width: 900px)").matches;
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state.channelId) change((s) => s.unread.delete(s.channelId));
});
watchForFiles();
openShelf().then(start);
