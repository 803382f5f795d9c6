import assert from "node:assert/strict";
import { test } from "node:test";
import { lookedAtAddress, parseOrder, parseTable, parseUnit } from "../../frontend/js/lib/route.js";
import { nextOrder, sorted } from "../../frontend/js/lib/sorting.js";

test("numbers are sorted as numbers and words as words", () => {
  assert.deepEqual(sorted([10, 9, -2, 100], (n) => n, "ascending"), [-2, 9, 10, 100]);
  assert.deepEqual(sorted(["O", "C", "H"], (s) => s, "descending"), ["O", "H", "C"]);
});

test("rows that are equal keep their order, in both directions", () => {
  const rows = [["C", 1], ["H", 2], ["C", 3], ["H", 4]];
  assert.deepEqual(sorted(rows, ([symbol]) => symbol, "ascending").map(([, n]) => n), [1, 3, 2, 4]);
  assert.deepEqual(sorted(rows, ([symbol]) => symbol, "descending").map(([, n]) => n), [2, 4, 1, 3]);
});

test("the rows themselves stay as they were", () => {
  const rows = [3, 1, 2];
  sorted(rows, (n) => n, "ascending");
  assert.deepEqual(rows, [3, 1, 2]);
});

test("a head clicked twice turns the order round, another head begins upwards", () => {
  const first = nextOrder({ key: "number", direction: "ascending" }, "value");
  assert.deepEqual(first, { key: "value", direction: "ascending" });
  const second = nextOrder(first, "value");
  assert.deepEqual(second, { key: "value", direction: "descending" });
  assert.deepEqual(nextOrder(second, "value"), first);
});

test("an address says how its table is sorted and in which unit, but not what is usual", () => {
  const at = { pathname: "/batch", search: "?q=CCO%0AC" };
  const usual = { unit: "kcal/mol", order: { key: "number", direction: "ascending" } };
  assert.equal(lookedAtAddress(at, usual), "/batch?q=CCO%0AC");
  const looks = [usual, { unit: "eV", order: { key: "energy bp", direction: "descending" } }, { unit: "Ha", order: { key: "name", direction: "ascending" } }];
  for (const look of looks) {
    const { search } = new URL(lookedAtAddress(at, look), "http://here");
    assert.deepEqual([parseUnit({ search }) ?? "kcal/mol", parseOrder({ search })], [look.unit, look.order]);
    assert.equal(lookedAtAddress({ pathname: "/batch", search }, usual), "/batch?q=CCO%0AC", "and no more once it is usual again");
  }
  assert.equal(parseUnit({ search: "?unit=toString" }), null);
});

test("an address says all that decides what its table shows, and takes nothing that is no choice", () => {
  const at = { pathname: "/batch", search: "?q=CCO%0AC" };
  const usual = { kind: "atomization", only: "all", trainedOn: "", words: "", atoms: "first" };
  assert.equal(lookedAtAddress(at, { unit: "kcal/mol", ...usual }), "/batch?q=CCO%0AC");
  const look = { kind: "total", only: "inside", trainedOn: "organic", words: "C3 & more", atoms: "all" };
  const address = lookedAtAddress(at, { unit: "kcal/mol", ...look });
  const { search } = new URL(address, "http://here");
  assert.deepEqual(parseTable({ search }), look);
  assert.equal(lookedAtAddress({ pathname: "/batch", search }, { unit: "kcal/mol", ...usual }), "/batch?q=CCO%0AC");
  assert.deepEqual(parseTable({ search: "?energies=toString&show=constructor&atoms=9" }), { ...usual, kind: null });
});
