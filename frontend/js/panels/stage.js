/** The 3D view: a pane for each network, turned together, each with its caption. */
import { forcesWanted, paneArrows } from "../lib/arrows.js";
import { atomName } from "../lib/atoms.js";
import { intoCell } from "../lib/cell.js";
import { Explained, Icon, TrustBadge } from "../lib/controls.js";
import { diverging } from "../lib/color.js";
import { currentLevel, drawnLevels, drawnOpacity, probeElement, reaches, reachesOutside } from "../lib/fields.js";
import { levelColor } from "../lib/legend.js";
import { isAwaited, onTheWay, shownMolecule } from "../lib/live.js";
import { html, useEffect, useId, useLayoutEffect, useRef, useState, useStore } from "../lib/html.js";
import { chosenPoint, profileLine } from "../lib/profile.js";
import { paneAtoms, paneLines, panes, paneSurfaces, unmatched } from "../lib/panes.js";
import { differencePairs, differenceSurfaces } from "../lib/differences.js";
import { freeAtoms, QUANTITIES, shortName, worstTrust } from "../lib/quantities.js";
import { awaited, comparable } from "../lib/references.js";
import { Poster } from "../lib/poster.js";
import { isUnderWay } from "../lib/relaxation.js";
import { limitOf, zeroOf } from "../lib/scale.js";
import { movedSlice, sides } from "../lib/slice.js";
import { fieldDimension, sliceLines } from "../lib/sliced.js";
import { text } from "../lib/text.js";
import { decimals, LARGE_ERROR, prettyNumber, testError, withUnit } from "../lib/units.js";

/** Å around the atoms that are kept in the picture: labels and balls, or a surface too. */
const MARGIN = Object.freeze({ atoms: 0.95, forces: 1.4, surface: 2.4, slice: 3 });
const HINT_MS = 1600;
/** Part of a picture that a caption can keep free at most. */
const HIGHEST_CAPTION = 0.6;
/** What explains each family. @type {Readonly<Record<string, import("../lib/controls.js").Term>>} */
const FAMILIES = Object.freeze({ bp: "bp", schnet: "schnet" });
/** @typedef {{name: string, value: string, title?: string, term?: import("../lib/controls.js").Term}} Row of a caption */
/** @type {never[]} the same one each time, so that nothing is drawn anew */
const NONE = [];

/** @param {import("../main.js").Parts} props */
export function StagePanel({ store, actions, stage }) {
  const state = useStore(store, (all) => all);
  const shown = panes(state);
  const [hint, setHint] = useState(0);
  const atoms = useRef(0);
  const grid = useRef(/** @type {HTMLElement | null} */ (null));
  const keys = useId();
  const surface = QUANTITIES[state.quantity].field !== null;
  const kind = !surface ? (forcesWanted(state) ? "forces" : "atoms") : state.probe.mode === "slice" ? "slice" : "surface";

  useLayoutEffect(() => {
    if (!stage || !state.molecule) return;
    const limit = limitOf(state);
    for (const pane of shown) {
      const surfaces = surface && !isUnderWay(state) ? paneSurfaces(state, pane) : NONE;
      const molecule = pane.laid && state.comparison ? state.comparison.laid : intoCell(shownMolecule(state) ?? state.molecule);
      stage.show(pane.slot, {
        molecule, ...paneAtoms(state, pane), lines: paneLines(state, pane), limit, opacity: drawnOpacity(state),
        shared: pane.laid ? (pane.compared?.shared ?? molecule.symbols.map(() => null)) : null, apart: unmatched(pane), arrows: paneArrows(state, pane, molecule.positions),
        surfaces, ...sliceScene(store, pane, surfaces[0]?.sheet), pin: pinOf(state),
        surfaceColor: (value, surface) => diverging((value - zeroOf(state, surface)) / limit),
        zeroAt: state.probe.centre,
        levelColor: (level) => levelColor(level, limit),
      });
    }
  });
  useLayoutEffect(() => {
    stage?.setMargin(MARGIN[kind]);
  }, [stage, kind]);
  useLayoutEffect(() => {
    if (!stage || !state.molecule) return;
    const count = state.molecule.symbols.length;
    if (state.camera) {
      stage.restore(state.camera, state.frame ?? (state.opened && { panes: state.captions?.width ?? 0 }));
      if (!state.opened && atoms.current > 0 && count !== atoms.current) stage.refit(); // an edit added or deleted some
    } else stage.lookAtNew();
    atoms.current = count;
  }, [stage, state.molecule, state.opened, state.comparison?.laid]);
  useLayoutEffect(() => stage?.mark(state.hoverPair ?? (state.hover === null ? [] : [state.hover]), state.selected), [stage, state.hover, state.hoverPair, state.selected]);
  useLayoutEffect(() => stage?.setHand(state.hand), [stage, state.hand]);
  const moving = state.moving !== null;
  // a movement that is undone while it is made is over
  useLayoutEffect(() => {
    if (!moving) stage?.letGo();
  }, [stage, moving]);
  useEffect(() => stage?.onRefusedWheel(() => setHint((n) => n + 1)), [stage]);

  useCaptionsFree(grid, stage, shown.map(({ slot }) => slot).join(), state.molecule?.id ?? "", state.captions, state.moving !== null, passing(state));

  return html`<section class="stage" role="region" aria-label=${text.stage.region} aria-busy=${state.busy !== null}>
    ${state.viewerError ? html`<p class="viewer-error" role="alert">${state.viewerError}</p>` : null}
    <p class="visually-hidden" id=${keys}>${state.molecule?.cell ? text.spoken.walkSites : text.spoken.walk}</p>
    <p class="visually-hidden spoken" aria-live="polite">${state.spoken}</p>
    <div class=${`panes panes-${shown.length}`} ref=${grid}>
      ${shown.map((pane) => html`<${PaneView} key=${pane.slot} pane=${pane} state=${state} stage=${stage} store=${store} keys=${keys} />`)}
      <${Poster} state=${state} stage=${stage} />
    </div>
    <${WheelHint} count=${hint} />
    ${state.hand && !state.busy ? html`<p class="hand-hint">${text.stage.handHint}</p>` : null}
    <div class="view-buttons" data-yields>
      ${state.before.length > 0 ? html`<button type="button" class="icon" aria-label=${text.molecules.undo} title=${text.molecules.undo} aria-keyshortcuts="Control+Z" onClick=${() => actions.undo()}><${Icon} name="undo" /></button>` : null}
      ${state.after.length > 0 ? html`<button type="button" class="icon" aria-label=${text.molecules.redo} title=${text.molecules.redo} aria-keyshortcuts="Control+Shift+Z" onClick=${() => actions.redo()}><${Icon} name="redo" /></button>` : null}
      ${["embed", "offline"].includes(state.route.page) || state.molecule?.cell || state.comparison ? null : html`<button type="button" class="icon" aria-pressed=${state.hand} aria-label=${text.stage.hand} title=${text.stage.hand} onClick=${() => store.set({ hand: !state.hand })}><${Icon} name="hand" /></button>`}
      <button type="button" class="icon" aria-label=${text.stage.zoomIn} title=${text.stage.zoomIn} onClick=${() => stage?.zoomIn()}><${Icon} name="plus" /></button>
      <button type="button" class="icon" aria-label=${text.stage.zoomOut} title=${text.stage.zoomOut} onClick=${() => stage?.zoomOut()}><${Icon} name="minus" /></button>
      <button type="button" class="icon" aria-label=${text.stage.reset} title=${text.stage.reset} onClick=${() => stage?.reset()}><${Icon} name="reset" /></button>
    </div>
  </section>`;
}

/**
 * Whether captions may still change by themselves: how low molecules stand must not depend on what was read first.
 *
 * @param {import("../types.js").State} state
 */
function passing({ busy, models, alchemy }) {
  return busy !== null || models.length === 0 || (alchemy !== null && alchemy.answer === null);
}

/**
 * Keeps the molecules below the captions that stand over their pictures: all as low as the longest caption wants, so that
 * the pictures stay alike, and no higher again while the same is shown; where a link was made as low as there.
 *
 * @param {{current: HTMLElement | null}} grid
 * @param {import("../stage.js").Stage | null} stage
 * @param {string} slots
 * @param {string} molecule
 * @param {import("../types.js").Captions | null} linked of an opened link
 * @param {boolean} moving whether a hand moves atoms: under it the picture must not jump
 * @param {boolean} passing whether the captions are those of a moment
 */
function useCaptionsFree(grid, stage, slots, molecule, linked, moving, passing) {
  const held = useRef(moving);
  held.current = moving;
  const brief = useRef(passing);
  brief.current = passing;
  const again = useRef(() => {});
  useLayoutEffect(() => {
    const panes = grid.current;
    if (!stage || !panes) return undefined;
    let lift = -1;
    let width = 0;
    /** Of this width: as low as they stood while nothing was on its way. */
    let kept = 0;
    const measure = () => {
      if (held.current) return;
      const wanted = [...panes.querySelectorAll(".pane")].map((pane) => {
        const [picture, caption] = [".viewport", ".caption"].map((part) => pane.querySelector(part)?.getBoundingClientRect());
        return picture && caption ? Math.min(HIGHEST_CAPTION * picture.height, Math.max(0, caption.bottom - picture.top)) / 2 : 0;
      });
      if (width !== panes.clientWidth) kept = linked?.width === panes.clientWidth ? linked.lift : 0;
      const next = Math.round(Math.max(kept, ...wanted));
      if (!brief.current) kept = next;
      if (next === lift && width === panes.clientWidth) return;
      [lift, width] = [next, panes.clientWidth];
      panes.style.setProperty("--lift", String(lift));
      stage.captions = { lift, width };
      stage.remeasure();
    };
    again.current = measure;
    measure();
    const sizes = new ResizeObserver(measure);
    for (const part of panes.querySelectorAll(".caption, .viewport")) sizes.observe(part);
    return () => sizes.disconnect();
  }, [grid, stage, slots, molecule, linked]);
  useLayoutEffect(() => again.current(), [passing]); // what stands at rest is kept
}

/**
 * The contours of a slice, their numbers and the grip that moves the plane.
 *
 * @param {import("../store.js").Store} store
 * @param {import("../lib/panes.js").Pane} pane
 * @param {import("../types.js").Sheet | undefined} sheet
 * @returns {Pick<import("../viewer.js").Scene, "contours" | "notes" | "grip">}
 */
function sliceScene(store, { model }, sheet) {
  if (!sheet) return { contours: null, notes: NONE, grip: null };
  // a difference has no field of its own: the box is that of both
  const move = (/** @type {number} */ distance) => store.set(({ probe, fields, molecule }) => {
    const box = (model ? fields[model.name] : Object.values(fields)[0])?.field;
    return box && molecule ? { probe: { ...probe, slice: movedSlice(probe.slice, distance, box, molecule.positions) } } : {};
  });
  // a saved page has the plane alone, and no field to cut elsewhere
  const movable = Object.keys(store.get().fields).length > 0;
  return { ...sliceLines(store.get(), sheet), grip: movable ? { places: sides(sheet), normal: sheet.normal, move } : null };
}

/** @param {import("../types.js").State} state @returns {import("../lib/annotations.js").Pin | null} the clicked point on its line, as far as the profile goes */
function pinOf(state) {
  const chosen = state.quantity === "potential" && !onTheWay(state) ? chosenPoint(state) : null;
  const line = chosen && profileLine(state)?.points;
  return chosen && line ? { from: /** @type {import("../types.js").Vector} */ (line[0]), to: chosen, at: chosen } : null;
}

/** @param {{count: number}} props */
function WheelHint({ count }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    if (count === 0) return undefined;
    setVisible(true);
    const timer = setTimeout(() => setVisible(false), HINT_MS);
    return () => clearTimeout(timer);
  }, [count]);
  return html`<p class="wheel-hint" data-visible=${visible} aria-hidden="true">${text.stage.wheel}</p>`;
}

/**
 * @param {{pane: import("../lib/panes.js").Pane, state: import("../types.js").State, stage: import("../stage.js").Stage | null,
 *   store: import("../store.js").Store, keys: string}} props `keys`: the element that names the keys
 */
function PaneView({ pane, state, stage, store, keys }) {
  const viewport = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (!stage || !viewport.current) return undefined;
    try {
      stage.attach(pane.slot, viewport.current);
    } catch (error) {
      console.error(error);
      store.set({ viewerError: text.errors.noWebgl });
    }
    return () => stage.detach(pane.slot);
  }, [stage, pane.slot]);
  const note = surfaceNote(state, pane);
  return html`<figure class="pane">
    <div class="viewport" ref=${viewport} tabindex="0" role="application" aria-describedby=${keys} onBlur=${() => store.set({ hover: null })}
      aria-label=${text.stage.pane(pane.title, text.quantity.names[state.quantity])} data-slot=${pane.slot}></div>
    <${Caption} pane=${pane} state=${state} />
    ${note ? html`<p class="pane-note">${note}</p>` : null}
  </figure>`;
}

/** @param {import("../types.js").State} state @param {import("../lib/panes.js").Pane} pane @returns {string | null} */
function surfaceNote(state, { model }) {
  const field = model ? state.fields[model.name]?.field : null;
  const kind = QUANTITIES[state.quantity].field;
  if (kind && model && (isAwaited(state) || onTheWay(state))) return wayNote(state, model);
  const known = field?.elements[probeElement(state)];
  const level = currentLevel(state);
  if (!known || !kind || level === null || state.probe.mode !== "isosurface") return null;
  const levels = drawnLevels(state, level);
  const missing = levels.filter((value) => !reaches(known, value));
  const show = (/** @type {number} */ value, sign = false) => withUnit(value, fieldDimension(state), state.unit, sign ? { sign, fewer: 1 } : {});
  const { edges } = known.histogram;
  const hidden = levels.filter((value) => !missing.includes(value) && !reachesOutside(known, value));
  if (missing.length === 0 && hidden.length > 0) return text.errors.levelWithinAtoms(show(hidden[0] ?? 0, true), show(edges[0] ?? 0), show(edges.at(-1) ?? 0));
  if (missing.length === 0) return null;
  const ends = /** @type {const} */ ([show(known.minimum), show(known.maximum)]);
  return missing.length === levels.length ? text.errors.outOfField(...ends) : text.errors.levelOutOfField(show(missing[0] ?? 0, true), ...ends);
}

/** @param {import("../types.js").State} state on the way to another molecule @param {import("../types.js").Model} model @returns {string | null} which surface is still to come */
function wayNote(state, { name }) {
  const { alchemy, surfaces, refiningWay, probe } = state;
  const lambda = prettyNumber(alchemy?.lambda ?? 0, 2);
  const leveled = probe.mode !== "isosurface" || currentLevel(state) !== null;
  if (!surfaces[name] || !leveled) return text.stage.surfaceComing(lambda);
  return refiningWay ? text.stage.finerComing(lambda) : null;
}

/** Names of molecules may be longer than their pane is wide. @param {{title: string}} props */
function PaneTitle({ title }) {
  const [first, second] = title.split(" − ");
  return html`<strong title=${title}><span>${first}</span>${second === undefined ? null : html` <span>− ${second}</span>`}</strong>`;
}

/** @param {{pane: import("../lib/panes.js").Pane, state: import("../types.js").State}} props */
function Caption({ pane: { title, model, prediction, difference, values, dimension, compared, laid }, state }) {
  if (difference) return html`<${DifferenceCaption} title=${title} values=${values} dimension=${dimension} compared=${compared ?? null} state=${state} />`;
  if (!model || !prediction) return html`<figcaption class="caption"><${PaneTitle} title=${title} /></figcaption>`;
  const rows = model.property === "energy" ? energyRows(state, model, prediction, laid ? (state.comparison?.other ?? null) : state.molecule) : dipoleRows(state, prediction);
  if (compared) rows.unshift({ name: text.comparison.network, value: shortName(model), title: text.card(model.title) });
  else rows.splice(1, 0, ...referenceRows(state, model, prediction));
  if (model.test) {
    rows.push({ name: text.stage.error, value: testError(model.test.mae, model.test.unit, state.unit), title: (model.periodic ? text.crystal.errorTitle : text.stage.errorTitle)(model.test.n), term: "testError" });
  }
  const whole = prediction.molecule_trust ?? null;
  const trust = whole?.grade ?? worstTrust(prediction.trust ?? []);
  if (whole && whole.probability !== null) rows.push({ name: text.trust.chance(withUnit(LARGE_ERROR, "energy", state.unit, { fewer: state.unit === "eV" ? 1 : 2 }), Boolean(model.periodic)), value: text.trust.percent(whole.probability), title: text.trust.chanceTitle(Boolean(model.periodic)), term: "trust" });
  return html`<figcaption class="caption">
    ${compared ? html`<${PaneTitle} title=${title} />` : html`<strong title=${text.card(model.title)}>${title}</strong>`}${FAMILIES[model.family] ? html`<${Explained} term=${FAMILIES[model.family]} />` : null}
    ${trust ? html`<${TrustBadge} trust=${trust} reason=${whole?.reason ?? null} whole />` : null}
    <dl>${rows.map((row) => html`<div key=${row.name} title=${row.title ?? ""}><dt>${row.term ? html`<${Explained} term=${row.term} word=${row.name} />` : row.name}</dt><dd>${row.value}</dd></div>`)}</dl>
  </figcaption>`;
}

/**
 * @param {import("../types.js").State} state
 * @param {import("../types.js").Model} model
 * @param {import("../types.js").Prediction} prediction
 * @param {import("../types.js").Molecule | null} molecule
 * @returns {Row[]}
 */
function energyRows(state, model, { total, uncertainty }, molecule) {
  /** @type {Row[]} */
  const rows = [{ name: model.periodic ? text.crystal.energy : text.stage.energy, value: withUnit(total, "energy", state.unit) }];
  if (model.periodic) {
    const perAtom = (/** @type {number} */ value) => `${withUnit(value / (state.molecule?.symbols.length ?? 1), "energy", state.unit)}${text.crystal.perAtom}`;
    rows.push({ name: text.crystal.each, value: perAtom(total) });
    if (uncertainty !== null) rows.push({ name: text.stage.uncertainty, value: perAtom(uncertainty), title: text.stage.uncertaintyTitle, term: "uncertainty" });
    return rows;
  }
  // of mixed elements there are no free atoms
  const free = molecule && !state.alchemy?.lambda ? freeAtoms(model, molecule) : null;
  if (free) {
    const atomization = free.reduce((sum, energy) => sum + energy, 0) - total;
    rows.push({ name: text.stage.atomization, value: withUnit(atomization, "energy", state.unit), term: "atomization" });
  }
  rows.push({ name: text.stage.uncertainty, value: uncertainty === null ? unknown(state) : withUnit(uncertainty, "energy", state.unit), title: text.stage.uncertaintyTitle, term: "uncertainty" });
  return rows;
}

/** Why there is no uncertainty: none is calibrated for a mixture of elements. @param {import("../types.js").State} state */
const unknown = ({ alchemy }) => (alchemy?.lambda ? text.stage.between : text.stage.oneNetwork);

/**
 * The value of quantum chemistry at this very geometry, and how far the network is from it.
 *
 * @param {import("../types.js").State} state
 * @param {import("../types.js").Model} model
 * @param {import("../types.js").Prediction} prediction
 * @returns {{name: string, value: string, title?: string}[]}
 */
function referenceRows(state, model, prediction) {
  const found = comparable(state, model, prediction);
  // room is kept for what is about to come: the pictures below would jump
  if (!found) return awaited(state) ? [{ name: text.reading.reference.region, value: "…" }, { name: text.reading.error, value: "…" }] : [];
  const show = (/** @type {number} */ value, sign = false) => model.property === "energy" ? withUnit(value, "energy", state.unit, { sign }) : `${prettyNumber(value, decimals("D"), { sign })}\u00a0D`;
  return [
    { name: found.reference.set, value: show(found.value), title: text.reading.referenceTitle(found.reference.level, found.reference.identifier) },
    { name: text.reading.error, value: show(found.error, true), title: text.reading.errorTitle },
  ];
}

/**
 * @param {{title: string, values: (number | null)[] | null, dimension: import("../types.js").Dimension | null,
 *   compared: import("../lib/comparison.js").Compared | null, state: import("../types.js").State}} props
 */
function DifferenceCaption({ title, values, dimension, compared, state }) {
  const known = (values ?? []).flatMap((value, atom) => (value === null ? [] : [{ value, atom }]));
  if (!dimension) return html`<${PictureDifferenceCaption} title=${title} state=${state} />`;
  const show = (/** @type {number} */ value) => withUnit(value, dimension, state.unit, { sign: true });
  const most = known.reduce((/** @type {{value: number, atom: number} | null} */ best, one) => (!best || Math.abs(one.value) > Math.abs(best.value) ? one : best), null);
  return html`<figcaption class="caption">
    <${PaneTitle} title=${title} />
    <dl>
      <div><dt>${compared ? text.comparison.matchedSum : text.comparison.sum}</dt><dd>${show(known.reduce((sum, { value }) => sum + value, 0))}</dd></div>
      ${most ? html`<div><dt>${text.comparison.most}</dt><dd>${atomName(state.molecule?.symbols[most.atom] ?? "", most.atom)} ${show(most.value)}</dd></div>` : null}
      ${compared && state.comparison ? html`<div><dt>${text.comparison.matched}</dt><dd>${text.comparison.matchedOf(known.length, compared.first.length, compared.second.length)}</dd></div>
        ${state.comparison.rmsd === null ? null : html`<div title=${text.comparison.rmsdTitle}><dt>${text.comparison.rmsd}</dt><dd>${prettyNumber(state.comparison.rmsd, 2)}\u00a0Å</dd></div>`}` : null}
    </dl>
  </figcaption>`;
}

/**
 * Of the points of a surface, or of pairs.
 *
 * @param {{title: string, state: import("../types.js").State}} props
 */
function PictureDifferenceCaption({ title, state }) {
  const show = (/** @type {number} */ value) => withUnit(value, fieldDimension(state), state.unit, { sign: true, fewer: 1 });
  const most = (/** @type {number[]} */ values) => values.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const [surface] = differenceSurfaces(state);
  const pairs = differencePairs(state);
  /** @type {{name: string, value: string}[]} */
  const rows = [];
  if (surface) {
    const values = [...surface.mesh.values];
    rows.push({ name: text.comparison.mean, value: show(values.reduce((sum, value) => sum + value, 0) / values.length) }, { name: text.comparison.most, value: show(most(values)) });
  } else if (pairs.length > 0) {
    const value = most(pairs.map((pair) => pair.value));
    const atoms = pairs.find((pair) => pair.value === value)?.atoms ?? [];
    rows.push({ name: text.comparison.most, value: `${atoms.map((atom) => atomName(state.molecule?.symbols[atom] ?? "", atom)).join("–")} ${show(value)}` });
  }
  return html`<figcaption class="caption"><strong>${title}</strong>
    <dl>${rows.map(({ name, value }) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></figcaption>`;
}

/** @param {import("../types.js").State} state @param {import("../types.js").Prediction} prediction @returns {Row[]} */
function dipoleRows(state, { total, uncertainty }) {
  const debye = (/** @type {number} */ value) => `${prettyNumber(value, decimals("D"))}\u00a0D`;
  /** @type {Row[]} */
  return [
    { name: text.stage.dipole, value: debye(total), term: "dipole" },
    { name: text.stage.uncertainty, value: uncertainty === null ? unknown(state) : debye(uncertainty), title: text.stage.uncertaintyTitle, term: "uncertainty" },
  ];
}
