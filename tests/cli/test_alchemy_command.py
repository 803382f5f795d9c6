"""`atomlens alchemy`: from one molecule to another."""

import pytest

from tiny import tiny_models_dir, with_statistics


def test_a_path_as_json_goes_from_total_to_total(atomlens):
    found = atomlens("alchemy", "C", "--change", "0:N", "--fade-out", "1", "--steps", "3", "--json", "-").json()
    start = atomlens("explain", "C", "--json", "-").json()
    assert found["lambda"] == [0.0, 0.5, 1.0]
    assert found["changes"] == [{"atom": 0, "to": "N"}, {"atom": 1, "fade": "out"}]
    for path, prediction in zip(found["paths"], start["predictions"], strict=True):
        assert path["model"] == prediction["model"]
        assert (path["energies"] or path["dipoles"])[0] == pytest.approx(prediction["total"], abs=1e-6)


def test_without_json_it_is_a_table_without_the_straight_line(atomlens):
    ran = atomlens(
        "alchemy", "methane", "--change", "0:N", "--fade-out", "1", "--steps", "5", "--model", "qm9-bp-energy"
    )
    assert ran.code == 0, ran.err
    lines = [line for line in ran.out.splitlines() if "0.000" in line or "1.000" in line]
    assert len(lines) == 2
    assert all("0.0000" in line for line in lines)
    assert "total at 1" in ran.out


def test_molecules_at_the_ends_are_graded(atomlens, monkeypatch, tmp_path):
    folder = tiny_models_dir(tmp_path / "models")
    with_statistics(folder / "qm9-schnet-energy")
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(folder))
    asked = ("--change", "0:N", "--fade-out", "1", "--steps", "2", "--model", "qm9-schnet-energy")
    ran = atomlens("alchemy", "methane", *asked)
    grades = [line for line in ran.out.splitlines() if line.startswith("qm9-schnet-energy at λ")]
    assert [line.split("; ")[0] for line in grades] == [f"qm9-schnet-energy at λ = {end}" for end in (0, 1)]
    (path,) = atomlens("alchemy", "methane", *asked, "--json", "-").json()["paths"]
    words = {"inside": "like the training data", "unusual": "unusual", "outside": "outside the training data"}
    for line, trust in zip(grades, path["border_trust"], strict=True):
        assert line.split("; ")[1].startswith(words[trust["grade"]])


def test_atoms_move_to_another_file(atomlens, tmp_path):
    water = "3\n\nO 0 0 0.119\nH 0 0.763 -0.477\nH 0 -0.763 -0.477\n"
    (tmp_path / "a.xyz").write_text(water)
    (tmp_path / "b.xyz").write_text(water.replace("0.763", "0.9"))
    asked = ("--change", "0:O", "--steps", "2", "--model", "qm9-schnet-energy", "--json", "-")
    moved = atomlens("alchemy", "a.xyz", "--end", "b.xyz", *asked).json()["paths"][0]["energies"]
    ends = [atomlens("explain", file, "--json", "-").json()["predictions"] for file in ("a.xyz", "b.xyz")]
    by_name = [next(p["total"] for p in end if p["model"] == "qm9-schnet-energy") for end in ends]
    assert moved == pytest.approx(by_name, abs=1e-6)


def test_stages_come_one_after_another(atomlens):
    asked = ("--change", "0:N", "--fade-out", "1", "--change", "0:O@1", "--fade-out", "2@1")
    found = atomlens("alchemy", "methane", *asked, "--steps", "3", "--json", "-").json()
    assert found["changes"][2:] == [{"atom": 1, "fade": "out"}, {"atom": 2, "fade": "out", "stage": 1}]
    assert all(path["excess"] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9) for path in found["paths"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "at least one change"),
        (("--change", "0:Qq"), "0:Qq is no change"),
        (("--change", "N"), "N is no change"),
        (("--change", "0:N@x"), "0:N@x is no change"),
        (("--fade-out", "0:N"), "0:N is no change"),
        (("--change", "0:N@1"), "count from 0 without a gap"),
        (("--change", "77:N"), "no atom 77"),
        (("--change", "0:Cl"), "knows Cl"),
        (("--fade-out", "0", "--steps", "1"), "2 to 201"),
    ],
)
def test_a_path_that_is_none_is_refused(refused, options, said):
    assert said in refused("alchemy", "methane", *options)
