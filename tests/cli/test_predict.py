"""`atomlens predict`: the layout of its files, unknown elements, and every file that is not what it should be."""

import json
import pickle

import numpy as np
import pytest

WATER = np.array([[0.0, 0.0, 0.117], [0.0, 0.757, -0.469], [0.0, -0.757, -0.469]])


def two_waters(**changes):
    arrays = {"n_atoms": np.array([3, 3]), "numbers": np.array([8, 1, 1, 8, 1, 1]), "positions": np.tile(WATER, (2, 1))}
    return {**arrays, **changes}


def predict(run, model="qm9-bp-energy", source="in.npz", target="out.npz"):
    return run("predict", "--model", model, "--in", source, "--out", target)


@pytest.mark.parametrize("model", ["qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole"])
def test_the_layout_and_the_values_are_those_of_explain(atomlens, model):
    small = {"numbers": np.array([8, 1, 1, 8, 1, 1], dtype=np.uint8), "n_atoms": np.array([3, 3], dtype=np.int16)}
    np.savez("in.npz", **two_waters(**small))
    ran = predict(atomlens, model)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    with np.load("out.npz", allow_pickle=False) as out:
        assert set(out) == {"total", "contributions", "uncertainty", "unit"}
        total, contributions, uncertainty, unit = (out[k] for k in ("total", "contributions", "uncertainty", "unit"))
    assert (total.shape, contributions.shape, uncertainty.shape) == ((2,), (6,), (2,))
    assert {total.dtype, contributions.dtype, uncertainty.dtype} == {np.dtype(np.float64)}
    assert np.isnan(uncertainty).all()
    with open("w.xyz", "w") as file:
        file.write("3\n\n" + "".join(f"{s} {x} {y} {z}\n" for s, (x, y, z) in zip("OHH", WATER.tolist(), strict=True)))
    shown = atomlens("explain", "w.xyz", "--model", model, "--json", "-").json()["predictions"][0]
    assert str(unit) == shown["unit"]
    np.testing.assert_allclose(total, shown["total"], atol=1e-8)
    np.testing.assert_allclose(contributions.reshape(2, 3), [shown["contributions"]] * 2, atol=1e-8)


def test_molecules_with_unknown_elements_are_nan_and_one_line_counts_them(atomlens):
    numbers = np.array([8, 1, 1, 17, 1, 1])
    np.savez("in.npz", **two_waters(numbers=numbers))
    ran = predict(atomlens)
    assert ran.code == 0
    assert ran.err == "1 of 2 molecules have elements that qm9-bp-energy does not know.\n"
    with np.load("out.npz") as out:
        assert np.isnan(out["total"]).tolist() == [False, True]
        assert np.isnan(out["contributions"]).tolist() == 3 * [False] + 3 * [True]


def test_no_molecules_give_no_predictions(atomlens):
    np.savez("in.npz", n_atoms=np.zeros(0, int), numbers=np.zeros(0, int), positions=np.zeros((0, 3)))
    assert predict(atomlens).code == 0
    with np.load("out.npz") as out:
        assert out["total"].shape == out["contributions"].shape == (0,)


def moved(place, value):
    positions = np.tile(WATER, (2, 1))
    positions[place] = value
    return positions


WRONG = {
    "no n_atoms": ({"n_atoms": None}, "it has no n_atoms"),
    "no numbers and positions": ({"numbers": None, "positions": None}, "no numbers and no positions"),
    "numbers with points": ({"numbers": np.array([8.0, 1, 1, 8, 1, 1])}, "numbers has the type float64"),
    "symbols": ({"numbers": np.array(list("OHHOHH"))}, "numbers has the type <U1"),
    "flags": ({"numbers": np.ones(6, bool)}, "numbers has the type bool"),
    "counts with points": ({"n_atoms": np.array([3.0, 3.0])}, "n_atoms has the type float64"),
    "complex positions": ({"positions": moved(0, 0) + 0j}, "positions has the type complex128"),
    "objects": ({"numbers": np.array([8, None], dtype=object)}, "Object arrays cannot be loaded"),
    "too few positions": ({"positions": WATER}, "positions (3, 3) do not fit"),
    "flat positions": ({"positions": WATER.ravel()}, "positions (9,) do not fit"),
    "too few counts": ({"n_atoms": np.array([3])}, "n_atoms (1,) of sum 3"),
    "a table of counts": ({"n_atoms": np.array([[3, 3]])}, "n_atoms has the shape (1, 2)"),
    "one count": ({"n_atoms": np.array(6)}, "n_atoms has the shape ()"),
    "a molecule of nothing": ({"n_atoms": np.array([0, 6])}, "molecule 0 (counted from 0) has 0 atoms"),
    "a negative count": ({"n_atoms": np.array([9, -3])}, "molecule 1 (counted from 0) has -3 atoms"),
    "counts that overflow": ({"n_atoms": np.array([2**63 - 1, 7])}, "sum 9223372036854775814"),
    "NaN": ({"positions": moved((4, 1), np.nan)}, "a position in molecule 1"),
    "infinity": ({"positions": moved((0, 1), -np.inf)}, "a position in molecule 0"),
    "far away": ({"positions": moved((0, 1), 1e6)}, "a position in molecule 0"),
    "coincident": ({"positions": moved(4, WATER[2])}, "two atoms of molecule 1"),
}


@pytest.mark.parametrize(("changes", "says"), WRONG.values(), ids=WRONG.keys())
def test_arrays_that_are_no_molecules_are_refused(refused, changes, says):
    np.savez("in.npz", **{name: array for name, array in two_waters(**changes).items() if array is not None})
    message = predict(refused)
    assert message.startswith("atomlens: in.npz cannot be read: ")
    assert says in message


def test_files_that_are_no_npz_are_refused(refused, tmp_path):
    np.savez("good.npz", **two_waters())
    good = (tmp_path / "good.npz").read_bytes()
    files = {
        "empty.npz": b"",
        "text.npz": b"hello",
        "cut.npz": good[: len(good) // 2],
        "pickled.npz": pickle.dumps(two_waters()),
        "changed.npz": good.replace(np.int64(8).tobytes(), np.int64(7).tobytes(), 1),
        "json.npz": json.dumps({"n_atoms": [3]}).encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert f"{name} cannot be read: " in predict(refused, source=name)
    assert "no such file" in predict(refused, source="none.npz")
    assert "is a directory" in predict(refused, source=".")


def test_nothing_is_run_from_a_pickle(refused, tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    np.savez("in.npz", **two_waters(numbers=np.array([Trap()], dtype=object)))
    predict(refused)
    assert not (tmp_path / "sprung").exists()


def test_what_cannot_be_written_or_is_no_model_is_told_before_the_work(refused):
    np.savez("in.npz", **two_waters())
    assert "there is no folder none" in predict(refused, target="none/out.npz")
    assert "it is a folder" in predict(refused, target=".")
    assert "There is no model gpt" in predict(refused, model="gpt")


def test_a_thousand_molecules_of_qm9_are_predicted(atomlens, shared_data):
    with np.load(shared_data / "qm9.npz") as data:
        sizes, end = data["n_atoms"][:1000], int(data["n_atoms"][:1000].sum())
        np.savez("in.npz", n_atoms=sizes, numbers=data["numbers"][:end], positions=data["positions"][:end])
    ran = predict(atomlens)
    assert ran.code == 0
    with np.load("out.npz") as out:
        assert np.isfinite(out["total"]).sum() >= 990
