/**
 * Exports: the picture, what the networks say of the atoms, and the fields and surfaces shown, as files of other programs;
 * and the whole as a page that needs no server.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Quantity} Quantity
 * @typedef {"glb" | "stl" | "csv"} SurfaceFormat
 * @typedef {"cube" | "csv"} FieldFormat
 * @typedef {"json" | "csv" | "extxyz" | "svg"} ExplanationFormat
 * @typedef {{width: number, height: number}} Size pixels
 */
import { differenceShape, drawingParameters, explanationOf, filedState, isFiled, pictureHeading, pictureName, surfaceShape } from "../lib/exports.js";
import { ApiError } from "../api.js";
import { differenceSurfaces } from "../lib/differences.js";
import { currentLevel, ENVELOPE, isDrawn, probeElement } from "../lib/fields.js";
import { legendTexts } from "../lib/legend.js";
import { shownMolecule } from "../lib/live.js";
import { packSurfaces } from "../lib/offline.js";
import { panes } from "../lib/panes.js";
import { composePicture, divided, wholeSize } from "../lib/picture.js";
import { isOffered, modelOf, predictionsOf, QUANTITIES } from "../lib/quantities.js";
import { limitOf, zeroOf } from "../lib/scale.js";
import { text } from "../lib/text.js";
import { resolveTheme } from "../lib/theme.js";
import { encodeView } from "../lib/viewstate.js";
import { titleOf } from "../lib/input.js";

/** Of the picture that announces a link elsewhere, pixels: what Open Graph's readers expect. */
const ANNOUNCEMENT = Object.freeze({ width: 1200, height: 630 });
/** Å, of a field of which its envelope alone is wanted: values there do not depend on it. */
const SPACING = 0.35;
/** ms that a file waits for the surfaces of its picture. */
const LONGEST_WAIT_MS = 180_000;
/** Where the data stand in the page of a file. */
const EMPTY = '<script type="application/json" id="explanation">null</script>';

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {() => import("../stage.js").Stage | null} stage
 * @param {() => Promise<void>} settle what is shown on its way becomes the molecule: files hold that
 */
export function createExportActions(store, api, problems, stage, settle) {
  /** @param {() => Promise<{content: Blob, name: string}>} make */
  async function save(make) {
    store.set({ busy: text.export.saving, alert: null });
    try {
      const { content, name: made } = await make();
      const name = ofFrame(made, store.get());
      download(content, name);
      store.set({ busy: null, done: text.export.saved(name) });
    } catch (error) {
      problems.report(error, "export", () => save(make), { of: store.get().molecule?.id });
    }
  }

  /** @returns {import("../viewer.js").Picture[]} of the panes, left to right */
  const pictures = () => panes(store.get()).flatMap(({ slot }) => stage()?.pictures.get(slot) ?? []);

  /** @returns {{shown: Size, room: boolean, legend: boolean}} the panes side by side, CSS pixels; `room`: above the molecules for titles */
  function frame() {
    const drawn = pictures();
    const shown = { width: drawn.reduce((sum, { size }) => sum + size.width, 0), height: Math.max(1, ...drawn.map(({ size }) => size.height)) };
    return { shown, room: drawn.every(({ lift }) => lift > 0), legend: legendTexts(store.get()) !== null };
  }

  /** @returns {State} whose numbers go into files of one molecule */
  const filed = () => filedState(store.get());

  /** @param {Size} size @param {{transparent: boolean, heading: boolean}} how @returns {Promise<Blob>} PNG */
  async function painted(size, { transparent, heading }) {
    const state = store.get();
    const drawn = stage();
    const { shown, room, legend } = frame();
    const shots = panes(state).flatMap(({ slot, title }) => {
      const picture = drawn?.pictures.get(slot);
      return picture ? [{ title, picture }] : [];
    });
    if (!drawn || shots.length === 0) throw new Error("there is no picture to save");
    const { frame: each, ratio } = divided(size, shown, { panes: shots.length, room, legend, heading });
    const canvas = composePicture(shots.map(({ title, picture }) => ({ title, room, ...picture.snapshot(each, ratio, transparent) })), ratio, legendTexts(state), drawn.palette, transparent, size, heading ? pictureHeading(state) : null);
    const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!(content instanceof Blob)) throw new Error("the picture is too large for this browser");
    return content;
  }

  /** @returns {Promise<void>} once the surfaces of the picture are there, or are not to be had */
  function surfacesDrawn() {
    const over = () => {
      const state = store.get();
      return state.moving !== null || !isFiled(state) || isDrawn(state) || state.alert?.place === "probe";
    };
    return new Promise((resolve) => {
      if (over()) {
        resolve();
        return;
      }
      const end = () => {
        clearTimeout(timer);
        leave();
        resolve();
      };
      const timer = setTimeout(end, LONGEST_WAIT_MS);
      const leave = store.subscribe(() => {
        if (over()) end();
      });
    });
  }

  /** @param {Quantity} quantity @param {string} element of the probe @returns {Promise<import("../types.js").KeptSurfaces>} its field on the envelope */
  async function envelopes(quantity, element) {
    const state = filed();
    const { molecule } = state;
    const { property, field } = QUANTITIES[quantity];
    const models = property ? predictionsOf(state, property).map(({ model }) => model).filter(({ elements }) => elements.includes(element)) : [];
    const drawn = await Promise.all(models.map(async (model) => {
      const wanted = { molecule: molecule?.id ?? "", model: model.name, quantity: field ?? "", elements: [element], spacing: SPACING };
      try {
        const mesh = await api.surface((await api.field(wanted)).id, element, { envelope: ENVELOPE });
        return [[model.name, packSurfaces([{ key: "", mesh, level: null, median: 0 }])]];
      } catch (error) {
        if (!(error instanceof ApiError) || error.offline) throw error;
        return []; // the file says that it lacks it
      }
    }));
    return { mode: "envelope", element, level: null, drawn: Object.fromEntries(drawn.flat()) };
  }

  /** @returns {Promise<import("../types.js").KeptExplanation["surfaces"]>} what is shown; of the other fields the envelope */
  async function keptSurfaces() {
    const state = filed();
    /** @type {import("../types.js").KeptExplanation["surfaces"]} */
    const kept = {};
    const today = !state.opened || state.opened.changed.length === 0;
    for (const quantity of /** @type {const} */ (["potential", "probe_charge"])) {
      const element = probeElement({ ...state, quantity });
      const shown = Object.entries(state.surfaces).filter(([, surfaces]) => surfaces.length > 0);
      if (quantity === state.quantity && shown.length > 0) {
        kept[quantity] = { mode: state.probe.mode, element, level: state.probe.mode === "isosurface" ? currentLevel(state) : null, drawn: Object.fromEntries(shown.map(([model, surfaces]) => [model, packSurfaces(surfaces)])) };
      } else if (isFiled(state) && today && isOffered(state, quantity)) kept[quantity] = await envelopes(quantity, element);
    }
    return kept;
  }

  /** @param {import("../types.js").KeptExplanation["surfaces"]} surfaces @returns {import("../types.js").KeptExplanation["missing"]} what the page could show and the file does not hold */
  function missingOf(surfaces) {
    const state = filed();
    return /** @type {const} */ (["potential", "probe_charge"]).flatMap((quantity) => {
      const { property } = QUANTITIES[quantity];
      const models = property && !state.molecule?.cell ? predictionsOf(state, property).map(({ model }) => model.name) : [];
      return models.filter((model) => !surfaces[quantity]?.drawn[model]).map((model) => ({ quantity, model }));
    });
  }

  /** @returns {Promise<State["pairs"]>} */
  async function keptPairs() {
    const state = filed();
    const names = predictionsOf(state, "energy").map(({ model }) => model.name);
    if (!state.molecule || !isFiled(state) || (state.opened?.changed.length ?? 0) > 0 || !isOffered(state, "pairs")) return {};
    return Object.fromEntries((await api.pairs(state.molecule.id, names)).map((found) => [found.model, found]));
  }

  /** @returns {Promise<State["forces"]>} of the molecule that the file holds, by the networks that the link of today still has */
  async function keptForces() {
    const state = filed();
    const names = predictionsOf(state, "energy").map(({ model }) => model.name);
    if (!state.molecule || state.molecule.cell || !isFiled(state) || (state.opened?.changed.length ?? 0) > 0 || names.length === 0) return {};
    return Object.fromEntries((await api.forces(state.molecule.id, names)).map((found) => [found.model, found]));
  }

  return {
    /** Of the finest field: what is drawn meanwhile has fewer points. @param {string} model @param {SurfaceFormat} format */
    async saveSurface(model, format) {
      await settle();
      await surfacesDrawn();
      const state = store.get();
      const field = state.fields[model]?.field;
      const [surface] = state.surfaces[model] ?? [];
      const shape = surfaceShape(state, model, ENVELOPE);
      if (!isFiled(state) || !field || !surface || !shape) return;
      await save(() => api.file(field.id, "surface", probeElement(state), { ...shape, ...colorsOf(state, surface, format), format }));
    },

    /** What the second network says on the envelope less what the first says. @param {SurfaceFormat} format */
    async saveDifference(format) {
      await settle();
      await surfacesDrawn();
      const state = store.get();
      const [surface] = differenceSurfaces(state);
      const of = differenceShape(state, ENVELOPE);
      if (!isFiled(state) || !surface || !of) return;
      await save(() => api.file(of.field, "surface", probeElement(state), { ...of.shape, ...colorsOf(state, surface, format), format }));
    },

    /** The finest one. @param {string} model @param {FieldFormat} format */
    async saveField(model, format) {
      await settle();
      await surfacesDrawn();
      const state = store.get();
      const field = state.fields[model]?.field;
      if (!isFiled(state) || !field) return;
      await save(() => api.file(field.id, "data", probeElement(state), { format }));
    },

    /** @param {ExplanationFormat} format */
    async saveExplanation(format) {
      await settle();
      const of = explanationOf(store.get());
      if (!of) return;
      await save(() => api.explanation(of, { format, ...(format === "svg" ? { ...drawingParameters(filed()), language: document.documentElement.lang } : {}) }));
    },

    /** The size of the picture as the page shows it. @returns {Size} */
    pictureSize() {
      const { shown, ...parts } = frame();
      return wholeSize(shown, { ...parts, heading: true });
    },

    /** @param {Size} size @param {{transparent: boolean, heading: boolean}} how */
    savePicture(size, how) {
      return save(async () => ({ content: await painted(size, how), name: pictureName(store.get()) }));
    },

    /** @returns {Promise<Blob | null>} the picture that announces a link elsewhere, PNG; null where nothing is drawn */
    announcement() {
      return pictures().length > 0 ? painted(ANNOUNCEMENT, { transparent: false, heading: false }) : Promise.resolve(null);
    },

    /** A page that opens without a server and still turns; it waits for the surfaces that are being computed. */
    async savePage() {
      await settle();
      await surfacesDrawn();
      if (!isFiled(store.get())) return;
      return save(async () => {
        const state = filed();
        const molecule = shownMolecule(state);
        if (!molecule) throw new Error("there is nothing to save");
        const view = encodeView({ ...state, theme: resolveTheme(state.theme) }, stage());
        const { version, cite } = await api.citations(state.predictions.flatMap(({ model }) => (state.models.some(({ name }) => name === model) ? model : [])));
        const surfaces = await keptSurfaces();
        /** @type {import("../types.js").KeptExplanation} */
        const kept = {
          version, created: new Date().toISOString(), language: document.documentElement.lang, molecule, predictions: state.predictions,
          models: state.predictions.map((prediction) => modelOf(state.models, prediction)), state: view,
          surfaces, missing: missingOf(surfaces), pairs: await keptPairs(), forces: await keptForces(), cite,
        };
        // no text in it may end the element in which it stands
        const data = JSON.stringify(kept).replaceAll("<", "\\u003c");
        const shell = await api.offlinePage();
        if (!shell.includes(EMPTY)) throw new Error("the page of a file has no place for its data");
        const title = `${titleOf(molecule)} · ${text.brand}`.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
        const page = shell.replace(EMPTY, () => EMPTY.replace("null", () => data)).replace("<title>atomlens</title>", () => `<title>${title}</title>`);
        return { content: new Blob([page], { type: "text/html" }), name: pictureName(state, "html") };
      });
    },
  };
}

/** @param {State} state @param {import("../types.js").Surface} surface @param {SurfaceFormat} format @returns {object} the colours of the picture, for a file that has some */
function colorsOf(state, surface, format) {
  return format === "glb" ? { limit: limitOf(state), zero: zeroOf(state, surface), opacity: state.probe.opacity } : {};
}

/** @param {string} name @param {import("../types.js").State} state @returns {string} with the frame of a trajectory that it holds, counted as on the page */
function ofFrame(name, { trajectory }) {
  return trajectory ? name.replace(/(\.\w+)$/, `_frame${trajectory.frame + 1}$1`) : name;
}

/** @param {Blob} content @param {string} name */
function download(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // the browser reads it after the click
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
