/** Sharing: a link that restores what is seen. */
import { Icon, Problem } from "../lib/controls.js";
import { html, useEffect, useId, useRef, useState, useStore } from "../lib/html.js";
import { text } from "../lib/text.js";

const COPIED_MS = 2000;

/** @param {import("../main.js").Parts} props */
export function Share({ store, actions }) {
  const { share, ready, alert } = useStore(store, (state) => ({ share: state.share, ready: state.molecule !== null, alert: state.alert }));
  return html`<div class="share">
    <button type="button" class="quiet" disabled=${!ready} aria-expanded=${share ? "true" : "false"} onClick=${() => actions.share()}>
      <${Icon} name="share" /><span>${text.share.button}</span></button>
    ${share ? html`<${LinkCard} key=${share.id} share=${share} actions=${actions} />` : null}
    <${Problem} alert=${alert} place="share" onDismiss=${actions.dismiss} />
  </div>`;
}

/** @param {{share: import("../types.js").ShareState, actions: import("../main.js").Actions}} props */
function LinkCard({ share, actions }) {
  const id = useId();
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(0, share.url.length, "backward"); // backward: its beginning stays in sight
  }, []);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    box.current?.select();
    if (navigator.clipboard) await navigator.clipboard.writeText(share.url);
    else document.execCommand("copy"); // pages served without TLS have no clipboard object
    setCopied(true);
  }

  return html`<div class="card link-card" onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && actions.closeShare()}>
    <div class="link-row">
      <label for=${id}>${text.share.label}</label>
      <input id=${id} ref=${box} type="text" readonly value=${share.url} />
      <button type="button" class="primary" onClick=${copy}><${Icon} name=${copied ? "check" : "copy"} /><span>${copied ? text.share.copied : text.share.copy}</span></button>
      <button type="button" class="icon" aria-label=${text.share.close} title=${text.share.close} onClick=${actions.closeShare}><${Icon} name="close" /></button>
    </div>
    <p class="muted">${text.share.note} <button type="button" class="textual" onClick=${() => actions.removeShare()}>${text.share.remove}</button></p>
  </div>`;
}
