import assert from "node:assert/strict";
import { test } from "node:test";
import { ENERGY_UNITS, PER_EV, isEnergyUnit } from "../../frontend/js/lib/units.js";

test("one electronvolt is 23.0605 kcal/mol, 96.485 kJ/mol and 1/27.2114 hartree", () => {
  assert.ok(Math.abs(PER_EV["kcal/mol"] - 23.06054783) < 1e-7);
  assert.ok(Math.abs(PER_EV["kJ/mol"] - 96.48533212) < 1e-7);
  assert.ok(Math.abs(PER_EV.Ha * 27.211386245988 - 1) < 1e-12);
});

test("only the units that are offered are energy units", () => {
  for (const unit of ENERGY_UNITS) assert.ok(isEnergyUnit(unit));
  for (const other of ["Eh", "toString", 3, null]) assert.ok(!isEnergyUnit(other));
});
