/** Sharing: a link that restores what is seen and its code for cameras and for other pages. */
import { Choice, Icon, Problem, useCard } from "../lib/controls.js";
import { cover } from "../lib/covering.js";
import { html, useEffect, useId, useRef, useState, useStore } from "../lib/html.js";
import { embedCode, FRAMES, sharedOf } from "../lib/links.js";
import { text } from "../lib/text.js";
import { nameOf } from "../lib/comparison.js";

const COPIED_MS = 2000;

/** @param {import("../main.js").Parts} props */
export function Share({ store, actions }) {
  const { share, molecule, alert, outdated } = useStore(store, (state) => ({
    share: state.share, molecule: state.molecule, alert: state.alert, outdated: Boolean(state.share && state.molecule) && state.share?.of !== sharedOf(state),
  }));
  const { host, onKeyDown } = useCard(share !== null, actions.closeShare, true);
  return html`<div class="share" ref=${host} onKeyDown=${onKeyDown}>
    <button type="button" class="quiet" aria-label=${text.share.button} title=${text.share.button} disabled=${molecule === null} aria-expanded=${share ? "true" : "false"} onClick=${() => actions.share()}>
      <${Icon} name="share" /><span>${text.share.button}</span></button>
    ${share && molecule ? html`<${LinkCard} key=${share.id} share=${share} outdated=${outdated} name=${nameOf(molecule)} actions=${actions} />` : null}
    <${Problem} alert=${alert} place="share" onDismiss=${actions.dismiss} />
  </div>`;
}

/** @returns {{copied: boolean, copy: (box: HTMLInputElement | HTMLTextAreaElement | null, value: string) => Promise<void>}} */
function useCopying() {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return { copied, copy: async (box, value) => {
    box?.select();
    box?.scrollTo({ left: 0 });
    if (navigator.clipboard) await navigator.clipboard.writeText(value);
    else document.execCommand("copy"); // pages served without TLS have no clipboard object
    setCopied(true);
  } };
}

/** @param {{share: import("../types.js").ShareState, outdated: boolean, name: string, actions: import("../main.js").Actions}} props */
function LinkCard({ share, outdated, name, actions }) {
  const id = useId();
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const { copied, copy } = useCopying();
  useEffect(() => (card.current ? cover(card.current) : undefined), []);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(0, share.url.length, "backward");
    // its beginning stays in sight; Chromium scrolls to the end of a selection, whichever way it runs, with the next frame
    requestAnimationFrame(() => box.current?.scrollTo({ left: 0 }));
  }, []);
  return html`<div class="card link-card" ref=${card}>
    <div class="link-row">
      <label for=${id}>${text.share.label}</label>
      <input id=${id} ref=${box} type="text" readonly value=${share.url} placeholder=${text.share.making} />
      <button type="button" class="primary" disabled=${share.url === ""} onClick=${() => copy(box.current, share.url)}><${Icon} name=${copied ? "check" : "copy"} /><span>${copied ? text.share.copied : text.share.copy}</span></button>
      <button type="button" class="icon" aria-label=${text.share.close} title=${text.share.close} onClick=${actions.closeShare}><${Icon} name="close" /></button>
    </div>
    ${share.url === "" ? null : html`<div role="status">${outdated ? html`<p class="notice"><${Icon} name="warning" /><span>${text.share.outdated} <button type="button" class="textual" onClick=${() => actions.share()}>${text.share.again}</button></span></p>` : null}</div>
    <p class="muted">${text.share.note} ${text.links.pictureNote} <button type="button" class="textual" onClick=${() => actions.removeShare()}>${text.share.remove}</button></p>
    <details class="link-part"><summary>${text.links.qr}</summary><${Code} url=${share.url} actions=${actions} /></details>
    <details class="link-part"><summary>${text.links.embed}</summary><${Embedding} share=${share} name=${name} /></details>`}
  </div>`;
}

/** The link for a camera. @param {{url: string, actions: import("../main.js").Actions}} props */
function Code({ url, actions }) {
  const [picture, setPicture] = useState("");
  useEffect(() => {
    let gone = false;
    const show = (/** @type {string} */ drawn) => {
      if (!gone) setPicture(drawn);
    };
    /** @returns {Promise<void> | undefined} */
    const draw = () => (gone ? undefined : actions.qrCode(url).then(show, (error) => actions.report(error, "share", draw, { kind: "code" })));
    draw();
    return () => {
      gone = true;
    };
  }, [url]);
  if (!picture) return null;
  const address = `data:image/svg+xml,${encodeURIComponent(picture)}`;
  return html`<div class="qr"><img src=${address} alt=${text.links.qrAlt(url)} width="176" height="176" />
    <a href=${address} download="atomlens-link.svg">${text.links.qrSave}</a></div>`;
}

/** @param {{share: import("../types.js").ShareState, name: string}} props */
function Embedding({ share, name }) {
  const [frame, setFrame] = useState(/** @type {keyof typeof FRAMES} */ ("640x480"));
  const id = useId();
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const { copied, copy } = useCopying();
  const code = embedCode(share.url, text.links.embedTitle(name), FRAMES[frame]);
  return html`<div class="embedding"><p class="muted">${text.links.embedNote}</p>
    <${Choice} label=${text.links.embedSize} value=${frame} options=${Object.entries(FRAMES).map(([value, { width, height }]) => ({ value: /** @type {keyof typeof FRAMES} */ (value), label: `${width} × ${height}` }))} onChange=${setFrame} />
    <div class="field"><label for=${id}>${text.links.embedCode}</label><textarea id=${id} ref=${box} readonly rows="4" spellcheck="false" value=${code}></textarea></div>
    <button type="button" class="quiet" onClick=${() => copy(box.current, code)}><${Icon} name=${copied ? "check" : "copy"} /><span>${copied ? text.share.copied : text.links.copyCode}</span></button></div>`;
}

