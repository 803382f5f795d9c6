/**
 * The page of a saved file: the page's own panels on what the file holds. It has no service to ask; what needs one is
 * not there.
 */
import { createWalkActions } from "./actions/walking.js";
import { surfaceWords } from "./lib/exports.js";
import { html, render, useStore } from "./lib/html.js";
import { keptQuantities, openKept, surfacesOf } from "./lib/offline.js";
import { speak, text } from "./lib/text.js";
import { german } from "./lib/text-de.js";
import { shortNameOf } from "./lib/quantities.js";
import { longDate } from "./lib/written.js";
import { applyTheme, onSystemTheme, readPalette } from "./lib/theme.js";
import { AtomsPanel } from "./panels/atoms.js";
import { Citations } from "./lib/citations.js";
import { Legend } from "./panels/legend.js";
import { Notices, Status, Summary } from "./panels/notices.js";
import { PairsPanel } from "./panels/pairs.js";
import { Readout } from "./panels/readout.js";
import { ArrowNote } from "./panels/reading.js";
import { ThemeChoice } from "./panels/header.js";
import { StagePanel } from "./panels/stage.js";
import { Title, Toolbar } from "./panels/toolbar.js";
import { Stage } from "./stage.js";
import { createStore, initialState } from "./store.js";
import { Picture } from "./viewer.js";

/** @param {{parts: import("./main.js").Parts, kept: import("./types.js").KeptExplanation}} props */
function Page({ parts, kept }) {
  const unit = useStore(parts.store, (state) => state.unit);
  const named = (/** @type {import("./types.js").Quantity} */ quantity, /** @type {string} */ model) => `${text.quantity.names[quantity]}, ${shortNameOf(kept.models, model)} (${model})`;
  const held = Object.entries(kept.surfaces).flatMap(([key, { mode, element, level, drawn }]) => {
    const quantity = /** @type {import("./types.js").Quantity} */ (key);
    return kept.predictions.filter(({ model }) => drawn[model]).map(({ model }) => `${named(quantity, model)}: ${surfaceWords({ unit }, mode, element, level, quantity)}`);
  });
  const missing = kept.missing.map(({ quantity, model }) => named(quantity, model));
  return html`<header class="header">
      <span class="brand">${text.brand}</span>
      <p class="muted offline-note">${text.offline.note(longDate(kept.created, text.date), kept.version)}</p>
      <div class="header-actions"><${ThemeChoice} store=${parts.store} /></div>
    </header>
    <main class="layout">
      <div class="card picture-card">
        <${Title} ...${parts} />
        <${Toolbar} ...${parts} />
        <div class="stage-frame"><${StagePanel} ...${parts} /><${Status} ...${parts} /></div>
        <${Legend} ...${parts} />
        <${ArrowNote} ...${parts} />
      </div>
      <div class="side">
        <${PairsPanel} ...${parts} />
        <${Notices} ...${parts} />
        <div class="card"><${Summary} ...${parts} /><${AtomsPanel} ...${parts} /></div>
        <section class="card receipt" aria-label=${text.receipt.origin}>
          <h2>${text.receipt.origin}</h2>
          <${Listed} heading=${text.offline.surfaces} lines=${held} />
          <${Listed} heading=${text.offline.missing} lines=${missing} />
          <table class="receipt-models"><thead><tr><th scope="col">${text.receipt.model}</th><th scope="col">${text.receipt.checkpoint}</th></tr></thead>
            <tbody>${kept.predictions.map(({ model, checkpoint }) => html`<tr key=${model}><th scope="row">${model}</th><td><code>${checkpoint}</code></td></tr>`)}</tbody></table>
          <${Citations} cite=${kept.cite} />
        </section>
      </div>
    </main>
    <footer class="footer muted">${text.offline.footer}</footer>
    <${Readout} ...${parts} />`;
}

/** @param {{heading: string, lines: string[]}} props */
function Listed({ heading, lines }) {
  if (lines.length === 0) return null;
  return html`<h3>${heading}</h3><ul class="offline-surfaces muted">${lines.map((line) => html`<li key=${line}>${line}</li>`)}</ul>`;
}

function start() {
  const kept = /** @type {import("./types.js").KeptExplanation} */ (JSON.parse(document.getElementById("explanation")?.textContent ?? "null"));
  // both languages are in the file: it has nowhere to load one from
  if (kept.language === "de") {
    speak(german);
    document.documentElement.lang = "de";
  }
  const { probe } = initialState();
  const store = createStore(openKept(kept, probe));
  store.set(surfacesOf(kept, store.get()));
  let { quantity, theme } = store.get();
  const ignored = () => {};
  const dress = () => {
    applyTheme(store.get().theme);
    stage.setPalette(readPalette());
  };
  applyTheme(theme);
  const stage = new Stage((palette) => new Picture(palette), readPalette(), {
    onHover: (hover) => store.set({ hover }),
    onMove: ignored, onDrop: ignored, onNudge: () => false, walker: createWalkActions(store),
    onSelect(atom, add) {
      const { selected } = store.get();
      if (atom === null) store.set(add ? {} : { selected: [] });
      else if (selected.includes(atom)) store.set({ selected: selected.filter((other) => other !== atom) });
      else store.set({ selected: add ? [...selected, atom] : [atom] });
    },
  });
  onSystemTheme(dress);
  store.subscribe((state) => {
    if (state.quantity !== quantity) {
      quantity = state.quantity;
      store.set(surfacesOf(kept, state));
    }
    if (state.theme !== theme) {
      theme = state.theme;
      dress();
    }
  });
  const actions = /** @type {import("./main.js").Actions} */ (/** @type {unknown} */ ({ dismiss: () => store.set({ alert: null }) }));
  const parts = /** @type {import("./main.js").Parts} */ (/** @type {unknown} */ ({ store, actions, api: null, stage, reference: null }));
  render(html`<${Page} parts=${parts} kept=${kept} />`, /** @type {HTMLElement} */ (document.getElementById("page")));
  // for tests of the pixels, and for curious people, as on the page itself
  Object.assign(window, { atomlens: {
    ready: Promise.resolve(), state: async () => store.get(), camera: () => stage.rested().then(() => stage.camera), quantities: keptQuantities(kept),
    async pngURI(pane = 0) {
      await stage.rested(); // while it turns, a picture may have fewer pixels
      return stage.visible[pane]?.pngURI() ?? null;
    },
  } });
}

start();
