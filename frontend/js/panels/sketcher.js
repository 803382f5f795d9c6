/** The sketcher: a drawing and its SMILES in a dialog, each of which follows the other; openchemlib is loaded when it opens. */
import { ApiError } from "../api.js";
import { Problem } from "../lib/controls.js";
import { html, useEffect, useId, useRef, useState, useStore } from "../lib/html.js";
import { text } from "../lib/text.js";

/** @param {import("../main.js").Parts} props */
export function Sketcher({ store, actions, api }) {
  const sketching = useStore(store, (state) => state.sketching);
  return sketching ? html`<${SketchDialog} store=${store} actions=${actions} api=${api} />` : null;
}

/**
 * The editor in an element, once openchemlib is there.
 *
 * @param {{current: HTMLElement | null}} host
 * @param {string} smiles as it is written now
 * @param {(smiles: string) => void} onDrawn
 * @param {typeof import("../api.js").part} part loads the library
 * @param {(error: unknown, again: () => void) => void} onFailed
 * @returns {{show: (smiles: string) => boolean, ready: boolean, loading: boolean}} `show` draws a SMILES, or says that it cannot be read
 */
function useEditor(host, smiles, onDrawn, part, onFailed) {
  const written = useRef(smiles);
  written.current = smiles;
  const editor = useRef(/** @type {((smiles: string) => boolean) | null} */ (null));
  const [ready, setReady] = useState(false);
  const [loading, setLoading] = useState(true);
  useEffect(() => {
    let gone = false;
    let leave = () => {};
    const load = async () => {
      if (gone) return;
      setLoading(true);
      let library;
      try {
        library = await part(() => import("../../vendor/openchemlib.js"));
      } catch (error) {
        if (gone) return;
        setLoading(false);
        onFailed(error, load);
        return;
      }
      if (gone || !host.current) return;
      const made = new library.CanvasEditor(host.current, { initialMode: "molecule" });
      leave = () => made.destroy();
      nameCanvases(host.current);
      fitCanvases(host.current);
      editor.current = (line) => {
        const molecule = readSmiles(library, line);
        if (!molecule) return false;
        made.setMolecule(molecule);
        return true;
      };
      // once it has its size, about whose middle it draws
      requestAnimationFrame(() => requestAnimationFrame(() => {
        if (gone) return;
        if (written.current) editor.current?.(written.current);
        setReady(true);
      }));
      made.setOnChangeListener(({ type, isUserEvent }) => {
        if (type === "molecule" && isUserEvent) onDrawn(made.getMolecule().toIsomericSmiles());
      });
    };
    load();
    return () => {
      gone = true;
      editor.current = null;
      leave();
    };
  }, []);
  return { ready, loading, show: (line) => editor.current?.(line) ?? true };
}

/** @param {HTMLElement} host */
function canvasesOf(host) {
  return [...(host.querySelector("[data-openchemlib-canvas-editor]")?.shadowRoot?.querySelectorAll("canvas") ?? [])];
}

/**
 * The drawing has what the tools leave of the room. Its canvas is as wide as the whole at first, and would hold its place open at
 * that width: what the editor fits into it would be cut off at the right.
 *
 * @param {HTMLElement} host
 */
function fitCanvases(host) {
  const place = canvasesOf(host)[1]?.parentElement;
  if (place) place.style.minWidth = "0";
}

/** @param {HTMLElement} host */
function nameCanvases(host) {
  const names = [text.molecules.sketch.tools, text.molecules.sketch.canvas];
  canvasesOf(host).forEach((canvas, i) => {
    canvas.setAttribute("role", "img");
    // it knows no keys: whoever has none but them writes the SMILES
    canvas.setAttribute("tabindex", "-1");
    canvas.setAttribute("aria-label", names[i] ?? "");
  });
}

/** @param {typeof import("../../vendor/openchemlib.js")} library @param {string} smiles */
function readSmiles(library, smiles) {
  try {
    return library.Molecule.fromSmiles(smiles.trim());
  } catch (error) {
    if (error instanceof Error) return null; // the library throws plain errors for text that is no SMILES
    throw error;
  }
}

/** @param {import("../types.js").State} state @returns {Partial<import("../types.js").State>} */
const withoutAlert = ({ alert }) => ({ alert: alert?.place === "sketch" ? null : alert });

/** @param {Pick<import("../main.js").Parts, "store" | "actions" | "api">} props */
function SketchDialog({ store, actions, api }) {
  const { alert, busy, molecule } = useStore(store, (state) => ({ alert: state.alert, busy: state.busy !== null, molecule: state.molecule }));
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const [smiles, setSmiles] = useState(molecule?.smiles ?? "");
  const [problem, setProblem] = useState("");
  const [id, title, hint] = [useId(), useId(), useId()];
  const said = text.molecules.sketch;
  /** What is wrong with what is there now, which what was wrong before no longer is. @param {string} now */
  const judge = (now) => {
    setProblem(now);
    store.set(withoutAlert);
  };
  const { ready, loading, show } = useEditor(host, smiles, (drawn) => {
    setSmiles(drawn);
    judge("");
  }, api.part, (error, again) => {
    // of a lost connection the alert says that it is tried again
    if (!(error instanceof ApiError)) setProblem(said.failed);
    actions.report(error, "sketch", again, { kind: "sketcher" });
  });
  useEffect(() => {
    const from = document.activeElement;
    dialog.current?.showModal();
    heading.current?.focus(); // the field would open a phone's keyboard over the drawing
    return () => from instanceof HTMLElement && from.focus(); // a dialog that leaves the page gives nothing back by itself
  }, []);

  const explain = () => {
    if (!smiles.trim()) judge(said.empty);
    else actions.explainDrawn(smiles);
  };
  return html`<dialog class="card sketch" ref=${dialog} aria-labelledby=${title} onClose=${() => store.set((state) => ({ sketching: false, ...withoutAlert(state) }))}>
    <form method="dialog" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      explain();
    }}>
      <h2 id=${title} ref=${heading} tabindex="-1">${said.heading}</h2>
      <p class="muted">${said.about}</p>
      <div class="sketch-host" ref=${host} data-ready=${ready}>${ready || !loading ? null : html`<p class="muted sketch-loading">${said.loading}</p>`}</div>
      <div class="field"><label for=${id}>${said.smiles}</label>
        <input id=${id} type="text" value=${smiles} autocomplete="off" autocapitalize="off" spellcheck=${false} aria-invalid=${problem ? "true" : undefined} aria-describedby=${hint}
          onInput=${(/** @type {any} */ event) => {
            const typed = event.target.value;
            setSmiles(typed);
            judge(show(typed) ? "" : said.unreadable);
          }} /></div>
      <p id=${hint} class="sketch-hint" aria-live="polite">${problem}</p>
      <${Problem} alert=${alert} place="sketch" onDismiss=${actions.dismiss} />
      <div class="sketch-buttons"><button type="button" class="quiet" onClick=${() => dialog.current?.close()}>${said.cancel}</button>
        <button type="submit" class="primary" disabled=${busy}>${said.explain}</button></div>
    </form>
  </dialog>`;
}
