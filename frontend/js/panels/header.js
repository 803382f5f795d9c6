/** The header: the pages, and in a menu the language and the theme; on a phone the pages stand in the menu too. */
import { Choice, Icon, useCard } from "../lib/controls.js";
import { html, useId, useState, useStore } from "../lib/html.js";
import { LANGUAGES } from "../lib/language.js";
import { pageOf, PAGES } from "../lib/pages.js";
import { text } from "../lib/text.js";

/** @param {import("../main.js").Parts} props */
export function Pages({ store }) {
  const { page } = useStore(store, (state) => state.route);
  return html`<nav class="pages" aria-label=${text.pages.navigation}><ul>
    ${PAGES.map((entry) => html`<li key=${entry.page}><a href=${entry.path} aria-current=${pageOf(page) === entry.page ? "page" : undefined}>${text.pages.names[entry.page]}</a></li>`)}
  </ul></nav>`;
}

/** @param {import("../main.js").Parts} parts */
export function Menu(parts) {
  const { store, actions } = parts;
  const { language, page } = useStore(store, (state) => ({ language: state.language, page: state.route.page }));
  const [open, setOpen] = useState(false);
  const id = useId();
  const { host, onKeyDown } = useCard(open, () => setOpen(false));
  return html`<div class="menu" ref=${host} onKeyDown=${onKeyDown}>
    <button type="button" class="icon" aria-label=${text.pages.menu} title=${text.pages.menu} aria-expanded=${open ? "true" : "false"} aria-controls=${id}
      onClick=${() => setOpen(!open)}><span class="menu-wide"><${Icon} name="settings" /></span><span class="menu-narrow"><${Icon} name="menu" /></span></button>
    <div class="card menu-card" id=${id} hidden=${!open}>
      <div class="menu-pages"><${Pages} ...${parts} /></div>
      <div class="menu-settings" role="group" aria-label=${text.settings.region}>
        <${Choice} label=${text.language.label} value=${language} onChange=${(/** @type {import("../types.js").Language} */ to) => store.set({ language: to })}
          options=${[{ value: "system", label: text.language.system }, ...Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }))]} />
        <${ThemeChoice} store=${store} />
      </div>
      ${pageOf(page) === "main" ? html`<button type="button" class="quiet" onClick=${() => {
        setOpen(false);
        actions.startTour();
      }}>${text.settings.tour}</button>` : null}
    </div>
  </div>`;
}

/** @param {{store: import("../store.js").Store}} props */
export function ThemeChoice({ store }) {
  const theme = useStore(store, (state) => state.theme);
  return html`<${Choice} label=${text.settings.theme} value=${theme} onChange=${(/** @type {import("../types.js").Theme} */ to) => store.set({ theme: to })}
    options=${Object.entries(text.settings.themes).map(([value, label]) => ({ value, label }))} />`;
}
