/**
 * Element vectors: read for a model when the page is theirs, which puts it into the address.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { text } from "../lib/text.js";

/** Of several SchNets the one whose vectors have most elements to put in order. @param {import("../types.js").Model[]} models */
function richest(models) {
  return models.reduce((/** @type {import("../types.js").Model | undefined} */ best, model) => (!best || rank(model) > rank(best) ? model : best), undefined);
}

/** @param {import("../types.js").Model} model @returns {number} main-group elements seen in every place first */
function rank(model) {
  return model.elements.length + (model.name === "materials-elpasolites" ? 1000 : 0);
}

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createVectorActions(store, api, problems) {
  let asked = 0;
  return {
    /** @param {string | null} name of the model; null: the one with most to show */
    async openVectors(name) {
      const turn = ++asked;
      store.set({ busy: text.vectors.loading, alert: null });
      try {
        const models = store.get().models.length > 0 ? store.get().models : await api.models();
        const model = models.find((one) => one.name === name && one.family === "schnet")?.name ?? richest(models.filter(({ family }) => family === "schnet"))?.name;
        if (!model) {
          store.set({ models, busy: null });
          return;
        }
        const found = await api.embeddings(model);
        if (turn !== asked) return; // another model was chosen meanwhile
        const alert = name === null || name === model ? null : { code: "unknown_model", message: text.vectors.noModel(name), hint: text.vectors.noModelHint, field: null, place: /** @type {const} */ ("vectors"), retry: null };
        store.set({ models, vectors: { model, found }, busy: null, alert });
      } catch (error) {
        if (turn === asked) problems.report(error, "vectors", () => (turn === asked ? this.openVectors(name) : undefined));
      }
    },
  };
}
