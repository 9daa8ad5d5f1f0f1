// Ways through the page: to a channel, to a thread as soon as it is known, to a message however far back it stands.
import { change, channel, drawn, state, toast } from "./store.js";
import { attemptFor, loadHistory, openChannel } from "./actions.js";

export function goTo(id) {
  if (channel(id)) openChannel(id);
  else change((s) => (s.channelWanted = id));
}

// Open a thread and go there as soon as the sandbox has told of it.
export async function openThread(body) {
  const outcome = await attemptFor("thread", body);
  if (outcome) goTo(outcome.channel);
}

export async function goToMessage(channelId, messageId) {
  if (!channel(channelId)) {
    toast("That place is gone, or you may not see it.");
    return;
  }
  if (channelId !== state.channelId) openChannel(channelId);
  while (mayComeUp(channelId, messageId) && (await loadHistory(channelId)));
  await drawn();
  if (channelId === state.channelId && !show(messageId)) toast("That message is gone, or you may not see it.");
}

// Whether an older page could have the message.
function mayComeUp(channelId, messageId) {
  const known = state.logs.get(channelId);
  if (!known || known.loading) return true;
  return known.more && BigInt(known.messages[0].id) > BigInt(messageId);
}

function show(messageId) {
  const row = document.getElementById(`m-${messageId}`);
  if (!row) return false;
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
  row.classList.remove("flash");
  requestAnimationFrame(() => row.classList.add("flash"));
  return true;
}
