/**
 * The profile: a probe that nobody feels beside an atom that is put in, at the point that was clicked and along a line
 * through it, or away from the selected atom.
 */
import { CurveChart } from "../charts/curve.js";
import { SliderValue } from "../lib/controls.js";
import { atomName } from "../lib/atoms.js";
import { probeElement } from "../lib/fields.js";
import { html, useEffect, useId, useRef, useStore } from "../lib/html.js";
import { chosenPoint, DISTANCES, PLACES, profileLine } from "../lib/profile.js";
import { onTheWay } from "../lib/live.js";
import { modelOf, predictionsOf, shortName } from "../lib/quantities.js";
import { nearestAtom, nearestOnSurface, placeOf } from "../lib/readout.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown, withUnit } from "../lib/units.js";

/** Beyond this multiple of the values farther out than CALM Å, a curve runs out of the picture. */
const HEADROOM = 1.5;
const CALM = 1.6;

/** @param {import("../main.js").Parts} props */
export function ProfilePanel({ store }) {
  const state = useStore(store, (all) => all);
  const { molecule, selected } = state;
  const point = chosenPoint(state);
  const nearest = point && molecule ? nearestAtom(molecule.positions, point) : null;
  if (state.quantity !== "potential" || !molecule) return null;
  const name = (/** @type {number} */ atom) => atomName(molecule.symbols[atom] ?? "", atom);
  const [before, last] = [selected.at(-2), selected.at(-1)];
  const about = () => {
    const probe = probeElement(state);
    if (point) return text.profile.throughPoint(probe, placeOf(state, point));
    if (last === undefined) return text.profile.choose;
    return before === undefined ? text.profile.fromMiddle(probe, name(last)) : text.profile.fromAtom(probe, name(last), name(before));
  };
  if (onTheWay(state)) {
    return html`<section class="card profile" aria-label=${text.profile.region}><h2>${text.profile.heading}</h2>
      <p class="muted probe-note">${text.profile.onTheWay}</p></section>`;
  }
  const base = last ?? nearest?.atom;
  return html`<section class="card profile" aria-label=${text.profile.region}>
    <h2>${text.profile.heading}</h2>
    <p class="muted probe-note">${about()}</p>
    ${base === undefined ? null : html`<button type="button" class="textual"
      onClick=${() => store.set({ point: nearestOnSurface(state, molecule.positions[base] ?? [0, 0, 0]), selected: [] })}>${text.profile.nearestPoint(name(base))}</button>`}
    <${PointTable} state=${state} />
    <${Curves} state=${state} store=${store} chosen=${nearest && nearest.distance} />
  </section>`;
}

/** The numbers at the point, of every network. @param {{state: import("../types.js").State}} props */
function PointTable({ state }) {
  const at = state.profile?.at;
  const rows = predictionsOf(state, "energy").flatMap(({ model, prediction }) => {
    const found = at?.find((answer) => answer.model === prediction.model);
    return found ? [{ family: shortName(model), values: [found.one_way[0] ?? NaN, found.insertion[0] ?? NaN] }] : [];
  });
  return html`<div role="status">${rows.length === 0 ? null : html`<table class="value-table point-table">
    <caption class="visually-hidden">${text.profile.point(probeElement(state))}</caption>
    <thead><tr><th scope="col">${text.profile.network}</th><th scope="col">${text.profile.oneWay}</th><th scope="col">${text.profile.insertion}</th></tr></thead>
    <tbody>${rows.map(({ family, values }) => html`<tr key=${family}><th scope="row">${family}</th>
      ${values.map((value, i) => html`<td key=${i}>${withUnit(value, "energy", state.unit, { sign: true, fewer: 1 })}</td>`)}</tr>`)}</tbody>
  </table>`}</div>`;
}

/**
 * @param {{state: import("../types.js").State, store: import("../store.js").Store, chosen: number | null}} props `chosen`: how far the point
 *   lies from its atom, Å
 */
function Curves({ state, store, chosen }) {
  const id = useId();
  const { profile, unit, along: place } = state;
  const distances = profileLine(state)?.distances ?? DISTANCES;
  const [nearest = 0, farthest = 1] = [distances[0], distances.at(-1)];
  const mark = chosen !== null && chosen >= nearest && chosen <= farthest ? (chosen - nearest) / (farthest - nearest) : null;
  const begun = useRef(false);
  useEffect(() => {
    // the link that is opened has the place where its maker was, beside the point
    if (mark !== null && (begun.current || !state.opened)) store.set({ along: Math.round(PLACES * mark) });
    begun.current = true;
  }, [mark]);
  const distance = distances[place] ?? 0;
  const shown = shownUnit("energy", unit);
  const digits = Math.max(0, decimals(shown) - 1);
  const charts = predictionsOf(state, "energy").flatMap(({ prediction }) => {
    const found = profile?.probes?.find(({ model }) => model === prediction.model);
    if (!found) return [];
    const series = [
      { name: text.profile.oneWay, values: found.one_way.map((value) => toShown(value, "energy", unit)) },
      { name: text.profile.insertion, values: found.insertion.map((value) => toShown(value, "energy", unit)) },
    ];
    return [{ family: shortName(modelOf(state.models, prediction)), series }];
  });
  if (charts.length === 0) return null;
  return html`<div class="level-head"><label for=${id}>${text.profile.distance}</label><${SliderValue} slider=${id}>${prettyNumber(distance, 1)} Å<//></div>
    ${charts.map(({ family, series }) => html`<div key=${family}>
      <${CurveChart} series=${series.map(({ name: label, values }) => ({ name: label, values: values.map(within(series, distances)) }))}
        at=${place / PLACES} mark=${mark} label=${text.profile.curve(family, shown)} />
      <div class="level-ends muted"><span>${family}</span><span>${series.map(({ name: label, values }, i) => html`<span key=${label} class=${`series-key series-${i}`}>${label} ${prettyNumber(values[place] ?? 0, digits, { sign: true })}</span>`)}</span><span>${shown}</span></div>
    </div>`)}
    <input id=${id} type="range" min="0" max=${PLACES} step="1" value=${place} aria-valuetext=${`${prettyNumber(distance, 1)} Å`}
      onInput=${(/** @type {any} */ event) => store.set({ along: Number(event.target.value) })} />
    <div class="level-ends muted" aria-hidden="true"><span>${nearest} Å</span><span>${farthest} Å</span></div>`;
}

/** @param {{values: number[]}[]} series @param {readonly number[]} distances Å @returns {(value: number) => number} cut off where the curves leave the picture */
function within(series, distances) {
  const calm = series.flatMap(({ values }) => values.filter((_, i) => (distances[i] ?? 0) >= CALM));
  const most = HEADROOM * Math.max(1e-9, ...calm.map(Math.abs));
  return (value) => Math.min(most, Math.max(-most, value));
}
