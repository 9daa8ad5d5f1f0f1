// Files of a message: pictures that open large, clips in a player with their alt text, everything else as a card.
import { html, useEffect, useRef, useState } from "../lib.js";
import { change } from "../store.js";
import { fileSize } from "../words.js";
import { Icon } from "../icons.js";

const SPOILER = "SPOILER_";

export function Attachments({ files }) {
  if (!files?.length) return null;
  const pictures = files.filter(isPicture);
  const others = files.filter((one) => !isPicture(one));
  return html`<div class="attachments">
    ${pictures.length > 0
      && html`<div class=${`gallery count-${Math.min(pictures.length, 4)}`}>
      ${pictures.map((one) => html`<${Media} key=${one.id} file=${one} />`)}</div>`}
    ${others.map((one) => html`<${Media} key=${one.id} file=${one} />`)}
  </div>`;
}

function isPicture(file) {
  return (file.content_type ?? "").startsWith("image/") && file.width;
}

// `file` has url, filename, content_type, description, width, height, size; a spoiler is covered until pressed.
export function Media({ file, spoiler = false }) {
  const [open, show] = useState(!(spoiler || file.filename?.startsWith(SPOILER)));
  const kind = (file.content_type ?? "").split("/")[0];
  const inside = kind === "video"
    ? html`<${Clip} file=${file} playing=${open} />`
    : isPicture(file)
    ? html`<${Picture} file=${file} />`
    : html`<${FileCard} file=${file} />`;
  if (open) return inside;
  return html`<div class="covered"><div inert>${inside}</div>
    <button type="button" onClick=${() => show(true)}>Spoiler</button></div>`;
}

function Alt({ text }) {
  const [open, show] = useState(false);
  if (!text) return null;
  return html`<span class="alt">
    <button type="button" aria-expanded=${open} aria-label="Alt text" onClick=${() => show(!open)}>ALT</button>
    ${open && html`<span class="alt-text" role="note">${text}</span>`}</span>`;
}

function Picture({ file }) {
  const [broken, fail] = useState(false);
  if (broken) return html`<${FileCard} file=${file} note="This picture cannot be loaded any more." />`;
  const alt = file.description ?? "";
  const ratio = file.width / file.height;
  const width = Math.round(Math.min(file.width, 480, 360 * ratio));
  return html`<figure class="media">
    <button type="button" class="picture" aria-label=${`Enlarge ${alt || file.filename}`}
    onClick=${() => change((s) => (s.lightbox = { url: file.url, alt, name: file.filename }))}>
      <img src=${file.url} alt=${alt} width=${width} height=${Math.round(width / ratio)} loading="lazy" decoding="async"
        onError=${() => fail(true)} /></button><${Alt} text=${alt} /></figure>`;
}

// A clip plays by itself while it is in sight, without sound, unless less motion is wished for.
function Clip({ file, playing }) {
  const video = useRef(null);
  const [broken, fail] = useState(false);
  useEffect(() => {
    const node = video.current;
    if (!node || !playing || matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
    let stoppedByHand = false;
    const byHand = () => (stoppedByHand = node.paused && !node.dataset.away);
    node.addEventListener("pause", byHand);
    const seen = new IntersectionObserver(([one]) => {
      if (one.isIntersecting && !stoppedByHand) {
        delete node.dataset.away;
        node.play().catch(() => {});
      } else if (!one.isIntersecting && !node.paused) {
        node.dataset.away = "1";
        node.pause();
      }
    }, { threshold: 0.4 });
    seen.observe(node);
    return () => {
      seen.disconnect();
      node.removeEventListener("pause", byHand);
    };
  }, [playing]);
  if (broken) return html`<${FileCard} file=${file} note="This clip cannot be played." />`;
  return html`<figure class="media clip">
    <video ref=${video} src=${file.url} controls loop muted playsinline preload="metadata"
      aria-label=${file.description || file.filename} title=${file.description || file.filename}
        onError=${() => fail(true)}></video><${Alt} text=${file.description} /></figure>`;
}

export function FileCard({ file, note }) {
  return html`<div class="file-card"><${Icon} name=${note ? "warn" : "file"} size="28" />
    <div><a href=${file.url} download=${file.filename} class="link">${file.filename}</a>
    <small>${note ?? (file.size === undefined ? "" : fileSize(file.size))}</small></div></div>`;
}

export function isOwn(url) {
  try {
    return new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}

// A picture by address alone, as embeds and components name them; only the sandbox's own are loaded.
export function Remote({ item, alt = "", className = "" }) {
  if (!isOwn(item.url)) return html`<span class=${`outside ${className}`}>
    <${Icon} name="image" size="18" />A picture from elsewhere is not loaded here.</span>`;
  return html`<img class=${className} src=${item.url} alt=${alt} loading="lazy" decoding="async" />`;
}
