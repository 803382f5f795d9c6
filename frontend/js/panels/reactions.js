/** The page of reactions: the equation, its energy by every network, levels, and the atoms that change most. */
import { LevelChart } from "../charts/levels.js";
import { ValueBar } from "../charts/valuebar.js";
import { Choice, Explained, Formula, Icon, Problem, TrustBadge, useTyped } from "../lib/controls.js";
import { html, useEffect, useId, useState, useStore } from "../lib/html.js";
import { changesOf, lineOf, partsOf, reactionModels, remarksOf, speciesOf, spreadOf } from "../lib/reactions.js";
import { keepLook, moleculeAddress, parseTable } from "../lib/route.js";
import { text } from "../lib/text.js";
import { decimals, ENERGY_UNITS, prettyNumber, shownUnit, toShown, withUnit } from "../lib/units.js";

/** Atoms of the table before a reader asks for the rest. */
const FIRST_ATOMS = 8;

/** @param {import("../main.js").Parts} props */
export function ReactionsPage({ store, actions }) {
  const { reaction, equation, alert } = useStore(store, (state) => ({ reaction: state.reaction, equation: state.equation, alert: state.alert }));
  const id = useId();
  const wrong = alert?.place === "reactions";
  return html`<main class="many">
    <div class="card many-head">
      <h1>${text.reactions.heading}</h1>
      <p class="muted">${text.reactions.about} <${Explained} term="reactionEnergy" /></p>
      <form class="many-form" onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        actions.react(equation);
      }}>
        <div class="reaction-line">
          <div class="field"><label for=${id}>${text.reactions.box}</label>
            <input id=${id} type="text" class="reaction-box" spellcheck=${false} autocapitalize="off" autocomplete="off" placeholder=${text.reactions.placeholder} value=${equation}
              aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? "reaction-problem" : undefined}
              onInput=${(/** @type {any} */ event) => store.set({ equation: event.target.value })} /></div>
          <button type="submit" class="primary">${text.reactions.button}</button>
        </div>
        <${Sides} store=${store} equation=${equation} />
        <div class="reaction-examples" role="group" aria-label=${text.reactions.examples}>
          <span class="muted">${text.search.examples}</span>
          ${text.reactions.list.map(([name, line]) => html`<button key=${name} type="button" class="chip" aria-pressed=${equation === line ? "true" : "false"} onClick=${() => actions.react(line)}>${name}</button>`)}
        </div>
      </form>
      <${Problem} alert=${alert} place="reactions" id="reaction-problem" onDismiss=${actions.dismiss} />
      ${reaction?.left_out.length ? html`<p class="notice"><${Icon} name="info" /><span>${text.reactions.leftOut(reaction.left_out)}</span></p>` : null}
      ${(reaction ? remarksOf(reaction) : []).map((remark) => html`<p key=${remark} class="notice"><${Icon} name="info" /><span>${text.remark(remark)}</span></p>`)}
      ${reaction && !reaction.balance.balanced ? html`<${Unbalanced} reaction=${reaction} actions=${actions} />` : null}
    </div>
    ${reaction?.balance.balanced ? html`<${Answer} key=${reaction.equation} store=${store} reaction=${reaction} />` : null}
  </main>`;
}

/** The molecules of the line, each in a box of its own. @param {{store: import("../store.js").Store, equation: string}} props */
function Sides({ store, equation }) {
  const parts = partsOf(equation);
  const write = (/** @type {import("../lib/reactions.js").Sides} */ sides) => store.set({ equation: lineOf(sides) });
  const side = (/** @type {"reactants" | "products"} */ which) => {
    const terms = parts[which];
    const change = (/** @type {number} */ k, /** @type {Partial<import("../lib/reactions.js").Term>} */ patch) =>
      write({ ...parts, [which]: terms.map((term, i) => (i === k ? { ...term, ...patch } : term)) });
    return html`<fieldset class="reaction-side"><legend>${text.reactions[which]}</legend>
      ${terms.map((term, k) => html`<div key=${k} class="reaction-term">
        <${Coefficient} term=${term} onChange=${(/** @type {number} */ coefficient) => change(k, { coefficient })} />
        <input type="text" spellcheck=${false} aria-label=${text.reactions.molecule(which, k + 1)} value=${term.text} onChange=${(/** @type {any} */ event) => change(k, { text: event.target.value })} />
        <button type="button" class="icon" aria-label=${text.reactions.remove(term.text)} title=${text.reactions.remove(term.text)} onClick=${() => write({ ...parts, [which]: terms.filter((_, i) => i !== k) })}><${Icon} name="close" /></button>
      </div>`)}
      <${Add} label=${text.reactions.add[which]} onAdd=${(/** @type {string} */ added) => write({ ...parts, [which]: [...terms, { coefficient: 1, text: added }] })} />
    </fieldset>`;
  };
  return html`<div class="reaction-sides">${side("reactants")}<span class="reaction-arrow" aria-hidden="true">→</span>${side("products")}</div>`;
}

/** @param {{term: import("../lib/reactions.js").Term, onChange: (coefficient: number) => void}} props */
function Coefficient({ term, onChange }) {
  const box = useTyped(term.coefficient);
  return html`<input type="number" min="1" max="99" step="1" aria-label=${text.reactions.coefficient(term.text)} value=${box.value} onBlur=${box.leave}
    onInput=${(/** @type {any} */ event) => box.type(event.target.value)}
    onChange=${(/** @type {any} */ event) => {
      box.leave();
      onChange(Math.max(1, Math.round(Number(event.target.value) || 1)));
    }} />`;
}

/** @param {{label: string, onAdd: (text: string) => void}} props */
function Add({ label, onAdd }) {
  const [typed, setTyped] = useState("");
  const add = () => {
    if (typed.trim()) onAdd(typed.trim());
    setTyped("");
  };
  return html`<div class="reaction-term reaction-add">
    <input type="text" spellcheck=${false} aria-label=${label} placeholder=${label} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.target.value)}
      onBlur=${add} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || !typed.trim()) return;
        event.preventDefault(); // the next Enter computes
        add();
      }} />
    <button type="button" class="icon" aria-label=${label} title=${label} disabled=${!typed.trim()} onClick=${add}><${Icon} name="plus" /></button>
  </div>`;
}

/** @param {{reaction: import("../types.js").ReactionAnswer, actions: import("../main.js").Actions}} props */
function Unbalanced({ reaction, actions }) {
  const { differences, equation } = reaction.balance;
  const message = text.reactions.unbalanced(differences.map(({ element, left, right }) => text.reactions.surplus(element, left, right)));
  return html`<div class="problem" role="alert"><${Icon} name="warning" />
    <p><strong>${message}</strong> ${equation === null ? text.reactions.nothingBalances : text.reactions.wouldBalance(equation)}</p>
    ${equation === null ? null : html`<button type="button" class="quiet" onClick=${() => actions.react(reaction.equation, { balance: true })}>${text.reactions.balance}</button>`}
  </div>`;
}

/** @param {{store: import("../store.js").Store, reaction: import("../types.js").ReactionAnswer}} props */
function Answer({ store, reaction }) {
  const { models, unit } = useStore(store, (state) => ({ models: state.models, unit: state.unit }));
  const [atoms, setAtoms] = useState(() => parseTable(location).atoms);
  useEffect(() => keepLook({ unit, atoms }), [unit, atoms, reaction]);
  const listed = reactionModels(reaction, models);
  const chosen = listed.filter(({ chosen: fits }) => fits);
  const energy = (/** @type {number} */ value, sign = true) => withUnit(value, "energy", unit, { sign });
  const guesses = chosen.filter(({ prediction }) => prediction.grade === "outside");
  const doubts = doubtsOf(reaction, guesses.map(({ prediction }) => prediction));
  return html`<div class="card many-results reaction-answer">
    <div class="many-controls"><h2 class="reaction-title">${reaction.equation.replace("->", "→")}</h2>
      <${Choice} label=${text.unit.label} value=${unit} onChange=${(/** @type {import("../types.js").EnergyUnit} */ to) => store.set({ unit: to })} options=${ENERGY_UNITS.map((value) => ({ value, label: value }))} /></div>
    ${guesses.length > 0 ? html`<p class="notice"><${Icon} name="warning" /><span>${guesses.length === chosen.length ? text.reactions.outside(doubts) : text.reactions.outsideOf(guesses.map(({ name }) => name).join(", "), doubts)}</span></p>` : null}
    <div class="reaction-energy">
      <figure><figcaption>${text.reactions.levelsHeading} <span class="muted">${unit}</span></figcaption><${LevelChart} label=${text.reactions.levels(unit, chosen.map(({ name, prediction }) => `${name} ${energy(prediction.energy)}`).join(", "))}
        before=${text.reactions.reactants} after=${text.reactions.products}
        series=${chosen.map(({ name, prediction }) => ({ name, value: toShown(prediction.energy, "energy", unit), spread: levelSpread(prediction, unit), said: prettyNumber(toShown(prediction.energy, "energy", unit), decimals(unit), { sign: true }) }))} /></figure>
      <div class="reaction-table" tabindex="0" role="region" aria-label=${text.reactions.energy}><table class="atoms"><caption>${text.reactions.energy}</caption>
        <thead><tr><th scope="col">${text.reactions.network}</th><th scope="col" class="number">${text.reactions.delta} <span class="muted">${unit}</span></th><th scope="col">${text.table.trust}</th></tr></thead>
        <tbody>${listed.map(({ name, model, chosen: fits, prediction }) => html`<tr key=${model} class=${fits ? "reaction-chosen" : ""}>
          <th scope="row" title=${model}>${name}${fits ? null : html` <small class="muted">${text.reactions.less}</small>`}</th>
          <td class="number">${prettyNumber(toShown(prediction.energy, "energy", unit), decimals(unit), { sign: true })}<${Spread} prediction=${prediction} unit=${unit} /></td>
          <td><${TrustBadge} trust=${prediction.grade} whole /></td></tr>`)}</tbody></table>
      <p class="muted">${text.reactions.note}</p></div>
    </div>
    <${SpeciesTable} reaction=${reaction} shown=${chosen} unit=${unit} />
    <${Changes} reaction=${reaction} shown=${chosen} unit=${unit} all=${atoms === "all"} onAll=${(/** @type {boolean} */ all) => setAtoms(all ? "all" : "first")} />
  </div>`;
}

/** @param {import("../types.js").ReactionPrediction} prediction @param {import("../types.js").EnergyUnit} unit @returns {number | null} */
function levelSpread(prediction, unit) {
  const spread = spreadOf(prediction);
  return spread === null ? null : toShown(spread, "energy", unit);
}

/** Behind an energy: its spread, or why there is none. @param {{prediction: import("../types.js").ReactionPrediction, unit: import("../types.js").EnergyUnit}} props */
function Spread({ prediction, unit }) {
  const spread = levelSpread(prediction, unit);
  if (spread !== null) return html` <small class="spread" title=${text.reactions.spreadTitle}>${text.table.spread(prettyNumber(spread, decimals(unit)))}</small>`;
  if (prediction.uncertainty === null) return html` <small class="muted">${text.reactions.single}</small>`;
  return html` <small class="muted" title=${text.reactions.noSpreadTitle}>${text.reactions.noSpread}</small>`;
}

/** @param {import("../types.js").ReactionAnswer} reaction @param {import("../types.js").ReactionPrediction[]} predictions @returns {string} what speaks against each molecule that is outside */
function doubtsOf(reaction, predictions) {
  const said = speciesOf(reaction).flatMap((one, k) => {
    const worst = predictions.flatMap(({ species }) => species[k] ?? []).find(({ grade }) => grade === "outside");
    return worst ? [text.reactions.doubt(one.text, worst.reason ? text.reactions.doubts[worst.reason] : text.trust.whole.outside)] : [];
  });
  return [...new Set(said)].join("; ");
}

/**
 * @param {{reaction: import("../types.js").ReactionAnswer, shown: ReturnType<typeof reactionModels>, unit: import("../types.js").EnergyUnit}} props
 */
function SpeciesTable({ reaction, shown, unit }) {
  return html`<div class="many-scroll" tabindex="0" role="region" aria-label=${text.reactions.molecules}><table class="atoms"><caption>${text.reactions.molecules}</caption>
    <thead><tr><th scope="col">${text.reactions.side}</th><th scope="col">${text.batch.molecule}</th><th scope="col">${text.batch.formula}</th>
      ${shown.map(({ name, model }) => html`<th key=${model} scope="col" class="number">${name} ${text.batch.short.total} <span class="muted">${unit}</span></th>`)}<th scope="col">${text.table.trust}</th></tr></thead>
    <tbody>${speciesOf(reaction).map((one, k) => {
      const graded = shown.flatMap(({ name, prediction }) => (prediction.species[k] ? [{ ...prediction.species[k], name }] : []));
      const worst = graded.reduce((found, next) => (RANK[next.grade] > RANK[found.grade] ? next : found), graded[0] ?? { grade: /** @type {const} */ ("outside"), reason: null, name: "" });
      // of which network it is said, where others think otherwise
      const alone = graded.some(({ grade }) => grade !== worst.grade);
      const reason = worst.reason && worst.grade !== "inside" ? text.reactions.doubts[worst.reason] : alone ? text.trust.whole[worst.grade] : "";
      return html`<tr key=${k}><td>${k < reaction.reactants.length ? text.reactions.reactant : text.reactions.product}</td>
        <th scope="row">${one.coefficient > 1 ? `${one.coefficient} × ` : ""}${one.open_shell ? one.text : html`<a href=${moleculeAddress(one.molecule.id)}>${one.text}</a>`}</th>
        <td><${Formula} formula=${one.molecule.formula} /></td>
        ${graded.map(({ total }, i) => html`<td key=${i} class="number">${prettyNumber(toShown(total, "energy", unit), decimals(unit))}</td>`)}
        <td><${TrustBadge} trust=${worst.grade} whole />${reason ? html` <small class="muted">${alone ? text.reactions.ofNetwork(worst.name, reason) : reason}</small>` : null}</td></tr>`;
    })}</tbody></table></div>`;
}

const RANK = Object.freeze({ inside: 0, unusual: 1, outside: 2 });

/**
 * @param {{reaction: import("../types.js").ReactionAnswer, shown: ReturnType<typeof reactionModels>, unit: import("../types.js").EnergyUnit,
 *   all: boolean, onAll: (all: boolean) => void}} props
 */
function Changes({ reaction, shown, unit, all, onAll }) {
  const changes = changesOf(reaction, shown.map(({ prediction }) => prediction));
  const limit = Math.max(...changes.flatMap(({ values }) => values.map(Math.abs)), 1e-9);
  const sums = shown.map(({ prediction }) => prediction.changes.reduce((sum, change) => sum + change, 0));
  const show = (/** @type {number} */ value) => prettyNumber(toShown(value, "energy", unit), decimals(shownUnit("energy", unit)));
  return html`<div class="many-scroll" tabindex="0" role="region" aria-label=${text.reactions.changes}><table class="atoms reaction-changes"><caption>${text.reactions.changes}</caption>
    <thead><tr><th scope="col">${text.reactions.from}</th><th scope="col">${text.reactions.to}</th>
      ${shown.map(({ name, model }) => html`<th key=${model} scope="col" class="number">${name} ${text.reactions.change} <span class="muted">${unit}</span></th>`)}</tr></thead>
    <tbody>${changes.slice(0, all ? undefined : FIRST_ATOMS).map(({ from, to, values }, k) => html`<tr key=${k}><th scope="row">${from}</th><td>${to}</td>
      ${values.map((value, i) => html`<td key=${i} class="number"><${ValueBar} value=${value} limit=${limit} /><span>${show(value)}</span></td>`)}</tr>`)}</tbody>
    <tfoot><tr><th scope="row" colspan="2">${text.reactions.sum(changes.length)}</th>${sums.map((sum, i) => html`<td key=${i} class="number"><span>${show(sum)}</span></td>`)}</tr></tfoot>
  </table>
  ${changes.length > FIRST_ATOMS ? html`<button type="button" class="textual" aria-expanded=${all ? "true" : "false"} onClick=${() => onAll(!all)}>${all ? text.reactions.fewer : text.reactions.more(changes.length - FIRST_ATOMS)}</button>` : null}
  <p class="muted">${text.reactions.split}</p></div>`;
}
