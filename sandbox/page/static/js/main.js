// Where the page begins: it restores switches, draws the frame, and connects.
import { html, render } from "./lib.js";
import { change, onDraw, state } from "./store.js";
import { jumpTo, start } from "./actions.js";
import { browser } from "./memory.js";
import { App } from "./ui/app.js";

const root = document.getElementById("app");
onDraw(() => render(html`<${App} />`, root));

change((s) => {
  s.showMembers = browser.get("members", true);
  s.showWorkbench = browser.get("workbench", false) && matchMedia("(min-width: 900px)").matches;
});
document.addEventListener("click", (event) => {
  const target = event.target.closest?.("a[href^='#m-']");
  if (!target) return;
  event.preventDefault();
  jumpTo(target.getAttribute("href").slice(3));
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state.channelId) change((s) => s.unread.delete(s.channelId));
});
start();
