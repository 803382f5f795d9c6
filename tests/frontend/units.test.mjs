import assert from "node:assert/strict";
import { test } from "node:test";
import { ENERGY_UNITS, fromShown, isEnergyUnit, PER_EV, plainNumber, prettyNumber, shownUnit, testError, toShown, withUnit } from "../../frontend/js/lib/units.js";

test("one electronvolt is 23.0605 kcal/mol, 96.485 kJ/mol and 1/27.2114 hartree", () => {
  assert.ok(Math.abs(PER_EV["kcal/mol"] - 23.06054783) < 1e-7);
  assert.ok(Math.abs(PER_EV["kJ/mol"] - 96.48533212) < 1e-7);
  assert.ok(Math.abs(PER_EV.Ha * 27.211386245988 - 1) < 1e-12);
});

test("only the units that are offered are energy units", () => {
  for (const unit of ENERGY_UNITS) assert.ok(isEnergyUnit(unit));
  for (const other of ["Eh", "toString", 3, null]) assert.ok(!isEnergyUnit(other));
});

test("an energy goes to the shown unit and back", () => {
  for (const unit of ENERGY_UNITS) assert.ok(Math.abs(fromShown(toShown(-3.25, "energy", unit), "energy", unit) + 3.25) < 1e-12);
  assert.equal(toShown(0.4, "charge", "kcal/mol"), 0.4);
  assert.equal(shownUnit("charge", "Ha"), "e");
});

test("numbers for files are plain, numbers for reading have a true minus, in sentences with parted thousands", () => {
  assert.equal(plainNumber(-12345.678, 2), "-12345.68");
  assert.equal(plainNumber(-0.001, 2), "0.00");
  assert.equal(prettyNumber(-12345.678, 2), "−12,345.68");
  assert.equal(prettyNumber(-0.001, 2), "0.00");
  assert.equal(prettyNumber(-131297.369, 2), "−131,297.37");
  assert.equal(prettyNumber(2202.5, 1), "2,202.5");
  assert.equal(prettyNumber(4.36, 1, { sign: true }), "+4.4");
  assert.equal(prettyNumber(-0.001, 2, { sign: true }), "0.00");
});

test("every unit is shown with decimals that tell the models apart", () => {
  assert.equal(withUnit(1, "energy", "kcal/mol"), "23.06\u00a0kcal/mol");
  assert.equal(withUnit(1, "energy", "Ha"), "0.03675\u00a0Ha");
  assert.equal(withUnit(-0.1234, "charge", "Ha", { sign: true }), "−0.123\u00a0e");
});

test("a test error is given in the reader's unit; a dipole's stays in debye", () => {
  assert.equal(testError(0.49, "kcal/mol", "kJ/mol"), "2.1\u00a0kJ/mol");
  assert.equal(testError(0.03, "debye", "kJ/mol"), "0.030\u00a0D");
});
