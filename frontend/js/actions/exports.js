/**
 * Exports: the picture, and the fields and surfaces that it shows, as files of other programs.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").State} State
 * @typedef {"glb" | "stl" | "csv"} SurfaceFormat
 * @typedef {"cube" | "csv"} FieldFormat
 */
import { pictureName, surfaceShape } from "../lib/exports.js";
import { ENVELOPE, probeElement } from "../lib/fields.js";
import { legendTexts } from "../lib/legend.js";
import { panes } from "../lib/panes.js";
import { composePicture } from "../lib/picture.js";
import { limitOf, zeroOf } from "../lib/scale.js";
import { text } from "../lib/text.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {() => import("../stage.js").Stage | null} stage
 */
export function createExportActions(store, api, problems, stage) {
  /** @param {() => Promise<{content: Blob, name: string}>} make */
  async function save(make) {
    store.set({ busy: text.export.saving, alert: null });
    try {
      const { content, name } = await make();
      download(content, name);
      store.set({ busy: null, done: text.export.saved(name) });
    } catch (error) {
      problems.report(error, "export", () => save(make));
    }
  }

  return {
    /** @param {string} model @param {SurfaceFormat} format */
    saveSurface(model, format) {
      const state = store.get();
      const field = state.fields[model]?.field;
      const [surface] = state.surfaces[model] ?? [];
      const shape = surfaceShape(state, model, ENVELOPE);
      if (!field || !surface || !shape) return Promise.resolve();
      const colors = format === "glb" ? { limit: limitOf(state), zero: zeroOf(state, surface), opacity: state.probe.opacity } : {};
      return save(() => api.file(field.id, "surface", probeElement(state), { ...shape, ...colors, format }));
    },

    /** @param {string} model @param {FieldFormat} format */
    saveField(model, format) {
      const field = store.get().fields[model]?.field;
      if (!field) return Promise.resolve();
      return save(() => api.file(field.id, "data", probeElement(store.get()), { format }));
    },

    /** @param {number} ratio pixels of the file in a pixel of the page @param {boolean} transparent */
    savePicture(ratio, transparent) {
      return save(async () => {
        const state = store.get();
        const drawn = stage();
        const shots = panes(state).flatMap(({ slot, title }) => {
          const picture = drawn?.pictures.get(slot);
          return picture ? [{ title, room: picture.lift > 0, ...picture.snapshot(ratio, transparent) }] : [];
        });
        if (!drawn || shots.length === 0) throw new Error("there is no picture to save");
        const canvas = composePicture(shots, ratio, legendTexts(state), drawn.palette, transparent);
        const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
        if (!(content instanceof Blob)) throw new Error("the picture is too large for this browser");
        return { content, name: pictureName(state) };
      });
    },
  };
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
