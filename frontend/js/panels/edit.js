/** Editing: an atom becomes another element, goes, gets hydrogens or a group; and the keys that take changes back. */
import { atomName } from "../lib/atoms.js";
import { Choice, ConfirmedChoice, Icon, Problem } from "../lib/controls.js";
import { html, useEffect, useStore } from "../lib/html.js";
import { elementName, text } from "../lib/text.js";

/** @param {EventTarget | null} target @returns {boolean} whether it has an undo of its own, or is a dialog's */
const hasOwnUndo = (target) => target instanceof Element && target.closest("input:not([type=range]):not([type=checkbox]), textarea, dialog") !== null;

/** @param {import("../main.js").Parts} props */
export function EditPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (hasOwnUndo(event.target) || document.querySelector("dialog[open]")) return;
      const key = event.key.toLowerCase();
      const { molecule, selected } = store.get();
      if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
        event.preventDefault();
        if (store.get().alert?.place === "edit") actions.dismiss();
        if (key === "y" || event.shiftKey) actions.redo();
        else actions.undo();
      } else if ((key === "delete" || key === "backspace") && selected.length > 0 && molecule && !molecule.cell && event.target instanceof Element && event.target.closest(".stage")) {
        event.preventDefault();
        actions.edit({ kind: "delete", atoms: selected }, text.molecules.edit.deleted(named(molecule, selected)));
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, actions]);
  if (!state.molecule || state.molecule.cell) return null;
  const said = text.molecules.edit;
  return html`<details class="card alchemy edit">
    <summary>${said.heading}</summary>
    <p class="muted">${said.about}</p>
    <${Changes} state=${state} actions=${actions} store=${store} />
    <div class="edit-buttons">
      <button type="button" class="quiet" disabled=${state.before.length === 0} aria-keyshortcuts="Control+Z" onClick=${() => actions.undo()}><${Icon} name="undo" />${text.molecules.undo}</button>
      <button type="button" class="quiet" disabled=${state.after.length === 0} aria-keyshortcuts="Control+Shift+Z" onClick=${() => actions.redo()}><${Icon} name="redo" />${text.molecules.redo}</button>
    </div>
    <${Problem} alert=${state.alert} place="edit" onDismiss=${actions.dismiss} />
    <p class="muted">${said.move}</p>
  </details>`;
}

/** @param {import("../types.js").Molecule} molecule @param {number[]} atoms @returns {string} "C2, H5" */
const named = (molecule, atoms) => atoms.map((atom) => atomName(molecule.symbols[atom] ?? "", atom)).join(", ");

/** @param {{state: import("../types.js").State, actions: import("../main.js").Actions, store: import("../store.js").Store}} props */
function Changes({ state: { molecule, selected, models, busy }, actions, store }) {
  if (!molecule) return null;
  const said = text.molecules.edit;
  const [atom] = selected;
  const one = selected.length === 1 && atom !== undefined ? atom : null;
  const symbol = one === null ? "" : (molecule.symbols[one] ?? "");
  const known = [...new Set(models.filter(({ periodic }) => !periodic).flatMap(({ elements }) => elements))];
  const elements = known.includes(symbol) || !symbol ? known : [symbol, ...known];
  const groups = /** @type {[string, string][]} */ (Object.entries(said.groups));
  return html`<div class="edit-changes">
    <${Choice} label=${said.atom} value=${one === null ? "" : String(one)} options=${[
      { value: "", label: selected.length > 1 ? said.several(selected.length) : said.choose },
      ...molecule.symbols.map((each, i) => ({ value: String(i), label: atomName(each, i) })),
    ]} onChange=${(/** @type {string} */ value) => store.set({ selected: value === "" ? [] : [Number(value)] })} />
    <${ConfirmedChoice} key=${`element ${one}`} apply=${said.apply} label=${said.element} value=${symbol} options=${[
      ...(one === null ? [{ value: "", label: said.choose }] : []),
      ...elements.map((value) => ({ value, label: `${value} · ${elementName(value)}`, disabled: one === null })),
    ]} onChange=${(/** @type {string} */ to) => one !== null && actions.edit({ kind: "element", atom: one, to }, said.became(named(molecule, [one]), elementName(to)))} />
    <${ConfirmedChoice} key=${`group ${one}`} apply=${said.apply} label=${said.group} value="" options=${[
      { value: "", label: said.choose },
      ...groups.map(([value, label]) => ({ value, label, disabled: one === null })),
    ]} onChange=${(/** @type {keyof typeof said.groups} */ group) => one !== null && actions.edit({ kind: "attach", atom: one, group }, said.attached(said.groups[group], named(molecule, [one])))} />
  </div>
  <div class="edit-buttons">
    <button type="button" class="quiet" title=${said.deleteTitle} disabled=${selected.length === 0 || busy !== null}
      onClick=${() => actions.edit({ kind: "delete", atoms: selected }, said.deleted(named(molecule, selected)))}><${Icon} name="delete" />${said.delete}</button>
    <button type="button" class="quiet" title=${said.hydrogensTitle} disabled=${busy !== null}
      onClick=${() => actions.edit({ kind: "hydrogens", atoms: selected }, said.added)}><${Icon} name="plus" />${said.hydrogens}</button>
  </div>`;
}
