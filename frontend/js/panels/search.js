/** The molecule box: a name, a SMILES or a file; names are completed from the list that the service carries. */
import { isAbort } from "../api.js";
import { Formula, Icon, Problem, useCard } from "../lib/controls.js";
import { html, useEffect, useRef, useState, useStore } from "../lib/html.js";
import { text } from "../lib/text.js";
import { Drawing } from "../lib/drawing.js";
import { FILES } from "../lib/input.js";

const ASK_AFTER_MS = 110;
const LIST = "molecule-suggestions";
/** Characters: what is longer is a SMILES, and no beginning of a name. */
const LONGEST_NAME = 100;

/**
 * The names that complete what was typed; none once something was explained.
 *
 * @param {typeof import("../api.js").names} ask
 */
function useSuggestions(ask) {
  const [found, setFound] = useState(/** @type {import("../types.js").NameSuggestion[]} */ ([]));
  const run = useRef(/** @type {{timer: number, stop: AbortController} | null} */ (null));
  const stop = () => {
    clearTimeout(run.current?.timer);
    run.current?.stop.abort();
  };
  useEffect(() => stop, []);
  return {
    found,
    clear() {
      stop();
      setFound([]);
    },
    /** @param {string} typed */
    look(typed) {
      stop();
      if (typed.trim().length < 2 || typed.trim().length > LONGEST_NAME) {
        setFound([]);
        return;
      }
      const controller = new AbortController();
      const timer = window.setTimeout(() => {
        ask(typed.trim(), { signal: controller.signal }).then(setFound, (error) => {
          // completion is a courtesy: when it fails the box still explains what stands in it
          if (!isAbort(error)) setFound([]);
        });
      }, ASK_AFTER_MS);
      run.current = { timer, stop: controller };
    },
  };
}

/** @param {import("../main.js").Parts} props */
export function Search({ store, actions, api }) {
  const { typed, alert, busy } = useStore(store, (state) => ({ typed: state.text, alert: state.alert, busy: state.busy !== null }));
  const { found, clear, look } = useSuggestions(api.names);
  const [active, setActive] = useState(-1);
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  const open = found.length > 0;
  const wrong = alert?.place === "molecule";

  /** @param {string} input */
  function explain(input) {
    clear();
    setActive(-1);
    store.set({ text: input });
    actions.explainTyped(input);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
    const step = steps[event.key];
    if (step !== undefined && open) {
      event.preventDefault();
      setActive(((active + 1 + step + found.length + 1) % (found.length + 1)) - 1); // −1: the box itself
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found[active];
      explain(chosen ? text.molecule(chosen.name) : typed);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      clear();
      setActive(-1);
    }
  }

  /** Several lines are a file's text; a text box of one line would lose their ends. @param {ClipboardEvent} event */
  function onPaste(event) {
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (!pasted.trim().includes("\n")) return;
    event.preventDefault();
    clear();
    actions.explainPasted(pasted);
  }

  return html`<search class="search">
    <form class="search-box" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <${Icon} name="search" />
      <input id="molecule" type="text" role="combobox" aria-label=${text.search.label} placeholder=${text.search.placeholder}
        aria-autocomplete="list" aria-expanded=${open ? "true" : "false"} aria-controls=${LIST}
        aria-activedescendant=${active >= 0 ? `${LIST}-${active}` : undefined}
        aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? "molecule-problem" : undefined}
        autocomplete="off" autocapitalize="off" spellcheck=${false} enterkeyhint="go" value=${typed}
        onInput=${(/** @type {any} */ event) => {
          store.set({ text: event.target.value });
          setActive(-1);
          look(event.target.value);
        }}
        onKeyDown=${onKey} onPaste=${onPaste} onBlur=${() => clear()}
        onFocus=${(/** @type {any} */ event) => event.target.select()} />
      <input type="file" ref=${file} hidden multiple accept=${FILES.join(",")} tabindex="-1" aria-hidden="true"
        onChange=${(/** @type {any} */ event) => {
          const chosen = [...event.target.files];
          event.target.value = "";
          if (chosen.length > 1) actions.openMany(chosen);
          else if (chosen[0]) actions.openFile(chosen[0]);
        }} />
      <button type="button" class="quiet open-file draw" title=${text.molecules.drawTitle} aria-label=${text.molecules.drawTitle}
        onClick=${() => store.set({ sketching: true })}><${Icon} name="draw" /><span>${text.molecules.draw}</span></button>
      <button type="button" class="quiet open-file" title=${text.search.open} aria-label=${text.search.open}
        onClick=${() => file.current?.click()}><${Icon} name="open" /><span>${text.search.openShort}</span></button>
      <${Recents} store=${store} actions=${actions} />
      <button type="button" class="primary" disabled=${busy && typed === ""} onClick=${() => explain(typed)}>${text.search.explain}</button>
    </form>
    <ul id=${LIST} role="listbox" aria-label=${text.search.suggestions} class="suggestions" hidden=${!open}>
      ${found.map((entry, i) => html`<li key=${entry.name} id=${`${LIST}-${i}`} role="option" aria-selected=${i === active ? "true" : "false"}
        onMouseDown=${(/** @type {Event} */ event) => {
          event.preventDefault(); // keeps the focus in the box
          explain(text.molecule(entry.name));
        }}><span>${text.molecule(entry.name)}</span><span class="muted">${entry.formula}</span></li>`)}
    </ul>
    <${Problem} alert=${alert} place="molecule" id="molecule-problem" onDismiss=${actions.dismiss} />
  </search>`;
}

/** The molecules explained before, in a list under the box. @param {{store: import("../store.js").Store, actions: import("../main.js").Actions}} props */
function Recents({ store, actions }) {
  const { recent, structures } = useStore(store, (state) => ({ recent: state.recent, structures: state.structures }));
  const [open, setOpen] = useState(false);
  const { host, leave, onKeyDown } = useCard(open, () => setOpen(false));
  return html`<div class="recents" ref=${host} onKeyDown=${onKeyDown}>
    <button type="button" class="quiet open-file" title=${text.molecules.recent} aria-label=${text.molecules.recent} aria-expanded=${open ? "true" : "false"}
      onClick=${() => {
        if (!open) actions.loadStructures();
        setOpen(!open);
      }}><${Icon} name="recent" /></button>
    ${open ? html`<div class="card recent-card" role="region" aria-label=${text.molecules.recent}>
      ${recent.length === 0 ? html`<p class="muted">${text.molecules.recentNone}</p>` : html`<ul>
        ${recent.map((entry) => html`<li key=${entry.id}><button type="button" onClick=${() => {
          leave();
          actions.openRecent(entry);
        }}><span class="recent-drawing">${structures[entry.id]?.paths.length ? html`<${Drawing} drawing=${structures[entry.id]} />` : null}</span><span class="recent-name">${text.molecule(entry.title)}</span><${Formula} formula=${entry.formula} /><span class="muted">${[text.card(entry.source), entry.method].filter(Boolean).join(", ")}</span></button></li>`)}
      </ul>
      <p class="recent-foot muted"><span>${text.molecules.recentNote}</span><button type="button" class="textual" onClick=${() => {
        leave();
        actions.clearRecent();
      }}>${text.molecules.recentClear}</button></p>`}
    </div>` : null}
  </div>`;
}

/** @param {import("../main.js").Parts} props */
export function Examples({ store, actions }) {
  const { current, examples } = useStore(store, (state) => ({ current: `${state.molecule?.name} ${state.molecule?.geometry?.source}`, examples: state.examples }));
  return html`<div class="examples" role="region" aria-label=${text.search.examples}>
    <span class="muted" aria-hidden="true">${text.search.examples}</span>
    ${examples.map((example) => html`<button key=${example.name} type="button" class="chip example" aria-pressed=${`${example.name} ${example.source}` === current ? "true" : "false"}
      title=${text.molecules.example(text.molecule(example.name), example.formula, text.card(example.source))} onClick=${() => actions.explainExample(example.name)}>
      <${Drawing} drawing=${example} /><span>${text.molecule(example.name)}</span><${Formula} formula=${example.formula} /></button>`)}
  </div>`;
}
