/** Controls: the small parts that several panels are made of. */
import { formulaParts } from "./atoms.js";
import { html, useEffect, useId, useRef, useState } from "./html.js";
import { text } from "./text.js";

/** @param {{value: string, label: string, disabled?: boolean}[]} options @param {string} value the one that is selected */
const optionsOf = (options, value) =>
  options.map((option) => html`<option key=${option.value} value=${option.value} disabled=${option.disabled ?? false} selected=${option.value === value}>${option.label}</option>`);

/**
 * A labelled choice; a native select, so that it is a combobox to every screen reader and to the phone.
 *
 * @template {string} T
 * @param {{label: string, value: T, options: {value: T, label: string, disabled?: boolean}[], onChange: (value: T) => void,
 *   title?: string, className?: string, term?: Term}} props `term`: explained beside the label
 */
export function Choice({ label, value, options, onChange, title, className = "", term }) {
  const id = useId();
  return html`<div class=${`field ${className}`} title=${title}>
    ${term ? html`<span class="field-head"><label for=${id}>${label}</label><${Explained} term=${term} /></span>` : html`<label for=${id}>${label}</label>`}
    <select id=${id} value=${value} onChange=${(/** @type {Event} */ event) => onChange(/** @type {any} */ (event.target).value)}>
      ${optionsOf(options, value)}
    </select>
  </div>`;
}

/**
 * Where a slider stands, beside it. An `<output>` is a live region by itself, but the slider says its value already: of each
 * key one would hear both.
 *
 * @param {{slider: string, children?: unknown}} props `slider`: its id
 */
export function SliderValue({ slider, children }) {
  return html`<output for=${slider} aria-live="off">${children}</output>`;
}

/**
 * A choice that does something at once. With the pointer it does so when an option is taken. By keyboard the arrow keys
 * go through the options, so the one that is reached waits until Enter, or the button that then stands below.
 *
 * @param {{label: string, value: string, options: {value: string, label: string, disabled?: boolean}[], onChange: (value: string) => void, apply: (label: string) => string}} props
 */
export function ConfirmedChoice({ label, value, options, onChange, apply }) {
  const [id, hint] = [useId(), useId()];
  const keyed = useRef(false);
  const [waiting, setWaiting] = useState(/** @type {string | null} */ (null));
  const reached = options.find((option) => option.value === waiting);
  const confirm = () => {
    if (waiting === null) return;
    setWaiting(null);
    onChange(waiting);
  };
  return html`<div class="field confirmed">
    <label for=${id}>${label}</label>
    <select id=${id} value=${waiting ?? value} aria-describedby=${reached ? hint : undefined}
      onPointerDown=${() => (keyed.current = false)} onBlur=${() => (keyed.current = false)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && waiting !== null) {
          event.preventDefault();
          confirm();
        } else if (event.key === "Escape" && waiting !== null) setWaiting(null);
        else keyed.current = true;
      }}
      onChange=${(/** @type {Event} */ event) => {
        const chosen = /** @type {any} */ (event.target).value;
        if (!keyed.current) onChange(chosen);
        else setWaiting(chosen === value ? null : chosen);
      }}>
      ${optionsOf(options, waiting ?? value)}
    </select>
    ${reached ? html`<button type="button" class="quiet" id=${hint} onClick=${confirm}>${apply(reached.label)}</button>` : null}
  </div>`;
}

/**
 * Of a card that lies over the page: Escape closes it, and so does the Tab key that leads out of it, since what is reached
 * may lie below it. The first button of `host` opens the card, and has the focus again when it is left.
 *
 * @param {boolean} open @param {() => void} close
 * @param {boolean} [stays] whether it stays where the pointer is used elsewhere, as to turn the picture beside it
 * @returns {{host: {current: HTMLElement | null}, leave: () => void, onKeyDown: (event: KeyboardEvent) => void}} `host` holds the card and its button
 */
export function useCard(open, close, stays = false) {
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (!open) return undefined;
    let tabbed = false;
    const onKey = (/** @type {KeyboardEvent} */ event) => (tabbed = event.key === "Tab");
    const onPointer = () => (tabbed = false);
    const outside = (/** @type {Event} */ event) => {
      if (stays && !(event.type === "focusin" && tabbed)) return;
      if (event.target instanceof Node && !host.current?.contains(event.target)) close();
    };
    const listened = /** @type {[string, EventListener, boolean][]} */ ([
      ["keydown", onKey, true], ["pointerdown", onPointer, true], ["pointerdown", outside, false], ["focusin", outside, false],
    ]);
    for (const [type, listener, capture] of listened) document.addEventListener(type, listener, capture);
    return () => {
      for (const [type, listener, capture] of listened) document.removeEventListener(type, listener, capture);
    };
  }, [open]);
  const leave = () => {
    close();
    host.current?.querySelector("button")?.focus();
  };
  return { host, leave, onKeyDown: (event) => {
    if (open && event.key === "Escape") leave();
  } };
}

/**
 * A question mark beside a word of the field: what is meant, in one sentence, and where it comes from.
 *
 * @typedef {keyof typeof text.glossary} Term
 * @param {{term: Term, word?: string}} props `word`: it takes the question mark's place
 */
export function Explained({ term: key, word }) {
  const id = useId();
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const { term, means, source } = text.glossary[key];
  /** Below the question mark, inside the window. @param {any} event of the popover, which lies above everything */
  function place({ newState, currentTarget }) {
    if (newState !== "open" || !button.current) return;
    const { left, top, bottom } = button.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height, style } = currentTarget;
    const below = bottom + GAP + height <= innerHeight;
    style.left = `${Math.max(GAP, Math.min(left - GAP, innerWidth - width - GAP))}px`;
    style.top = `${below ? bottom + GAP : Math.max(GAP, top - GAP - height)}px`;
  }
  /** What is reached by key may lie below it; a click into its words leads nowhere, and leaves it open. @param {FocusEvent} event */
  const left = ({ relatedTarget }) => {
    if (relatedTarget) document.getElementById(id)?.hidePopover();
  };
  return html`<button type="button" class=${word ? "term-word" : "term"} ref=${button} popovertarget=${id} onBlur=${left} aria-label=${word ? undefined : text.term.what(term)} aria-describedby=${id}>${word ?? html`<span aria-hidden="true">?</span>`}</button>
    <span class="term-card" id=${id} popover="auto" onToggle=${place}><strong>${term}</strong> ${means} <span class="muted">${text.term.source} <span lang=${foreign(source)}>${source}</span></span></span>`;
}

/** @param {string} source @returns {string | undefined} of titles, which stay English in every language; what the program itself is the source of does not */
export function foreign(source) {
  return source.startsWith(`${text.brand}:`) ? undefined : "en";
}

/** Pixels around a popover. */
const GAP = 8;

/**
 * What stands in a number's box. While it is typed, that is what was typed, and not the number that is shown else: on its way
 * to 0.3 it is 0, or nothing at all, and a box put right under a hand could not be typed in.
 *
 * @param {number} shown
 * @returns {{value: string, type: (typed: string) => void, leave: () => void}} `leave`: the box has what is shown again
 */
export function useTyped(shown) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  return { value: typed ?? String(shown), type: setTyped, leave: () => setTyped(null) };
}

/** @param {{label: string, checked: boolean, onChange: (checked: boolean) => void, title?: string}} props */
export function Check({ label, checked, onChange, title }) {
  return html`<label class="check" title=${title}>
    <input type="checkbox" checked=${checked} onChange=${(/** @type {Event} */ event) => onChange(/** @type {any} */ (event.target).checked)} />
    <span>${label}</span>
  </label>`;
}

/**
 * What went wrong, beside the part of the page that it concerns.
 *
 * @param {{alert: import("../types.js").Alert | null, place: string, id?: string, onDismiss: () => void}} props
 */
export function Problem({ alert, place, id, onDismiss }) {
  if (!alert || alert.place !== place) return null;
  return html`<div class="problem" role="alert" id=${id}>
    <${Icon} name="warning" />
    <p><strong><${Wrong} error=${alert} /></strong> ${hintOf(alert)}</p>
    ${alert.link ? html`<a href=${alert.link.href}>${alert.link.label}</a>` : null}
    ${alert.retry ? html`<button type="button" class="quiet" onClick=${alert.retry}>${text.errors.retry}</button>` : null}
    <button type="button" class="icon" aria-label=${text.errors.dismiss} title=${text.errors.dismiss} onClick=${onDismiss}><${Icon} name="close" /></button>
  </div>`;
}

/**
 * What the service says is wrong; in its own English, behind what it means, where the sentence is not known in the page's language.
 *
 * @param {{error: Pick<import("../types.js").Problem, "code" | "message">}} props
 */
export function Wrong({ error }) {
  const said = text.sentence(error.message);
  const meaning = said === null ? text.problemOf(error.code) : null;
  return meaning === null ? (said ?? error.message) : html`${meaning} <span lang="en">${error.message}</span>`;
}

/** @param {Pick<import("../types.js").Problem, "hint">} error @returns {string} what to do about it, in the page's language; "" for nothing */
export function hintOf({ hint }) {
  return hint ? (text.sentence(hint) ?? hint) : "";
}

/**
 * @param {{trust: import("../types.js").Trust, whole?: boolean, reason?: import("../types.js").TrustReason | null}} props
 *   `whole`: of the molecule, not of an atom; `reason`: what speaks against it
 */
export function TrustBadge({ trust, whole = false, reason = null }) {
  const mark = { inside: "check", unusual: "wave", outside: "warning" }[trust];
  const why = reason && whole ? `: ${text.trust.reasons[reason]}` : "";
  return html`<span class=${`badge trust-${trust}`} title=${text.trust.title}><${Icon} name=${mark} /><span>${whole ? text.trust.whole[trust] : text.trust[trust]}${why}</span></span>
    ${reason && !whole ? html`<small class="muted trust-reason" title=${text.trust.reasons[reason]}>${text.trust.short[reason]}</small>` : null}`;
}

/** @type {Readonly<Record<string, string>>} paths on a 20 × 20 grid, stroked */
const ICONS = Object.freeze({
  hand: "M10 2.5v15M2.5 10h15M10 2.5L8 4.6M10 2.5l2 2.1M10 17.5l-2-2.1M10 17.5l2-2.1M2.5 10l2.1-2M2.5 10l2.1 2M17.5 10l-2.1-2M17.5 10l-2.1 2",
  undo: "M7.5 4L3.5 8l4 4M3.8 8h7.7a4.5 4.5 0 0 1 0 9H8",
  redo: "M12.5 4l4 4l-4 4M16.2 8H8.5a4.5 4.5 0 0 0 0 9H12",
  draw: "M4 16l.8-3.4L13.4 4l2.6 2.6l-8.6 8.6zM11.6 5.8l2.6 2.6",
  recent: "M10 3.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 0 0 0-13.6zM10 6.2V10l2.6 1.8",
  delete: "M4.5 6h11M8 6V4.2h4V6M6 6l.7 10.3h6.6L14 6M8.6 8.8v4.8M11.4 8.8v4.8",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM13 13l4 4",
  open: "M3 15.5V5.2c0-.7.5-1.2 1.2-1.2h3.4l1.8 2h6.4c.7 0 1.2.5 1.2 1.2v8.3c0 .6-.5 1-1 1H4c-.6 0-1-.4-1-1z",
  share: "M14 7a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 14 7zM6 12.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4zM14 17.4a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4zM8 8.9l4-2.7M8 11.1l4 2.7",
  save: "M10 3v9M6.5 8.8l3.5 3.5l3.5-3.5M4 14.5v2h12v-2",
  plus: "M10 4.5v11M4.5 10h11",
  minus: "M4.5 10h11",
  reset: "M4.5 8V4.5H8M15.5 8V4.5H12M4.5 12v3.5H8M15.5 12v3.5H12",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7.5 7.5h8v8.5h-8zM4.5 12.5V4h8",
  check: "M4.5 10.5l3.5 3.5l7.5-8",
  wave: "M3 11.5c2-4 4.5-4 7 0s5 4 7 0",
  warning: "M10 3.2L17.5 16.3h-15zM10 8v4M10 14.1v.3",
  info: "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM10 9v4.5M10 6.4v.3",
  up: "M10 15V5M6 9l4-4l4 4",
  down: "M10 5v10M6 11l4 4l4-4",
  settings: "M3 5.5h6M13 5.5h4M3 10h2M9 10h8M3 14.5h8M15 14.5h2M9 3.5v4M5 8v4M11 12.5v4",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  sort: "M7 8l3-3l3 3M7 12l3 3l3-3",
  play: "M6.5 4.5v11l9-5.5z",
  pause: "M7 4.5v11M13 4.5v11",
  back: "M12.5 5l-5 5l5 5",
  forth: "M7.5 5l5 5l-5 5",
});

/** A formula with its numbers lowered. @param {{formula: string}} props */
export function Formula({ formula }) {
  return html`<span class="formula">${formulaParts(formula).map((part) => (part.subscript ? html`<sub>${part.text}</sub>` : part.text))}</span>`;
}

/** Words that name a formula, whose numbers are lowered. @param {{said: string, formula: string}} props */
export function Saying({ said, formula }) {
  const at = said.lastIndexOf(formula);
  return at < 0 ? html`${said}` : html`${said.slice(0, at)}<${Formula} formula=${formula} />${said.slice(at + formula.length)}`;
}

/** @param {{playing: boolean, label: string, onPlay: () => void}} props */
export function PlayButton({ playing, label, onPlay }) {
  return html`<button type="button" class="icon" aria-label=${label} title=${label} onClick=${onPlay}><${Icon} name=${playing ? "pause" : "play"} /></button>`;
}

/** @param {{name: string}} props */
export function Icon({ name }) {
  return html`<svg class="icon-shape" viewBox="0 0 20 20" aria-hidden="true"><path d=${ICONS[name]} /></svg>`;
}
