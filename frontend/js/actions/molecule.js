/**
 * Explaining a molecule: text or a file becomes a molecule, and the molecule its predictions.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Explained} Explained
 */
import { answered } from "../lib/choice.js";
import { nothingOfTheMolecule } from "../store.js";
import { FIRST_SLICE } from "../lib/slice.js";
import { text } from "../lib/text.js";

const FORMATS = Object.freeze({ xyz: "xyz", extxyz: "extxyz", sdf: "sdf", sd: "sdf", mol: "mol", cif: "cif" });
const LARGEST_FILE = 2 * 1024 * 1024;
/** Longer inputs are no names and no line of an address. */
const LONGEST_QUERY = 300;

/** @param {string} name of a file @returns {string | null} the service's name of its format */
export function formatOf(name) {
  const extension = name.split(".").pop()?.toLowerCase() ?? "";
  return Object.hasOwn(FORMATS, extension) ? FORMATS[/** @type {keyof typeof FORMATS} */ (extension)] : null;
}

/** @param {Molecule} molecule @returns {string} what people call it */
export function titleOf(molecule) {
  return molecule.name || molecule.smiles || molecule.formula;
}

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createMoleculeActions(store, api, problems) {
  let running = new AbortController();

  /** @param {Explained} answer */
  function show(answer) {
    const { molecule } = answer;
    const { probe, quantity } = store.get();
    // levels that a person chose hold for the next molecule too; the service's suggestions were for the last one
    const levels = Object.fromEntries(Object.entries(probe.levels).filter(([, level]) => level.chosen));
    store.set({
      ...nothingOfTheMolecule(), molecule, ...answered(store.get(), answer), before: [], opened: null, share: null, selected: [], camera: null, probe: { ...probe, levels, slice: { ...FIRST_SLICE, opacity: probe.slice.opacity } },
      ...(molecule.cell ? { quantity: quantity === "elements" ? quantity : "contributions", hand: false } : {}),
      done: text.status.explained(titleOf(molecule), molecule.symbols.length),
    });
  }

  /**
   * @param {string} format
   * @param {string} input
   * @param {{address?: boolean}} [options] `address`: the browser's address bar follows
   */
  async function explain(format, input, { address = true } = {}) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
    store.set({ busy: text.status.reading, alert: null });
    try {
      const molecule = await api.molecule(format, input, { signal, onBusy });
      store.set({ busy: text.status.predicting });
      const answer = await api.predictions(molecule.id, { signal, onBusy });
      if (address) follow(format === "auto" && input.length <= LONGEST_QUERY && !input.includes("\n") ? input : null);
      show(answer);
    } catch (error) {
      problems.report(error, "molecule", () => explain(format, input, { address }));
    }
  }

  /** @param {string | null} query what the address names; null: nothing, as for a file */
  function follow(query) {
    const address = query === null ? "/" : `/?${new URLSearchParams({ q: query })}`;
    store.set({ route: { page: "main", id: null, query } });
    if (location.pathname + location.search !== address) history.pushState(null, "", address);
  }

  /** @param {string} message @param {string} hint */
  function refuse(message, hint) {
    store.set({ alert: { code: "file", message, hint, field: "text", place: "molecule", retry: null } });
  }

  return {
    show,
    /** @param {string} input @param {{address?: boolean}} [options] */
    async explainText(input, options) {
      const trimmed = input.includes("\n") ? input : input.trim();
      if (trimmed.trim()) return explain("auto", trimmed, options);
      return refuse(text.search.empty, "");
    },
    /** @param {File} file */
    async openFile(file) {
      const format = formatOf(file.name);
      if (!format) return refuse(text.search.badFile(file.name), text.search.badFileHint);
      if (file.size > LARGEST_FILE) return refuse(text.search.tooLargeFile(file.name), text.search.tooLargeHint);
      store.set({ text: file.name });
      return explain(format, await file.text());
    },
    /** @param {string} id of a molecule that the service keeps */
    async explainStored(id) {
      store.set({ busy: text.status.predicting, alert: null });
      try {
        const answer = await api.predictions(id);
        follow(null);
        show(answer);
      } catch (error) {
        problems.report(error, "molecule", () => this.explainStored(id));
      }
    },
    /** Explains the molecule of an opened link once more, with the models of today. */
    async recompute() {
      const { molecule } = store.get();
      if (!molecule) return;
      store.set({ busy: text.status.predicting, alert: null });
      try {
        const answer = await api.predictions(molecule.id);
        show(answer);
      } catch (error) {
        problems.report(error, "molecule", () => this.recompute());
      }
    },
  };
}
