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
import { createBatchActions } from "./actions/batch.js";
import { createAlchemyActions } from "./actions/alchemy.js";
import { createEditActions } from "./actions/edits.js";
import { createComparisonActions } from "./actions/comparison.js";
import { createExportActions } from "./actions/exports.js";
import { createFieldActions } from "./actions/fields.js";
import { createGalleryActions } from "./actions/gallery.js";
import { createLinkActions } from "./actions/links.js";
import { createLiveActions } from "./actions/live.js";
import { createMoleculeActions } from "./actions/molecule.js";
import { createPairActions } from "./actions/pairs.js";
import { createVectorActions } from "./actions/vectors.js";
import { createProfileActions } from "./actions/profile.js";
import { createReactionActions } from "./actions/reactions.js";
import { createReadingActions } from "./actions/reading.js";
import { createRelaxationActions } from "./actions/relaxation.js";
import { createTrajectoryActions } from "./actions/trajectory.js";
import { createWalkActions } from "./actions/walking.js";
import { createProblems } from "./actions/problems.js";
import { shownPredictions } from "./lib/choice.js";
import { keepFocus } from "./lib/focus.js";
import { html, render } from "./lib/html.js";
import { useLanguage } from "./lib/language.js";
import { readPreferences, readTrainedOn, writePreferences } from "./lib/preferences.js";
import { keepSight, readSight, readWays } from "./lib/sight.js";
import { parseCompared, parseRoute, parseUnit, parseView } from "./lib/route.js";
import { destination, placeOf } from "./lib/pages.js";
import { labelled } from "./lib/quantities.js";
import { text } from "./lib/text.js";
import { pageTitle } from "./lib/title.js";
import { applyTheme, onSystemTheme, readPalette } from "./lib/theme.js";
import { AlchemyPanel } from "./panels/alchemy.js";
import { AtlasPanel } from "./panels/atlas.js";
import { AtomsPanel } from "./panels/atoms.js";
import { BatchPage } from "./panels/batch.js";
import { BarsPanel } from "./panels/bars.js";
import { ComparePanel, CompareTable } from "./panels/compare.js";
import { DecayPanel } from "./panels/decay.js";
import { ConformersPanel } from "./panels/conformers.js";
import { EditPanel } from "./panels/edit.js";
import { Sketcher } from "./panels/sketcher.js";
import { onOthersRecent, readRecent } from "./lib/recent.js";
import { DropZone } from "./panels/drop.js";
import { Export } from "./panels/export.js";
import { FragmentPanel } from "./panels/fragment.js";
import { Gallery } from "./panels/gallery.js";
import { Menu, Pages } from "./panels/header.js";
import { Legend } from "./panels/legend.js";
import { Connection, Notices, Problems, Status, Summary } from "./panels/notices.js";
import { PairsPanel } from "./panels/pairs.js";
import { ProfilePanel } from "./panels/profile.js";
import { ProbePanel } from "./panels/probe.js";
import { ReactionsPage } from "./panels/reactions.js";
import { Readout } from "./panels/readout.js";
import { ArrowNote, Meaning, ReferencePanel } from "./panels/reading.js";
import { RelaxationPanel } from "./panels/relaxation.js";
import { ReceiptPanel } from "./panels/receipt.js";
import { Examples, Search } from "./panels/search.js";
import { Share } from "./panels/share.js";
import { SlicePanel } from "./panels/slice.js";
import { StagePanel } from "./panels/stage.js";
import { Named, Title, Toolbar, TrainingChoice } from "./panels/toolbar.js";
import { TrajectoryPanel } from "./panels/trajectory.js";
import { Vectors } from "./panels/vectors.js";
import { Welcome } from "./panels/welcome.js";
import { Stage } from "./stage.js";
import { createStore, initialState } from "./store.js";

/** An example inside the training data of the models, with three heavy elements and a carbonyl: there is something to see. */
const FIRST_MOLECULE = "acetamide";
/** Pages without a molecule of their own. */
const WITHOUT_STAGE = ["gallery", "vectors", "batch", "reactions", "help"];
const LONGEST_FRAME_MS = 600;
/** For which the way to another page waits to hear that its server is there. */
const PATIENCE_MS = 1500;

/** @param {Store} store @param {() => Stage | null} stage once it is there */
function createActions(store, stage) {
  const problems = createProblems(store, api);
  const molecule = createMoleculeActions(store, api, problems, (input, name, signal) => trajectory.openFrames(input, name, signal));
  const fields = createFieldActions(store, api, problems);
  fields.start();
  createPairActions(store, api, problems).start();
  createProfileActions(store, api, problems).start();
  const atlas = createAtlasActions(store, api, problems);
  atlas.start();
  const gallery = createGalleryActions(store, api, problems);
  const vectors = createVectorActions(store, api, problems);
  const alchemy = createAlchemyActions(store, api, problems, (name, again) => molecule.explainExample(name, { again }));
  // what is asked of the molecule, and what links and files hold, is of what is shown
  const settle = async () => {
    alchemy.rest();
    await live.settle();
    await relaxation.settle();
    await trajectory.settle();
  };
  const comparison = createComparisonActions(store, api, problems, settle);
  const links = createLinkActions(store, api, problems, stage, alchemy.follow, { trajectory: (id, frame) => trajectory.resume(id, frame), relaxation: (id, frame) => relaxation.resume(id, frame) }, (id) => comparison.compareStored(id), (id, models) => edits.listConformers(id, models), () => exports.announcement());
  const live = createLiveActions(store, api, problems, { camera: () => stage()?.camera ?? null, redraw: fields.redraw, follow: molecule.replaceAddress });
  live.start();
  const relaxation = createRelaxationActions(store, api, problems, { stand: live.stand, settle });
  relaxation.start();
  const trajectory = createTrajectoryActions(store, api, problems, { show: molecule.show, stand: live.stand });
  trajectory.start();
  const batch = createBatchActions(store, api, problems);
  const reactions = createReactionActions(store, api, problems);
  const edits = createEditActions(store, api, problems, { ...live, settle, beside: comparison.beside });
  edits.start();
  createReadingActions(store, api, problems).start();
  const exports = createExportActions(store, api, problems, stage, settle);
  const { announcement: _, ...files } = exports;
  return {
    ...files,
    qrCode: links.qrCode,
    checkReceipt: (/** @type {string} */ id) => links.checkReceipt(id),
    moveAtoms: live.move,
    dropAtoms: live.rest,
    nudgeAtoms: live.nudge,
    explainPasted: (/** @type {string} */ input) => molecule.explainPasted(input),
    explainTyped: (/** @type {string} */ line) => molecule.explainTyped(line),
    explainExample: molecule.explainExample,
    explainDrawn: molecule.explainDrawn,
    openRecent: (/** @type {import("./types.js").Recent} */ entry) => molecule.openRecent(entry),
    clearRecent: molecule.clearRecent,
    loadStructures: () => molecule.loadStructures(),
    loadExamples: () => molecule.loadExamples(),
    edit: (/** @type {import("./types.js").MoleculeChange} */ change, /** @type {string} */ done) => edits.edit(change, done),
    undo: () => edits.undo(),
    redo: () => edits.redo(),
    findConformers: () => edits.findConformers(),
    showConformer: (/** @type {import("./types.js").Molecule} */ shape) => edits.showConformer(shape),
    relax: () => relaxation.relax(),
    stopRelaxing: relaxation.stop,
    turnRelaxation: relaxation.turn,
    playRelaxation: relaxation.play,
    explainText: molecule.explainText,
    openFile: (/** @type {File} */ file) => molecule.openFile(file),
    openMany: molecule.openMany,
    openStored: (/** @type {string} */ id) => molecule.openStored(id),
    openTrajectory: (/** @type {string} */ id, /** @type {number} */ frame) => trajectory.openStored(id, frame),
    turnTrajectory: trajectory.turn,
    playTrajectory: trajectory.play,
    openBatch: (/** @type {string | null} */ id, /** @type {string | null} */ query) => batch.openBatch(id, query),
    predictText: batch.predictText,
    predictFiles: batch.predictFiles,
    stopBatch: batch.stopBatch,
    openReactions: (/** @type {string | null} */ query) => reactions.openReactions(query),
    react: reactions.react,
    recompute: () => live.recompute(),
    explainStored: (/** @type {string} */ id) => molecule.explainStored(id),
    compareWith: (/** @type {string} */ input) => comparison.compareWith(input),
    endComparison: comparison.endComparison,
    async train(/** @type {string | null} */ trainedOn) {
      const { opened } = store.get();
      live.train(trainedOn);
      if (opened) await live.recompute(); // a link has the predictions of the models alone that it shows
    },
    async share() {
      await settle();
      await links.share();
    },
    removeShare: () => links.remove(),
    closeShare: links.close,
    openView: (/** @type {string} */ id) => links.open(id),
    goOn: (/** @type {unknown} */ ways) => links.goOn(ways),
    change: alchemy.change,
    turn: alchemy.turn,
    playAlchemy: () => alchemy.play(),
    preset: alchemy.preset,
    loadRings: () => atlas.loadRings(),
    openGallery: () => gallery.openGallery(),
    openVectors: (/** @type {string | null} */ model) => vectors.openVectors(model),
    leaveAlchemy: () => alchemy.reset(),
    pick: (/** @type {number} */ atom) => store.set(({ selected }) => ({ selected: [...new Set([...selected, atom])] })),
    async startTour() {
      try {
        const { startTour } = await api.part(() => import("./tour.js")); // most readers never see it
        await startTour(() => store.set({ welcomed: true }));
      } catch (error) {
        problems.report(error, "molecule", () => this.startTour(), { kind: "tour" });
      }
    },
    walker: createWalkActions(store),
    dismiss: problems.dismiss,
    stay: problems.stay,
    report: problems.report,
    reportUnexpected: problems.reportUnexpected,
  };
}

/** A part of an address would be another entry of the history, and going back loads the page. @param {Event} event */
function toPicture(event) {
  event.preventDefault();
  focusPicture();
}

/** Where its keys are heard: the first picture, or what will hold it. @returns {HTMLElement | null} */
const firstPicture = () => document.querySelector("#picture .viewport") ?? document.getElementById("picture");

function focusPicture() {
  firstPicture()?.focus();
}

/** @param {Parts} parts */
function Page(parts) {
  const { page } = parts.store.get().route;
  if (page === "embed") return Embed(parts);
  if (page === "gallery") return Alone(parts, Gallery, text.gallery.back);
  if (page === "vectors") return Alone(parts, Vectors, text.vectors.back);
  if (page === "batch") return Alone(parts, BatchPage, text.batch.back);
  if (page === "reactions") return Alone(parts, ReactionsPage, text.reactions.back);
  if (page === "help") return Alone(parts, parts.help ?? Empty, text.help.back);
  return html`<a class="skip" href="#picture" onClick=${toPicture}>${text.skip}</a>
    <header class="header">
      <a class="brand" href="/" aria-label=${text.brand}><img src="/icon.svg" alt="" width="28" height="28" /><span>${text.brand}</span></a>
      <${Pages} ...${parts} />
      <div class="header-actions"><${Export} ...${parts} /><${Share} ...${parts} /><${Menu} ...${parts} /></div>
      <div class="header-molecule"><${Search} ...${parts} /><${Examples} ...${parts} /></div>
    </header>
    <main class="layout">
      <${Welcome} ...${parts} />
      <div class="pictures">
        <div class="card picture-card">
          <${Title} ...${parts} />
          <${Toolbar} ...${parts} />
          <${ComparePanel} ...${parts} />
          <div class="stage-frame" id="picture" tabindex="-1"><${StagePanel} ...${parts} /><${Status} ...${parts} /></div>
          <${TrajectoryPanel} ...${parts} />
          <${Legend} ...${parts} />
          <${ArrowNote} ...${parts} />
          <${TrainingChoice} ...${parts} />
        </div>
      </div>
      <div class="side">
        <${ProbePanel} ...${parts} />
        <${SlicePanel} ...${parts} />
        <${ProfilePanel} ...${parts} />
        <${PairsPanel} ...${parts} />
        <${DecayPanel} ...${parts} />
        <${Notices} ...${parts} />
        <div class="card"><${Summary} ...${parts} /><${Meaning} ...${parts} /><${CompareTable} ...${parts} /><${AtomsPanel} ...${parts} /></div>
        <${BarsPanel} ...${parts} />
        <${FragmentPanel} ...${parts} />
        <${ReferencePanel} ...${parts} />
        <${EditPanel} ...${parts} />
        <${ConformersPanel} ...${parts} />
        <${AtlasPanel} ...${parts} />
        <${RelaxationPanel} ...${parts} />
        <${AlchemyPanel} ...${parts} />
        <${ReceiptPanel} ...${parts} />
      </div>
    </main>
    <footer class="footer muted">${text.footer}</footer>
    <${Readout} ...${parts} />
    <${Connection} ...${parts} />
    <${DropZone} ...${parts} />
    <${Sketcher} ...${parts} />`;
}

/** A page of one panel. @param {Parts} parts @param {typeof Gallery} Panel @param {string} back words that lead to the molecules */
function Alone(parts, Panel, back) {
  return html`<header class="header">
      <a class="brand" href="/" aria-label=${text.brand}><img src="/icon.svg" alt="" width="28" height="28" /><span>${text.brand}</span></a>
      <${Pages} ...${parts} />
      <div class="header-actions gallery-actions"><a href="/">${back}</a><${Menu} ...${parts} /></div>
    </header>
    <${Panel} ...${parts} />
    ${["batch", "reactions"].includes(parts.store.get().route.page) ? html`<div class="page-status"><${Status} ...${parts} /></div>` : null}
    <footer class="footer muted">${text.footer}</footer>
    <${Connection} ...${parts} />`;
}

/** What there is of a page that could not be loaded yet. */
function Empty() {
  return html`<main></main>`;
}

/** @param {Parts} parts */
function Embed(parts) {
  const { id } = parts.store.get().route;
  return html`<main class="embed">
    <div class="visually-hidden"><${Title} ...${parts} /></div>
    <${Problems} ...${parts} />
    <div class="stage-frame"><${StagePanel} ...${parts} /><${Status} ...${parts} /></div>
    <div class="embed-foot"><${Named} ...${parts} /><a href=${`/v/${id}`} target="_blank" rel="noopener">${text.embed.open}</a>
      <${Legend} ...${parts} /><${ArrowNote} ...${parts} /></div>
    <${Readout} ...${parts} />
  </main>`;
}

/**
 * The molecule that the address asks for, or the first one.
 *
 * @param {import("./types.js").Route} route @param {Actions} actions
 */
function firstMolecule({ id, query, example, trajectory, frame }, actions) {
  if (trajectory) return actions.openTrajectory(trajectory, frame ?? 0);
  if (id !== null) return actions.openStored(id);
  if (example) return actions.explainExample(example, { address: false });
  if (query === null) return actions.explainExample(FIRST_MOLECULE, { address: false, remember: false });
  return actions.explainText(query, { address: false });
}

/** Loads what the address asks for. @param {Store} store @param {Actions} actions */
async function load(store, actions) {
  const { page, id, query } = store.get().route;
  if (page === "gallery") return actions.openGallery();
  if (page === "vectors") return actions.openVectors(id);
  if (page === "help") return undefined;
  if (page === "batch") return actions.openBatch(id, query);
  if (page === "reactions") return actions.openReactions(query);
  const beside = page === "main" ? parseCompared(location) : null;
  const ways = page === "main" ? readWays() : null;
  const molecule = page === "main" ? firstMolecule(store.get().route, actions) : actions.openView(id ?? "");
  await loadModels(store, actions);
  await molecule;
  const whole = async () => {
    if (ways) await actions.goOn(ways);
    if (beside) await actions.compareWith(beside);
  };
  if (store.get().molecule !== null) await whole();
  else if (store.get().offline) {
    // of the molecule that is going to be there once somebody answers, unless a reader has another one by then
    const { search } = location;
    explained(store).then(() => (location.search === search ? whole() : undefined)).catch(actions.reportUnexpected);
  }
  if (page !== "embed") await actions.loadExamples();
}

/** The networks that there are. @param {Store} store @param {Actions} actions */
async function loadModels(store, actions) {
  try {
    const models = await api.models();
    store.set({ models: labelled(models) });
    const { alchemy, relaxation, trajectory, moving } = store.get();
    // what was explained meanwhile was not told the training sets
    if (!alchemy && !relaxation && !trajectory && !moving) store.set((state) => ({ predictions: shownPredictions(state) }));
    if (models.length === 0) {
      const alert = { code: "no_models", message: text.errors.noModels, hint: text.errors.noModelsHint, field: null, place: /** @type {const} */ ("molecule"), retry: null };
      store.set({ alert });
    }
  } catch (error) {
    actions.report(error, "molecule", () => loadModels(store, actions), { kind: "models" });
  }
}

/** @param {Store} store @param {Actions} actions @param {typeof import("./viewer.js")} viewer @param {import("./viewer.js").Picture | null} warm for its first pane @returns {Stage} */
function createStage(store, actions, { Picture }, warm) {
  let first = warm;
  const makePicture = (/** @type {import("./viewer.js").Palette} */ palette) => {
    const picture = first ?? new Picture(palette);
    picture.setPalette(palette); // a link may have brought another since the first was made
    first = null;
    return picture;
  };
  return new Stage(makePicture, readPalette(), {
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

/** @param {typeof import("./viewer.js")} viewer @returns {Stage} for training molecules, which are looked at alone */
function createReference({ Picture }) {
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

/** @param {Store} store @returns {Promise<void>} once there is something to draw; what else the page loads may wait */
function explained(store) {
  return new Promise((resolve) => {
    const look = (/** @type {import("./types.js").State} */ { molecule, models, predictions }) => {
      if (molecule === null || models.length === 0 || predictions.length === 0) return;
      forget();
      resolve();
    };
    const forget = store.subscribe(look);
    look(store.get());
  });
}

async function start() {
  const route = parseRoute(location);
  const preferences = readPreferences();
  /** @type {unknown} why the page is in English for now; null: it is not, or was to be */
  const unspoken = await useLanguage(preferences.language ?? "system", api.part).then(() => null, (error) => error);
  const usual = initialState();
  const { probe } = usual;
  const unit = route.page === "batch" || route.page === "reactions" ? parseUnit(location) : null;
  const ofAddress = unit ? { unit, ofLink: { unit } } : {};
  const store = createStore({ ...(route.page === "main" ? { ...parseView(location, probe), trainedOn: readTrainedOn(), ...readSight(probe) } : {}), route, text: route.query ?? (route.page === "main" && route.id === null && !route.trajectory ? FIRST_MOLECULE : ""), recent: readRecent(), ...preferences, ...ofAddress });
  /** @type {Stage | null} */
  let stage = null;
  /** @type {Stage | null} */
  let reference = null;
  const actions = createActions(store, () => stage);
  /** @type {Parts["help"]} */
  let help = null;
  const place = placeOf(route.page);
  const root = /** @type {HTMLElement} */ (document.getElementById("page"));
  document.documentElement.dataset.page = route.page;
  const draw = () => render(html`<${Page} store=${store} actions=${actions} api=${api} stage=${stage} reference=${reference} help=${help} />`, root);

  const entitle = () => {
    const title = pageTitle(store.get());
    if (document.title !== title) document.title = title;
  };
  const speakChosen = async () => {
    try {
      await useLanguage(store.get().language, api.part);
    } catch (error) {
      actions.report(error, place, speakChosen, { kind: "language" });
      return;
    }
    // their short names are words, too
    store.set((now) => ({ models: labelled(now.models) }));
    draw();
    entitle();
  };
  const openHelp = async () => {
    try {
      help = (await api.part(() => import("./panels/help.js"))).Help;
    } catch (error) {
      actions.report(error, place, openHelp, { kind: "help" });
      return;
    }
    draw();
  };
  const openStage = async () => {
    let viewer;
    try {
      viewer = await api.part(() => import("./viewer.js")); // is read while the networks are asked
    } catch (error) {
      actions.report(error, place, openStage, { kind: "pictures" });
      return;
    }
    const warm = viewer.warmPicture(readPalette()); // its shaders are compiled elsewhere, while their answer is on its way
    await Promise.race([loading, explained(store)]);
    await painted(); // numbers and words are there before the first picture is drawn
    stage = createStage(store, actions, viewer, warm);
    reference = createReference(viewer);
    draw();
  };

  const before = { ...usual, ...preferences };
  let { theme, language } = store.get();
  const dress = () => {
    applyTheme(store.get().theme);
    stage?.setPalette(readPalette());
    reference?.setPalette(readPalette());
  };
  applyTheme(theme);
  onSystemTheme(dress);
  store.subscribe((state) => {
    // a link's theme, unit and labels are its maker's, not this reader's
    const { ofLink } = state;
    writePreferences({
      ...state,
      theme: state.theme === ofLink.theme ? before.theme : state.theme,
      unit: state.unit === ofLink.unit ? before.unit : state.unit,
      labels: state.labels === ofLink.labels ? before.labels : state.labels,
    });
    if (state.theme !== theme) {
      theme = state.theme;
      dress();
    }
    if (state.language !== language) {
      language = state.language;
      speakChosen().catch(actions.reportUnexpected);
    }
  });
  onOthersRecent((recent) => store.set({ recent }));
  // while nobody answers the browser would leave the page for one of its own, and with it all that is not stored
  window.addEventListener("popstate", () => {
    if (store.get().offline) actions.report(api.offline(), place, () => location.reload(), { kind: "molecule" });
    else location.reload();
  });
  window.addEventListener("click", (event) => {
    const address = destination(event, location);
    if (address === null) return;
    event.preventDefault();
    follow(address).catch(actions.reportUnexpected);
  });

  /** @param {string} address of another page, for which this one is left where somebody would send it */
  async function follow(address) {
    if (!store.get().offline && navigator.onLine && (await api.alive(PATIENCE_MS))) location.assign(address);
    else actions.stay(place);
  }

  window.addEventListener("unhandledrejection", (event) => actions.reportUnexpected(event.reason));

  store.subscribe(entitle);
  if (route.page === "main") keepSight(store);
  entitle();
  keepFocus(root, firstPicture);

  if (route.page === "help") await openHelp();
  const loading = load(store, actions); // asks before it draws: the answers come meanwhile
  draw();
  if (unspoken !== null) actions.report(unspoken, place, speakChosen, { kind: "language" });
  if (!WITHOUT_STAGE.includes(route.page)) await openStage();
  await loading;
  if (new URLSearchParams(location.search).has("tour")) {
    history.replaceState(null, "", "/"); // once is enough
    await actions.startTour();
  }
  return { store, stage: () => stage, reference: () => reference };
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
      const stage = (await ready).stage();
      await stage?.rested(); // while it turns, a picture may have fewer pixels
      return stage?.camera;
    },
    referenceURI: async () => (await ready).reference()?.visible[0]?.pngURI() ?? null,
    /** @param {number} pane from 0 */
    async pngURI(pane = 0) {
      const stage = (await ready).stage();
      await stage?.rested();
      return stage?.visible[pane]?.pngURI() ?? null;
    },
  },
});
