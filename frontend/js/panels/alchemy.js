/** Alchemy: which atoms become what, the dial between both molecules, and the curve along the way. */
import { CurveChart } from "../charts/curve.js";
import { between, FADES_IN, FADES_OUT, formulaAtEnd, nameAtEnd, PRESETS, totals } from "../lib/alchemy.js";
import { atomName } from "../lib/atoms.js";
import { nameOf } from "../lib/comparison.js";
import { Choice, Explained, Icon, PlayButton, Problem, Saying, SliderValue } from "../lib/controls.js";
import { html, useId, useStore } from "../lib/html.js";
import { dimensionOf, modelOf, predictionsOf, QUANTITIES, shortName } from "../lib/quantities.js";
import { elementName, text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown, withUnit } from "../lib/units.js";

/** The dial has so many places. */
const PLACES = 100;

/** @param {import("../main.js").Parts} props */
export function AlchemyPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { molecule, alchemy, models } = state;
  if (!molecule || molecule.cell || state.comparison || state.predictions.length === 0) return null;
  const known = [...new Set(models.filter(({ periodic }) => !periodic).flatMap(({ elements }) => elements))];
  const offered = PRESETS.filter(({ changes }) => changes.every(({ to }) => !to || known.includes(to)));
  return html`<details class="card alchemy" open=${alchemy !== null}>
    <summary>${text.alchemy.heading}</summary>
    <p class="muted">${text.alchemy.about} <${Explained} term="alchemy" /></p>
    <div class="alchemy-presets" role="group" aria-label=${text.alchemy.presets}>
      ${offered.map((preset) => html`<button key=${preset.via.join()} type="button" class="chip" onClick=${() => actions.preset(preset)}>${[preset.molecule, ...preset.via].map(text.molecule).join(" → ")}</button>`)}
    </div>
    <${Changes} state=${state} known=${known} actions=${actions} />
    ${alchemy?.answer ? html`<${Dial} store=${store} state=${state} actions=${actions} />` : null}
    <${Problem} alert=${state.alert} place="alchemy" onDismiss=${actions.dismiss} />
  </details>`;
}

/** @param {{state: import("../types.js").State, known: string[], actions: import("../main.js").Actions}} props */
function Changes({ state: { molecule, alchemy, selected }, known, actions }) {
  const symbols = molecule?.symbols ?? [];
  const changes = alchemy?.changes ?? [];
  const chosen = [...new Set([...changes.map(({ atom }) => atom), ...selected])].sort((a, b) => a - b);
  const becomes = (/** @type {number} */ atom) => {
    const change = changes.findLast((one) => one.atom === atom);
    return change?.to ?? change?.fade ?? "";
  };
  const targets = (/** @type {string} */ symbol) => [
    { value: "", label: text.alchemy.stays },
    ...known.filter((other) => other !== symbol).map((value) => ({ value, label: `${value} · ${elementName(value)}` })),
    { value: FADES_OUT, label: text.alchemy.fades },
    { value: FADES_IN, label: text.alchemy.appears },
  ];
  return html`<div class="alchemy-changes">
    <${Choice} label=${text.alchemy.atom} value="" options=${[
      { value: "", label: text.alchemy.choose },
      ...symbols.map((symbol, atom) => ({ value: String(atom), label: atomName(symbol, atom), disabled: chosen.includes(atom) })),
    ]} onChange=${(/** @type {string} */ atom) => atom && actions.pick(Number(atom))} />
    ${chosen.map((atom) => html`<${Choice} key=${atom} label=${text.alchemy.becomes(atomName(symbols[atom] ?? "", atom))}
      value=${becomes(atom)} options=${targets(symbols[atom] ?? "")}
      onChange=${(/** @type {string} */ target) => actions.change(atom, target)} />`)}
  </div>`;
}

/** @param {{store: import("../store.js").Store, state: import("../types.js").State, actions: import("../main.js").Actions}} props */
function Dial({ store, state, actions }) {
  const id = useId();
  const { alchemy, molecule, models, quantity, unit, wholeEnergy: plain } = state;
  if (!alchemy?.answer || !molecule) return null;
  const { answer, changes, lambda, base, playing } = alchemy;
  const property = QUANTITIES[quantity].property ?? "energy";
  const energy = property === "energy";
  const shown = energy ? shownUnit(dimensionOf(property), unit) : "D";
  const convert = (/** @type {number} */ value) => (energy ? toShown(value, "energy", unit) : value);
  const digits = Math.max(0, decimals(shown) - 1);
  const series = predictionsOf({ models, predictions: base }, property).flatMap(({ prediction }) => {
    const path = answer.paths.find(({ model }) => model === prediction.model);
    if (!path) return [];
    const values = energy && !plain ? path.excess : totals(path);
    return [{ name: shortName(modelOf(models, prediction)), values: values.map(convert) }];
  });
  const now = (/** @type {number[]} */ values) => prettyNumber(between(answer.lambda, lambda, (step) => values[step] ?? 0), digits, { sign: energy });
  const percent = Math.round(lambda * PLACES);
  const formula = formulaAtEnd(molecule, changes);
  const [start, end] = [nameOf(molecule), nameAtEnd(molecule, changes) ?? formula];
  const [path] = answer.paths.filter((one) => one.property === property);
  const apart = path ? withUnit(Math.abs((totals(path).at(-1) ?? 0) - (totals(path)[0] ?? 0)), "energy", unit, { fewer: 2 }) : "";
  const said = text.alchemy.dialSaid(text.alchemy.dialText(start, end, percent), series.map(({ name, values }) => `${name} ${now(values)} ${shown}`));
  return html`<div class="alchemy-dial">
    <div class="level-head"><label for=${id}>${text.alchemy.dial}</label><${PlayButton} playing=${playing} label=${playing ? text.alchemy.pause : text.alchemy.play} onPlay=${actions.playAlchemy} /><${SliderValue} slider=${id}>λ = ${prettyNumber(lambda, 2)}<//>
      ${energy ? html`<button type="button" class="textual" aria-pressed=${plain} onClick=${() => store.set({ wholeEnergy: !plain })}>${plain ? text.alchemy.showExcess : text.alchemy.showPlain}</button>` : null}
    </div>
    <${CurveChart} series=${series} at=${lambda} label=${text.alchemy.curve(series.map(({ name }) => name).join(", "), energy && !plain, shown)} />
    <input id=${id} type="range" min="0" max=${PLACES} step="1" value=${percent} aria-valuetext=${said}
      onInput=${(/** @type {any} */ event) => actions.turn(Number(event.target.value) / PLACES)} />
    <div class="level-ends muted"><span><${Saying} said=${start} formula=${molecule.formula} /></span>
      <span>${series.map(({ name, values }, i) => html`<span key=${name} class=${`series-key series-${i}`}>${name} ${now(values)} ${shown}</span>`)}</span>
      <span><${Saying} said=${end} formula=${formula} /></span></div>
    ${lambda === 1 ? html`<p class="probe-note"><${Saying} said=${text.alchemy.endNote(start, end)} formula=${formula} /></p>` : null}
    ${answer.warnings.map((warning) => html`<p key=${warning} class="notice alchemy-warning"><${Icon} name="warning" /><span>${text.remark(warning)}</span></p>`)}
    <p class="muted probe-note">${energy ? (plain ? text.alchemy.plainNote : text.alchemy.excessNote(apart)) : text.alchemy.dipoleNote}</p>
    <button type="button" class="quiet" onClick=${actions.leaveAlchemy}>${text.alchemy.reset}</button>
  </div>`;
}
