/** Dropping and pasting: a file or text let go anywhere over the page, or pasted where no field takes it, is explained. */
import { html, useEffect, useState } from "../lib/html.js";
import { text } from "../lib/text.js";

/** @param {EventTarget | null} target @returns {boolean} whether it takes what is typed and pasted itself */
const takesText = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;

/** @param {import("../main.js").Parts} props */
export function DropZone({ actions }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let own = false; // what is dragged within the page is meant for the page
    const carries = (/** @type {DragEvent} */ event) => {
      if (own) return false;
      const types = event.dataTransfer?.types ?? [];
      return types.includes("Files") || (types.includes("text/plain") && !takesText(event.target));
    };
    const take = (/** @type {DataTransfer | null} */ data) => {
      const files = [...(data?.files ?? [])];
      const [file] = files;
      const content = data?.getData("text/plain") ?? "";
      if (files.length > 1) actions.openMany(files);
      else if (file) actions.openFile(file);
      else if (content.trim()) actions.explainPasted(content);
      return Boolean(file || content.trim());
    };
    const enter = (/** @type {DragEvent} */ event) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (/** @type {DragEvent} */ event) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (/** @type {DragEvent} */ event) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer);
    };
    const paste = (/** @type {ClipboardEvent} */ event) => {
      const withFile = (event.clipboardData?.files.length ?? 0) > 0 && document.querySelector("dialog[open]") === null;
      if ((withFile || !takesText(event.target)) && take(event.clipboardData)) event.preventDefault();
    };
    /** @type {[string, any][]} */
    const listeners = [["dragover", enter], ["dragleave", leave], ["drop", drop], ["paste", paste], ["dragstart", () => (own = true)], ["dragend", () => (own = false)]];
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    };
  }, [actions]);
  return over ? html`<div class="drop-zone" aria-hidden="true"><p>${text.molecules.drop}</p></div>` : null;
}
