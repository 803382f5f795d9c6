/**
 * Explaining a molecule: text or a file becomes a molecule, and the molecule its predictions.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Explained} Explained
 */
import { isTable, refusalOf, tableAddress, textsOf } from "../lib/batch.js";
import { answered } from "../lib/choice.js";
import { nameOf, withoutComparison } from "../lib/comparison.js";
import { textOf } from "../lib/decoding.js";
import { OWN_SOURCES } from "../lib/edits.js";
import { leaveFiles } from "../lib/handover.js";
import { FILES, formatOf, headOf, lineOf, titleOf } from "../lib/input.js";
import { allRecent, withRecent, writeRecent } from "../lib/recent.js";
import { goTo, parseRoute } from "../lib/route.js";
import { nothingOfTheMolecule } from "../store.js";
import { FIRST_SLICE } from "../lib/slice.js";
import { text } from "../lib/text.js";
import { holdsFrames } from "../lib/trajectory.js";

/** Characters that the service reads of a file. */
const LARGEST_FILE = 2_000_000;
/** Bytes by which it is told whether a file holds several frames or records. */
const BEGINNING = 1_000_000;
/** Longer inputs are no names and no line of an address. */
const LONGEST_QUERY = 300;

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {(input: string, name: string, signal: AbortSignal) => Promise<boolean>} frames opens a text of several frames, if it is one that is played
 */
export function createMoleculeActions(store, api, problems, frames) {
  let running = new AbortController();
  /** @type {{head: string, input: string} | null} the text of several lines that is shown, and what of it stands in the box */
  let pasted = null;

  /** @param {import("../types.js").Recent[]} recent */
  function keepRecent(recent) {
    store.set({ recent });
    writeRecent(recent);
  }

  /** @param {Molecule} molecule @param {string} title @param {import("../types.js").Recent["input"]} input */
  function remember(molecule, title, input) {
    keepRecent(withRecent(allRecent(store.get().recent), molecule, title, input));
  }

  /** What somebody made of a molecule is listed once it is left. @param {Molecule | null} molecule */
  function rememberOwn(molecule) {
    if (molecule && OWN_SOURCES.includes(molecule.geometry?.source ?? "")) remember(molecule, titleOf(molecule), null);
  }

  /** @param {Explained} answer */
  function show(answer) {
    const { molecule } = answer;
    rememberOwn(store.get().molecule);
    const { probe, quantity } = store.get();
    // levels that a person chose hold for the next molecule too; the service's suggestions were for the last one
    const levels = Object.fromEntries(Object.entries(probe.levels).filter(([, level]) => level.chosen));
    store.set({
      ...withoutComparison(store.get()), ...nothingOfTheMolecule(), molecule, ...answered(store.get(), answer), before: [], after: [], opened: null, share: null, selected: [], camera: null, probe: { ...probe, levels, slice: { ...FIRST_SLICE, opacity: probe.slice.opacity } },
      ...(molecule.cell ? { quantity: quantity === "elements" ? quantity : "contributions", hand: false } : {}),
      done: text.status.explained(nameOf(molecule), molecule.symbols.length),
    });
  }

  /**
   * @param {string} format
   * @param {string} input
   * @param {{address?: boolean, name?: string, place?: import("../types.js").Alert["place"], remember?: boolean, again?: () => unknown}} [options]
   *   `address`: the browser's address bar follows; `name`: of the file; `place`: beside what an error is said; `remember`: among the recent
   *   molecules; `again`: of what it is a part, for what must be done once more
   * @returns {Promise<boolean>} whether it is explained
   */
  async function explain(format, input, { address = true, name = "", place = "molecule", remember: listed = true, again } = {}) {
    running.abort();
    running = new AbortController();
    if (input !== pasted?.input) pasted = null;
    const { signal } = running;
    const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
    if (holdsFrames(input) && (await frames(input, name, signal))) return true;
    store.set({ busy: text.status.reading, alert: null });
    try {
      const molecule = await api.molecule(format, input, { signal, onBusy });
      store.set({ busy: text.status.predicting });
      const answer = await api.predictions(molecule.id, { signal, onBusy });
      const line = input.length <= LONGEST_QUERY && !input.includes("\n") ? input : null;
      if (address) follow(line === null ? { molecule: answer.molecule.id } : format === "example" ? { example: line } : format === "auto" || format === "smiles" ? { q: line } : { molecule: answer.molecule.id });
      show(answer);
      if (listed) remember(answer.molecule, titleOf(answer.molecule), line === null ? null : { format, text: line });
      return true;
    } catch (error) {
      const once = again ?? (() => explain(format, input, { address, name, place, remember: listed }));
      problems.report(error, place, () => (signal.aborted ? undefined : once()), { kind: "molecule" });
      if (error instanceof api.ApiError && error.code === "several_molecules") await offerTable(input);
      return false;
    }
  }

  /** Beside what is said, a link that makes a table of them. @param {string} lines */
  async function offerTable(lines) {
    const { alert } = store.get();
    const href = tableAddress(lines);
    if (!alert || (href === "/batch" && !(await leaveFiles([{ name: "", text: lines }])))) return;
    store.set((now) => (now.alert === alert ? { alert: { ...alert, hint: text.molecules.severalHint, link: { href, label: text.trajectory.asBatch } } } : {}));
  }

  /** @param {{q: string} | {example: string} | {molecule: string}} named what the address names: a line, or a molecule that the service keeps */
  function follow(named) {
    const address = `/?${new URLSearchParams(named)}`;
    store.set({ route: { page: "main", id: null, query: "q" in named ? named.q : null } });
    goTo(address);
  }

  /**
   * What was edited, moved or relaxed has an address of its own, as no line names its coordinates.
   *
   * @param {string} address
   * @param {boolean} made whether it was made of what stood there, and is not another frame of a trajectory or a way back
   */
  function replaceAddress(address, made) {
    const { page } = store.get().route;
    // a link's page keeps the reader's own preferences, whatever its address becomes
    if (page !== "main" && page !== "view") return;
    if (location.pathname + location.search !== address) {
      // the first change leaves a place to go back to, that of the molecule unchanged; all that follow share one
      const changed = { changed: true };
      if (history.state?.changed) history.replaceState(changed, "", address);
      else if (made) goTo(address, changed);
      else history.replaceState(null, "", address);
    }
    if (page === "main") store.set({ route: { ...parseRoute(location), id: null } });
  }

  /** @param {string} message @param {string} hint */
  function refuse(message, hint) {
    store.set({ alert: { code: "file", message, hint, field: "text", place: "molecule", retry: null } });
  }

  return {
    show,
    replaceAddress,
    /** A molecule that the service keeps. @param {string} id */
    async openStored(id) {
      running.abort();
      pasted = null;
      running = new AbortController();
      const { signal } = running;
      store.set({ busy: text.status.predicting, alert: null });
      try {
        const answer = await api.predictions(id, { signal, onBusy: (seconds) => store.set({ busy: text.status.busy(seconds) }) });
        store.set({ text: text.molecule(titleOf(answer.molecule)) });
        show(answer);
      } catch (error) {
        problems.report(error, "molecule", () => (signal.aborted ? undefined : this.openStored(id)));
      }
    },
    /** @param {string} input @param {{address?: boolean, remember?: boolean}} [options] */
    async explainText(input, options) {
      const trimmed = input.includes("\n") ? input : input.trim();
      if (trimmed.trim()) await explain("auto", trimmed, options);
      else refuse(text.search.empty, "");
    },
    /** Text of one line or of a whole file, pasted or dropped beside the box. @param {string} input */
    async explainPasted(input) {
      const head = input.includes("\n") ? headOf(input) : input.trim().slice(0, LONGEST_QUERY);
      store.set({ text: head });
      pasted = { head, input };
      await this.explainText(input);
    },
    /** What stands in the box, or the pasted text of which it is the head. @param {string} line */
    async explainTyped(line) {
      await this.explainText(pasted && line.trim() === pasted.head ? pasted.input : line);
    },
    /** One of the page's examples, in its own geometry. @param {string} name @param {{address?: boolean, remember?: boolean, again?: () => unknown}} [options] */
    async explainExample(name, options) {
      store.set({ text: name });
      await explain("example", name, options);
    },
    /** What was drawn; errors are said in the sketcher, which stays open. @param {string} smiles */
    async explainDrawn(smiles) {
      const trimmed = smiles.trim();
      const again = () => (store.get().sketching ? this.explainDrawn(smiles) : undefined); // it was left meanwhile
      if (await explain("smiles", trimmed, { place: "sketch", again })) store.set({ text: trimmed, sketching: false });
    },
    /** @param {import("../types.js").Recent} entry */
    async openRecent(entry) {
      running.abort();
      pasted = null;
      running = new AbortController();
      const { signal } = running;
      store.set({ busy: text.status.predicting, alert: null, text: entry.input?.text ?? entry.title });
      try {
        const answer = await api.predictions(entry.id, { signal });
        const { format, text: line } = entry.input ?? { format: "", text: "" };
        follow(format === "example" ? { example: line } : format === "auto" || format === "smiles" ? { q: line } : { molecule: entry.id });
        show(answer);
        remember(answer.molecule, entry.title, entry.input);
      } catch (error) {
        // a service that has forgotten the molecule can read its line again
        if (entry.input && error instanceof api.ApiError && error.code === "unknown_molecule") await explain(entry.input.format, entry.input.text);
        else problems.report(error, "molecule", () => (signal.aborted ? undefined : this.openRecent(entry)));
      }
    },
    /** Structural formulas of the recent molecules that have none yet. */
    async loadStructures() {
      const { recent, structures } = store.get();
      const wanted = recent.filter(({ id }) => structures[id] === undefined);
      try {
        const found = await Promise.all(wanted.map(async ({ id }) => [id, await api.structure(id)]));
        store.set((state) => ({ structures: { ...state.structures, ...Object.fromEntries(found) } }));
      } catch (error) {
        problems.report(error, "molecule", () => this.loadStructures(), { kind: "structures" });
      }
    },
    clearRecent() {
      keepRecent([]);
      store.set({ done: text.molecules.recentCleared });
    },
    /** Drawings of the first molecules; without them the page has their names. */
    async loadExamples() {
      try {
        store.set({ examples: await api.examples() });
      } catch (error) {
        problems.report(error, "molecule", () => this.loadExamples(), { kind: "examples" });
      }
    },
    /** @param {File} file */
    async openFile(file) {
      const format = formatOf(file.name);
      if (!format && !isTable(file.name)) return refuse(text.search.badFile(file.name), text.molecules.badFileHint(FILES.join(", ")));
      let content;
      try {
        if (!isTable(file.name) && file.size > LARGEST_FILE) {
          const several = holdsFrames(await file.slice(0, BEGINNING).text());
          return refuse(text.search.tooLargeFile(file.name, file.size, several), several ? text.search.tooManyFramesHint : text.search.tooLargeHint);
        }
        if (isTable(file.name) && refusalOf([file])) return this.openMany([file]);
        content = await textOf(file);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        return refuse(text.molecules.unreadableFile(file.name), ""); // a folder, or gone since
      }
      store.set({ text: file.name });
      // a file of one line of SMILES is one molecule
      if (!format || (isTable(file.name) && content.trim().includes("\n"))) return this.openMany([file]);
      await explain(format, format === "auto" ? lineOf(content) : content, { name: file.name });
    },
    /** To the page of many molecules. @param {File[]} files @returns {Promise<void>} */
    async openMany(files) {
      const refusal = refusalOf(files);
      if (refusal) return refuse(refusal.message, refusal.hint);
      const { signal } = running;
      // the browser would leave this page for one that says that it found none
      if (store.get().offline) return problems.report(api.offline(), "molecule", () => (signal.aborted ? undefined : this.openMany(files)));
      let texts;
      try {
        texts = await textsOf(files);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        return refuse(text.molecules.unreadableFile(files.map(({ name }) => name).join(", ")), "");
      }
      if (await leaveFiles(texts)) location.assign("/batch");
      else refuse(text.batch.notKept, text.batch.notKeptHint);
      return undefined;
    },
    /** @param {string} id of a molecule that the service keeps */
    async explainStored(id) {
      running.abort();
      pasted = null;
      running = new AbortController();
      const { signal } = running;
      store.set({ busy: text.status.predicting, alert: null });
      try {
        const answer = await api.predictions(id, { signal });
        follow({ molecule: id });
        show(answer);
      } catch (error) {
        problems.report(error, "molecule", () => (signal.aborted ? undefined : this.explainStored(id)));
      }
    },
  };
}
