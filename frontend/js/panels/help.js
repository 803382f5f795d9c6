/** The help page: what is seen, how it is used, the keys, every word, the data, how to cite, and the limits. */
import { foreign } from "../lib/controls.js";
import { html } from "../lib/html.js";
import { text } from "../lib/text.js";

/** Opens the explorer with the tour. */
const TOUR = "/?tour=1";

export function Help() {
  const help = text.help;
  const glossary = text.glossary;
  const names = /** @type {(keyof typeof help.sections)[]} */ (Object.keys(help.sections));
  return html`<main class="help">
    <div class="card help-card">
      <h1>${help.title}</h1>
      <nav class="help-contents" aria-label=${help.contents}><ul>${names.map((name) => html`<li key=${name}><a href=${`#${name}`}>${help.sections[name]}</a></li>`)}</ul></nav>
      <${Section} id="see">${help.see.map(paragraph)}<//>
      <${Section} id="use"><ol>${help.use.map(item)}</ol><p><a class="help-tour" href=${TOUR}>${help.tour}</a></p><//>
      <${Section} id="keys"><${Table} label=${help.sections.keys} heads=${[help.keyHead.key, help.keyHead.does]}>
        ${help.keys.map(([key, does]) => html`<tr key=${key}><th scope="row">${key}</th><td>${does}</td></tr>`)}<//><//>
      <${Section} id="words"><${Table} label=${help.sections.words} heads=${[help.wordHead.word, help.wordHead.means, help.wordHead.source]}>
        ${Object.entries(glossary).map(([key, { term, means, source }]) => html`<tr key=${key} id=${`word-${key}`}><th scope="row">${term}</th><td>${means}</td><td class="muted" lang=${foreign(source)}>${source}</td></tr>`)}<//><//>
      <${Section} id="data"><ul>${help.data.map(item)}</ul><//>
      <${Section} id="cite"><p>${help.cite}</p><ul lang="en">${help.citations.map(item)}</ul><//>
      <${Section} id="limits"><ul>${help.limits.map(item)}</ul><//>
    </div>
  </main>`;
}

/** @param {string} sentence */
const paragraph = (sentence) => html`<p key=${sentence}>${sentence}</p>`;

/** @param {string} sentence */
const item = (sentence) => html`<li key=${sentence}>${sentence}</li>`;

/** @param {{id: keyof typeof text.help.sections, children: unknown}} props */
function Section({ id, children }) {
  return html`<section id=${id} aria-labelledby=${`${id}-head`}><h2 id=${`${id}-head`}>${text.help.sections[id]}</h2>${children}</section>`;
}

/** @param {{label: string, heads: string[], children: unknown}} props */
function Table({ label, heads, children }) {
  return html`<div class="help-table" role="group" tabindex="0" aria-label=${label}><table><thead><tr>${heads.map((head) => html`<th key=${head} scope="col">${head}</th>`)}</tr></thead><tbody>${children}</tbody></table></div>`;
}
