/**
 * The page: reads the address, puts the parts together and draws them. Panels know the store and the actions,
 * never each other.
 *
 * @typedef {import("./store.js").Store} Store
 * @typedef {ReturnType<typeof createActions>} Actions
 * @typedef {{store: Store, actions: Actions, api: typeof import("./api.js"), stage: import("./stage.js").Stage | null, reference: import("./stage.js").Stage | null, help?: typeof Gallery | null}} Parts the reference: a stage for training molecules; help: its page, loaded when it is asked for
 */
import * as api from "./api.js";
import { createAtlasActions } from "./actions/atlas.js";
import { createAlchemyActions } from "./actions/alchemy.js";
import { createExportActions } from "./actions/exports.js";
import { createFieldActions } from "./actions/fields.js";
import { createGalleryActions } from "./actions/gallery.js";
import { createLinkActions } from "./actions/links.js";
import { createLiveActions } from "./actions/live.js";
import { createMoleculeActions } from "./actions/molecule.js";
import { createPairActions } from "./actions/pairs.js";
import { createVectorActions } from "./actions/vectors.js";
import { createProfileActions } from "./actions/profile.js";
import { createRelaxationActions } from "./actions/relaxation.js";
import { createWalkActions } from "./actions/walking.js";
import { createProblems } from "./actions/problems.js";
import { shownPredictions } from "./lib/choice.js";
import { html, render } from "./lib/html.js";
import { useLanguage } from "./lib/language.js";
import { readPreferences, readTrainedOn, writePreferences } from "./lib/preferences.js";
import { parseRoute, parseView } from "./lib/route.js";
import { labelled } from "./lib/quantities.js";
import { text } from "./lib/text.js";
import { applyTheme, onSystemTheme, readPalette } from "./lib/theme.js";
import { AlchemyPanel } from "./panels/alchemy.js";
import { AtlasPanel } from "./panels/atlas.js";
import { AtomsPanel } from "./panels/atoms.js";
import { DecayPanel } from "./panels/decay.js";
import { DropZone } from "./panels/drop.js";
import { Export } from "./panels/export.js";
import { Gallery } from "./panels/gallery.js";
import { Menu, Pages } from "./panels/header.js";
import { Legend } from "./panels/legend.js";
import { Connection, Notices, Problems, Status, Summary } from "./panels/notices.js";
import { PairsPanel } from "./panels/pairs.js";
import { ProfilePanel } from "./panels/profile.js";
import { ProbePanel } from "./panels/probe.js";
import { Readout } from "./panels/readout.js";
import { RelaxationPanel } from "./panels/relaxation.js";
import { Examples, Search } from "./panels/search.js";
import { Share } from "./panels/share.js";
import { SlicePanel } from "./panels/slice.js";
import { StagePanel } from "./panels/stage.js";
import { Title, Toolbar } from "./panels/toolbar.js";
import { Vectors } from "./panels/vectors.js";
import { Welcome } from "./panels/welcome.js";
import { Stage } from "./stage.js";
import { createStore, initialState } from "./store.js";

/** Inside the training data of the models, with three heavy elements and a carbonyl: there is something to see. */
const FIRST_MOLECULE = "acetamide";
const LONGEST_FRAME_MS = 600;

/** @param {Store} store @param {() => Stage | null} stage once it is there */
function createActions(store, stage) {
  const problems = createProblems(store, api);
  const molecule = createMoleculeActions(store, api, problems);
  const fields = createFieldActions(store, api, problems);
  fields.start();
  createPairActions(store, api, problems).start();
  createProfileActions(store, api, problems).start();
  const atlas = createAtlasActions(store, api, problems);
  atlas.start();
  const gallery = createGalleryActions(store, api, problems);
  const vectors = createVectorActions(store, api, problems);
  const alchemy = createAlchemyActions(store, api, problems, (input) => molecule.explainText(input));
  const links = createLinkActions(store, api, problems, () => stage()?.camera ?? null, alchemy.follow);
  const live = createLiveActions(store, api, problems, { camera: () => stage()?.camera ?? null, redraw: fields.redraw });
  live.start();
  const relaxation = createRelaxationActions(store, api, problems, live.stand);
  relaxation.start();
  const exports = createExportActions(store, api, problems, stage);
  return {
    ...exports,
    moveAtoms: live.move,
    dropAtoms: live.rest,
    nudgeAtoms: live.nudge,
    undoMove: () => live.undo(),
    relax: () => relaxation.relax(),
    stopRelaxing: relaxation.stop,
    turnRelaxation: relaxation.turn,
    playRelaxation: relaxation.play,
    explainText: molecule.explainText,
    openFile: molecule.openFile,
    recompute: () => molecule.recompute(),
    async train(/** @type {string | null} */ trainedOn) {
      const { opened } = store.get();
      live.train(trainedOn);
      if (opened) await molecule.recompute(); // a link has the predictions of the models alone that it shows
    },
    share() {
      relaxation.settle(); // a link holds the molecule, not its way
      return links.share();
    },
    removeShare: () => links.remove(),
    closeShare: links.close,
    openView: (/** @type {string} */ id) => links.open(id),
    change: alchemy.change,
    turn: alchemy.turn,
    preset: alchemy.preset,
    loadRings: () => atlas.loadRings(),
    openGallery: () => gallery.openGallery(),
    openVectors: (/** @type {string | null} */ model) => vectors.openVectors(model),
    leaveAlchemy: () => alchemy.reset(),
    pick: (/** @type {number} */ atom) => store.set(({ selected }) => ({ selected: [...new Set([...selected, atom])] })),
    async startTour() {
      const { startTour } = await import("./tour.js"); // most readers never see it
      await startTour(() => store.set({ welcomed: true }));
    },
    walker: createWalkActions(store),
    dismiss: problems.dismiss,
    report: problems.report,
    reportUnexpected: problems.reportUnexpected,
  };
}

/** @param {Parts} parts */
function Page(parts) {
  const { page } = parts.store.get().route;
  if (page === "embed") return Embed(parts);
  if (page === "gallery") return Alone(parts, Gallery, text.gallery.back);
  if (page === "vectors") return Alone(parts, Vectors, text.vectors.back);
  if (page === "help") return parts.help ? Alone(parts, parts.help, text.help.back) : null;
  return html`<header class="header">
      <a class="brand" href="/" aria-label=${text.brand}><img src="/icon.svg" alt="" width="28" height="28" /><span>${text.brand}</span></a>
      <${Pages} ...${parts} />
      <div class="header-actions"><${Export} ...${parts} /><${Share} ...${parts} /><${Menu} ...${parts} /></div>
      <div class="header-molecule"><${Search} ...${parts} /><${Examples} ...${parts} /></div>
    </header>
    <main class="layout">
      <${Welcome} ...${parts} />
      <div class="card picture-card">
        <${Title} ...${parts} />
        <${Toolbar} ...${parts} />
        <div class="stage-frame"><${StagePanel} ...${parts} /><${Status} ...${parts} /></div>
        <${Legend} ...${parts} />
      </div>
      <div class="side">
        <${ProbePanel} ...${parts} />
        <${SlicePanel} ...${parts} />
        <${ProfilePanel} ...${parts} />
        <${PairsPanel} ...${parts} />
        <${DecayPanel} ...${parts} />
        <${Notices} ...${parts} />
        <div class="card"><${Summary} ...${parts} /><${AtomsPanel} ...${parts} /></div>
        <${AtlasPanel} ...${parts} />
        <${RelaxationPanel} ...${parts} />
        <${AlchemyPanel} ...${parts} />
      </div>
    </main>
    <footer class="footer muted">${text.footer}</footer>
    <${Readout} ...${parts} />
    <${Connection} ...${parts} />
    <${DropZone} ...${parts} />`;
}

/** A page of one panel. @param {Parts} parts @param {typeof Gallery} Panel @param {string} back words that lead to the molecules */
function Alone(parts, Panel, back) {
  return html`<header class="header">
      <a class="brand" href="/" aria-label=${text.brand}><img src="/icon.svg" alt="" width="28" height="28" /><span>${text.brand}</span></a>
      <${Pages} ...${parts} />
      <div class="header-actions gallery-actions"><a href="/">${back}</a><${Menu} ...${parts} /></div>
    </header>
    <${Panel} ...${parts} />
    <footer class="footer muted">${text.footer}</footer>`;
}

/** @param {Parts} parts */
function Embed(parts) {
  const { id } = parts.store.get().route;
  return html`<main class="embed">
    <div class="visually-hidden"><${Title} ...${parts} /></div>
    <${Problems} ...${parts} />
    <div class="stage-frame"><${StagePanel} ...${parts} /><${Status} ...${parts} /></div>
    <div class="embed-foot"><${Legend} ...${parts} />
      <a href=${`/v/${id}`} target="_blank" rel="noopener">${text.embed.open}</a></div>
    <${Readout} ...${parts} />
  </main>`;
}

/** Loads what the address asks for. @param {Store} store @param {Actions} actions */
async function load(store, actions) {
  const { page, id, query } = store.get().route;
  if (page === "gallery") return actions.openGallery();
  if (page === "vectors") return actions.openVectors(id);
  if (page === "help") return undefined;
  const molecule = page === "main" ? actions.explainText(query ?? FIRST_MOLECULE, { address: false }) : actions.openView(id ?? "");
  try {
    const models = await api.models();
    store.set({ models: labelled(models) });
    const { alchemy, relaxation, moving } = store.get();
    // what was explained meanwhile was not told the training sets
    if (!alchemy && !relaxation && !moving) store.set((state) => ({ predictions: shownPredictions(state) }));
    if (models.length === 0) {
      const alert = { code: "no_models", message: text.errors.noModels, hint: text.errors.noModelsHint, field: null, place: /** @type {const} */ ("molecule"), retry: null };
      store.set({ alert });
    }
  } catch (error) {
    actions.report(error, "molecule", () => load(store, actions));
  }
  await molecule;
}

/** @param {Store} store @param {Actions} actions @returns {Promise<Stage>} once 3Dmol is loaded, which the rest of the page does not wait for */
async function createStage(store, actions) {
  const { Picture } = await import("./viewer.js");
  return new Stage((palette) => new Picture(palette), readPalette(), {
    onHover: (hover) => store.set({ hover }),
    onMove: (atom, by) => actions.moveAtoms([atom], by),
    onDrop: () => actions.dropAtoms(),
    walker: actions.walker,
    onNudge(by) {
      const { selected } = store.get();
      if (selected.length > 0) actions.nudgeAtoms(selected, by);
      return selected.length > 0;
    },
    onSelect(atom, add, hit) {
      const { quantity, selected } = store.get();
      // only of the potential are there energies at a point
      const point = hit && quantity === "potential" ? hit.position : null;
      if (atom === null) store.set(add ? {} : { selected: [], point });
      else if (selected.includes(atom)) store.set({ selected: selected.filter((other) => other !== atom) });
      else store.set({ selected: add ? [...selected, atom] : [atom] });
    },
  });
}

/** @returns {Promise<Stage>} for training molecules, which are looked at alone */
async function createReference() {
  const { Picture } = await import("./viewer.js");
  const ignored = () => {};
  return new Stage((palette) => new Picture(palette), readPalette(), { onHover: ignored, onMove: ignored, onDrop: ignored, onNudge: () => false, onSelect: ignored });
}

/** @returns {Promise<void>} once what was drawn last is on the screen; at the latest soon, since hidden pages paint nothing */
function painted() {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGEST_FRAME_MS);
    const told = PerformanceObserver.supportedEntryTypes.includes("element") && document.querySelector("[elementtiming]");
    if (told) new PerformanceObserver(() => resolve()).observe({ type: "element", buffered: true });
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}

async function start() {
  const route = parseRoute(location);
  const preferences = readPreferences();
  await useLanguage(preferences.language ?? "system");
  const { probe } = initialState();
  const store = createStore({ ...(route.page === "main" ? { ...parseView(location, probe), trainedOn: readTrainedOn() } : {}), route, text: route.query ?? (route.page === "main" ? FIRST_MOLECULE : ""), ...preferences });
  /** @type {Stage | null} */
  let stage = null;
  /** @type {Stage | null} */
  let reference = null;
  const actions = createActions(store, () => stage);
  const help = route.page === "help" ? (await import("./panels/help.js")).Help : null;
  const root = /** @type {HTMLElement} */ (document.getElementById("page"));
  document.documentElement.dataset.page = route.page;
  const draw = () => render(html`<${Page} store=${store} actions=${actions} api=${api} stage=${stage} reference=${reference} help=${help} />`, root);

  let { theme, language } = store.get();
  const dress = () => {
    applyTheme(store.get().theme);
    stage?.setPalette(readPalette());
    reference?.setPalette(readPalette());
  };
  applyTheme(theme);
  onSystemTheme(dress);
  store.subscribe((state) => {
    // a link's unit and labels are its maker's, not this reader's
    writePreferences(["view", "embed"].includes(state.route.page) ? { ...state, ...preferences, theme: state.theme, language: state.language, welcomed: state.welcomed } : state);
    if (state.theme !== theme) {
      theme = state.theme;
      dress();
    }
    if (state.language !== language) {
      language = state.language;
      useLanguage(language).then(draw, actions.reportUnexpected);
    }
  });
  window.addEventListener("popstate", () => location.reload());
  window.addEventListener("unhandledrejection", (event) => actions.reportUnexpected(event.reason));

  draw();
  const pictured = ["main", "view", "embed"].includes(route.page);
  const viewer = pictured ? import("./viewer.js") : null; // is read while the networks are asked
  await load(store, actions);
  if (viewer) {
    await painted(); // where a processor draws, the first picture takes seconds: numbers and words are there before it
    await viewer;
    stage = await createStage(store, actions);
    reference = await createReference();
    draw();
  }
  if (new URLSearchParams(location.search).has("tour")) {
    history.replaceState(null, "", "/"); // once is enough
    await actions.startTour();
  }
  return { store, stage, reference };
}

const ready = start();

/**
 * For tests of the pixels, and for curious people: `await atomlens.ready`, then what the page knows and what a
 * picture shows.
 */
Object.assign(window, {
  atomlens: {
    ready: ready.then(() => undefined),
    state: async () => (await ready).store.get(),
    async camera() {
      const { stage } = await ready;
      await stage?.rested(); // while it turns, a picture may have fewer pixels
      return stage?.camera;
    },
    referenceURI: async () => (await ready).reference?.visible[0]?.pngURI() ?? null,
    /** @param {number} pane from 0 */
    async pngURI(pane = 0) {
      const { stage } = await ready;
      await stage?.rested();
      return stage?.visible[pane]?.pngURI() ?? null;
    },
  },
});
