/** Dropping: a file let go anywhere over the page is explained. */
import { html, useEffect, useState } from "../lib/html.js";
import { text } from "../lib/text.js";

/** @param {import("../main.js").Parts} props */
export function DropZone({ actions }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const carriesFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (/** @type {DragEvent} */ event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (/** @type {DragEvent} */ event) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (/** @type {DragEvent} */ event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 1) actions.openMany(files);
      else if (files[0]) actions.openFile(files[0]);
    };
    window.addEventListener("dragover", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [actions]);
  return over ? html`<div class="drop-zone" aria-hidden="true"><p>${text.search.drop}</p></div>` : null;
}
