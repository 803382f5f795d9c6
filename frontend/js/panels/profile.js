/** The profile: a probe that nobody feels beside an atom that is put in, along a line away from the selected atom. */
import { CurveChart } from "../charts/curve.js";
import { atomName } from "../lib/atoms.js";
import { probeElement } from "../lib/fields.js";
import { html, useId, useState, useStore } from "../lib/html.js";
import { DISTANCES } from "../lib/profile.js";
import { familyName, modelOf, predictionsOf } from "../lib/quantities.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

/** Beyond this multiple of the values farther out than CALM Å, a curve runs out of the picture. */
const HEADROOM = 1.5;
const CALM = 1.6;

/** @param {import("../main.js").Parts} props */
export function ProfilePanel({ store }) {
  const state = useStore(store, (all) => all);
  const id = useId();
  const [place, setPlace] = useState(20);
  const { molecule, profile, selected, unit } = state;
  if (state.quantity !== "potential" || !molecule) return null;
  const name = (/** @type {number} */ atom) => atomName(molecule.symbols[atom] ?? "", atom);
  const [before, last] = [selected.at(-2), selected.at(-1)];
  const distance = DISTANCES[place] ?? 0;
  const shown = shownUnit("energy", unit);
  const digits = Math.max(0, decimals(shown) - 1);
  const charts = predictionsOf(state, "energy").flatMap(({ prediction }) => {
    const found = profile?.probes?.find(({ model }) => model === prediction.model);
    if (!found) return [];
    const series = [
      { name: text.profile.oneWay, values: found.one_way.map((value) => toShown(value, "energy", unit)) },
      { name: text.profile.insertion, values: found.insertion.map((value) => toShown(value, "energy", unit)) },
    ];
    return [{ family: familyName(modelOf(state.models, prediction).family), series }];
  });
  return html`<section class="card profile" aria-label=${text.profile.region}>
    <h2>${text.profile.heading}</h2>
    <p class="muted probe-note">${last === undefined ? text.profile.choose
      : before === undefined ? text.profile.fromMiddle(probeElement(state), name(last)) : text.profile.fromAtom(probeElement(state), name(last), name(before))}</p>
    ${charts.length === 0 ? null : html`<div class="level-head"><label for=${id}>${text.profile.distance}</label><output for=${id}>${distance.toFixed(1)} Å</output></div>
    ${charts.map(({ family, series }) => html`<div key=${family}>
      <${CurveChart} series=${series.map(({ name: label, values }) => ({ name: label, values: values.map(within(series)) }))}
        at=${place / (DISTANCES.length - 1)} label=${text.profile.curve(family, shown)} />
      <div class="level-ends muted"><span>${family}</span><span>${series.map(({ name: label, values }, i) => html`<span key=${label} class=${`series-key series-${i}`}>${label} ${prettyNumber(values[place] ?? 0, digits, { sign: true })}</span>`)}</span><span>${shown}</span></div>
    </div>`)}
    <input id=${id} type="range" min="0" max=${DISTANCES.length - 1} step="1" value=${place} aria-valuetext=${`${distance.toFixed(1)} Å`}
      onInput=${(/** @type {any} */ event) => setPlace(Number(event.target.value))} />
    <div class="level-ends muted" aria-hidden="true"><span>${DISTANCES[0]} Å</span><span>${DISTANCES.at(-1)} Å</span></div>`}
  </section>`;
}

/** @param {{values: number[]}[]} series @returns {(value: number) => number} cut off where the curves leave the picture */
function within(series) {
  const calm = series.flatMap(({ values }) => values.filter((_, i) => (DISTANCES[i] ?? 0) >= CALM));
  const most = HEADROOM * Math.max(1e-9, ...calm.map(Math.abs));
  return (value) => Math.min(most, Math.max(-most, value));
}
