/**
 * Many molecules: texts and files become a table of predictions; the address keeps what was asked.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").BatchFile} BatchFile
 */
import { LONGEST_QUERY, MOST_CHARACTERS, refusalOf, textsOf } from "../lib/batch.js";
import { takeFiles } from "../lib/handover.js";
import { labelled } from "../lib/quantities.js";
import { nameInAddress } from "../lib/route.js";
import { text } from "../lib/text.js";

/** Share of the work after which the rest of the time can be told. */
const ENOUGH_TO_TELL = 0.05;

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createBatchActions(store, api, problems) {
  let running = new AbortController();
  const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });

  /** @param {import("../types.js").Batch} batch @param {string | null} query the text that an address can hold */
  function show(batch, query) {
    nameInAddress("/batch", query === null ? { id: batch.id } : { q: query });
    const failed = batch.rows.filter(({ error }) => error).length;
    store.set({ batch, batching: null, busy: null, done: text.batch.done(batch.rows.length - failed, failed) });
  }

  /** @param {string} message @param {string} hint */
  function refuse(message, hint) {
    store.set({ alert: { code: "file", message, hint, field: "files", place: "batch", retry: null } });
  }

  /** @param {BatchFile[]} files */
  async function predict(files) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const size = files.reduce((sum, file) => sum + file.text.length, 0);
    if (size > MOST_CHARACTERS) return refuse(text.batch.tooLarge(size, MOST_CHARACTERS), text.batch.tooLargeHint);
    const begun = Date.now();
    /** @type {(share: number, there: import("../types.js").Batch, of: number) => void} */
    const onRows = (share, there, of) => {
      const seconds = share > ENOUGH_TO_TELL && share < 1 ? ((Date.now() - begun) / 1000) * (1 / share - 1) : null;
      store.set({ batching: share, batch: there.rows.length > 0 ? there : null, busy: { said: text.status.predicting, seen: text.batch.progress(there.rows.length, of, seconds) } });
    };
    const [only] = files;
    const query = files.length === 1 && only && !only.name && only.text.length <= LONGEST_QUERY ? only.text : null;
    nameInAddress("/batch", query === null ? {} : { q: query }); // how another table was sorted is not of this one
    store.set({ alert: null, batch: null, batching: 0, busy: text.status.reading });
    try {
      const batch = await api.batch(files, { signal, onBusy, onRows });
      show(batch, query);
    } catch (error) {
      store.set({ batching: null });
      problems.report(error, "batch", () => (signal.aborted ? undefined : predict(files)));
    }
    return undefined;
  }

  return {
    /** @param {string | null} id of a batch @param {string | null} query lines of molecules */
    async openBatch(id, query) {
      if (query !== null) store.set({ batchText: query });
      const models = this.loadModels();
      try {
        const left = await takeFiles();
        if (left.length > 0) await predict(left);
        else if (id !== null) show(await api.storedBatch(id, { onBusy }), null);
        else if (query?.trim()) await predict([{ name: "", text: query }]);
      } catch (error) {
        problems.report(error, "batch", () => this.openBatch(id, query));
      }
      await models;
    },
    /** What the networks are called. */
    async loadModels() {
      try {
        store.set({ models: labelled(await api.models()) });
      } catch (error) {
        problems.report(error, "batch", () => this.loadModels(), { kind: "models" });
      }
    },
    async predictText() {
      const { batchText } = store.get();
      if (!batchText.trim()) return refuse(text.batch.empty, text.batch.emptyHint);
      return predict([{ name: "", text: batchText }]);
    },
    /** @param {File[]} files */
    async predictFiles(files) {
      const refusal = refusalOf(files);
      if (refusal) return refuse(refusal.message, refusal.hint);
      try {
        return await predict(await textsOf(files));
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        return refuse(text.molecules.unreadableFile(files.map(({ name }) => name).join(", ")), ""); // a folder, or gone since
      }
    },
    /** Gives up what is being computed. */
    stopBatch() {
      running.abort();
      store.set({ batching: null, busy: null, done: text.batch.stopped });
    },
  };
}
