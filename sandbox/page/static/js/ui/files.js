// Files in hand: checked against the person's limit, shown small, taken from pickers, drops and the clipboard.
import { html, useEffect, useMemo, useRef } from "../lib.js";
import { state, toast } from "../store.js";
import { fileSize } from "../words.js";
import { Icon } from "../icons.js";

export function fitting(list) {
  const limit = state.me.upload_limit_bytes;
  const files = [...list];
  for (const file of files
    .filter((one) => one.size > limit)) toast(`${file.name} is too large: at most ${fileSize(limit)}.`);
  return files.filter((one) => one.size <= limit);
}

// Files dropped or pasted anywhere go to whatever asked for them last: a form that is open, else the composer.
const takers = [];

export function useIncoming(take) {
  const newest = useRef(take);
  newest.current = take;
  useEffect(() => {
    const mine = (files) => newest.current(files);
    takers.push(mine);
    return () => takers.splice(takers.indexOf(mine), 1);
  }, []);
}

// A browser that is not told better opens a dropped file in the place of the page.
export function watchForFiles() {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (on) => document.body.classList.toggle("dropping", on && takers.length > 0);
  const give = (event, files) => {
    if (!files.length) return;
    event.preventDefault();
    takers.at(-1)?.([...files]);
  };
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(false));
  document.addEventListener("drop", () => mark(false), { capture: true });
  document.addEventListener("drop", (event) => give(event, event.dataTransfer.files));
  document.addEventListener("paste", (event) => give(event, event.clipboardData.files));
}

export function Thumbnail({ file }) {
  const url = useMemo(() => (file.type.startsWith("image/") ? URL.createObjectURL(file) : null), [file]);
  useEffect(() => () => url && URL.revokeObjectURL(url), [url]);
  return url
    ? html`<img class="thumb" src=${url} alt="" />`
    : html`<span class="thumb"><${Icon} name="file" size="22" /></span>`;
}

// One place for a file: a button that opens the picker, and the file with a way to take it out.
export function FileField({ id, file, label, onFile, invalid, describedBy }) {
  const input = useRef(null);
  const take = (list) => {
    const [first] = fitting(list);
    if (first) onFile(first);
  };
  const drop = (event) => {
    event.preventDefault();
    event.stopPropagation();
    take(event.dataTransfer.files);
  };
  return html`<div class=${`file-field ${file ? "full" : ""} ${invalid ? "invalid" : ""}`} onDrop=${drop}>
    <input ref=${input} type="file" hidden tabindex="-1" data-field=${id}
      onChange=${(event) => { take(event.target.files); event.target.value = ""; }} />
    ${file && html`<${Thumbnail} file=${file} />`}
    <button type="button" id=${id} class="file-button"
      aria-label=${file ? `${label}: ${file.name}, ${fileSize(file.size)}; choose another` : `${label}: choose a file`}
      aria-describedby=${describedBy} onClick=${() => input.current.click()}>
      ${file
        ? html`<span class="file-name">${file.name}</span><small>${fileSize(file.size)}</small>`
        : html`<${Icon} name="image" size="18" /><span>Choose, drop or paste a file</span>`}</button>
    ${file && html`<button type="button" class="square" aria-label=${`Take out ${file.name}`}
      onClick=${() => onFile(null)}><${Icon} name="close" size="16" /></button>`}
  </div>`;
}
