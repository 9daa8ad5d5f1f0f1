// A forum channel: its posts as cards, the open ones first, and the form that begins a new one.
import { html, classes, useEffect, useRef, useState } from "../lib.js";
import { guild, nameOf, state } from "../store.js";
import { attemptFor, openChannel } from "../actions.js";
import { goTo } from "../ways.js";
import { now, written } from "../clock.js";
import { plainWords } from "../markdown.js";
import { Icon } from "../icons.js";
import { placeKey, useDraft } from "./drafts.js";
import { FileField, fitting, useIncoming } from "./files.js";
import { ThreadMarks } from "./threads.js";

const MAX_TAGS = 5;
const MAX_FILES = 10;

export function Forum({ here }) {
  const [tag, setTag] = useState(null);
  const [writing, write] = useState(false);
  const posts = (guild()?.channels ?? []).filter((one) => one.parent_id === here.id);
  const shown = posts.filter((one) => !tag || one.applied_tags.includes(tag)).sort(byPlace);
  return html`<div class="forum" tabindex="0" aria-label=${`Posts in ${here.name}`} role="region">
    <div class="forum-bar">
      <div class="row" role="group" aria-label="Show only posts with a tag">${here.tags.map((one) => html`
        <button type="button" class=${classes("add", tag === one.id && "on")} key=${one.id}
          aria-pressed=${tag === one.id} onClick=${() => setTag(tag === one.id ? null : one.id)}>${named(one)}
            </button>`)}
      </div>
      ${here.can.send && !writing && html`<button type="button" class="primary" onClick=${() => write(true)}>
        <${Icon} name="plus" size="18" />New post</button>`}
    </div>
    ${writing && html`<${NewPost} here=${here} onDone=${() => write(false)} />`}
    ${shown.length === 0 && html`<p class="forum-empty">
      ${posts.length ? "No post has this tag." : "Nothing has been posted here yet."}</p>`}
    <ul class="posts">${shown.map((one) => html`<${Card} key=${one.id} post=${one} tags=${here.tags} />`)}</ul>
  </div>`;
}

function byPlace(a, b) {
  return b.pinned - a.pinned || a.archived - b.archived || b.active_at - a.active_at;
}

function named(tag) {
  return html`${tag.emoji_name ? html`<span aria-hidden="true">${tag.emoji_name}</span>` : null}${tag.name}`;
}

function Card({ post, tags }) {
  const unread = state.unread.get(post.id);
  const replies = `${post.message_count} ${post.message_count === 1 ? "reply" : "replies"}`;
  return html`<li><button type="button" class=${classes("post", unread && "unread")}
    onClick=${() => openChannel(post.id)}>
    <span class="post-text"><span class="post-title"><b><bdi>${post.name}</bdi></b><${ThreadMarks} place=${post} />
      ${tags.filter((one) => post.applied_tags.includes(one.id))
        .map((one) => html`<span class="chip">${named(one)}</span>`)}
    </span>
    <span class="post-begin"><bdi>${nameOf(post.owner_id)}</bdi>: ${plainWords(post.begins) || "a post without words"}
      </span>
    <small>${replies} · ${when(post.active_at)}</small></span>
    ${post.picture && html`<img class="post-picture" src=${post.picture} alt="" loading="lazy" />`}</button></li>`;
}

function when(unixSeconds) {
  const today = written(now(), "d") === written(unixSeconds, "d");
  return written(unixSeconds, today ? "t" : "D");
}

function NewPost({ here, onDone }) {
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);
  const [draft, put] = useDraft(placeKey(state.me, here));
  const { title = "", text, files, tags = [] } = draft;
  const offered = here.tags.filter((one) => !one.moderated || here.can.moderate);
  const send = async (event) => {
    event.preventDefault();
    const body = { name: title.trim(), text: text.trim(), tags };
    const outcome = await attemptFor("post", body, files.map((file, index) => [`file-${index}`, file]));
    if (!outcome) return;
    put({ title: "", text: "", files: [], tags: [] });
    onDone();
    if (here.id === state.channelId) goTo(outcome.channel);
  };
  const flip = (name) => put({ tags: tags.includes(name) ? tags.filter((one) => one !== name) : [...tags, name] });
  useIncoming((list) => put({ files: [...files, ...fitting(list)].slice(0, MAX_FILES) }));
  const slots = files.length < MAX_FILES ? [...files, null] : files;
  const place = (index, file) => put({
    files: file ? [...files.slice(0, index), file, ...files.slice(index + 1)] : files.filter((_, at) => at !== index),
  });
  return html`<form class="new-post" aria-label="New post" onSubmit=${send}>
    <label>Title<input value=${title} maxlength="100" required dir="auto" autocomplete="off"
      ref=${first} onInput=${(event) => put({ title: event.target.value })} /></label>
    <label>Message<textarea rows="3" dir="auto" maxlength="2000" value=${text}
      onInput=${(event) => put({ text: event.target.value })}></textarea></label>
    ${offered.length > 0 && html`<fieldset><legend>Tags</legend><div class="row">${offered.map((one) => html`
      <button type="button" key=${one.id} class=${classes("add", tags.includes(one.name) && "on")}
        aria-pressed=${tags.includes(one.name)} disabled=${!tags.includes(one.name) && tags.length >= MAX_TAGS}
        onClick=${() => flip(one.name)}>${named(one)}</button>`)}</div></fieldset>`}
    <div class="file-slots">${slots.map((file, index) => html`<${FileField} key=${index} id=${`post-file-${index}`}
      file=${file} label="File" onFile=${(next) => place(index, next)} />`)}</div>
    <div class="row-end"><button type="button" class="quiet" onClick=${onDone}>Cancel</button>
      <button class="primary" disabled=${!title.trim() || (!text.trim() && !files.length)}>Post</button></div>
  </form>`;
}
