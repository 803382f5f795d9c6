/** What to cite, as a list; to be copied as it stands. */
import { html } from "./html.js";
import { text } from "./text.js";

/** @param {{cite: import("../types.js").Citation[]}} props */
export function Citations({ cite }) {
  return html`<h3>${text.receipt.cite}</h3>
    <ul class="citations" lang="en">${cite.map(({ text: named, url }) => html`<li key=${named}>${named}${url ? html`, <a href=${url} rel="noopener noreferrer" target="_blank">${url.replace(/^https:\/\/(doi\.org\/)?/, "")}</a>` : null}.</li>`)}</ul>`;
}
