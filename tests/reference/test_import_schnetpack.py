"""Models that SchNetPack trained and saved predict here what they predict there; what cannot be imported says why."""

import json
import pickle
import zipfile

import numpy as np
import pytest
import torch
from schnetpack_cases import ATOMREFS
from typer.testing import CliRunner

from atomlens import cli
from atomlens.errors import CheckpointError, MalformedInput
from atomlens.explain.prediction import predict_batch
from atomlens.networks.card import Card
from atomlens.networks.checkpoint import load
from atomlens.networks.registry import ModelRegistry
from atomlens.service.models import describe
from atomlens.training.import_schnetpack import import_schnetpack
from atomlens.units import ATOMIC_UNIT_DEBYE, BOHR_ANGSTROM, E_ANGSTROM_DEBYE, HARTREE_EV

HCNO = ("H", "C", "N", "O")


def close(found, reference, tolerance=1e-5):
    np.testing.assert_allclose(found, reference, rtol=tolerance, atol=tolerance * 0.1 * np.abs(reference).max())


def test_a_trained_energy_model_predicts_what_schnetpack_predicts(schnetpack, batch, tmp_path):
    reference = schnetpack["energy"]
    card = import_schnetpack(reference.file, tmp_path, "mine-schnet-energy")
    model = load(tmp_path / card.name)
    found = predict_batch(model, batch)
    assert found.unit == "eV"
    np.testing.assert_allclose(found.total, reference.arrays["total"], rtol=1e-9)
    close(found.contributions, reference.arrays["atoms"])
    close(model.forces(batch), reference.arrays["forces"])
    # the sum without the references is what the network learned: compared by itself, it is not lost in them
    sizes = np.diff(batch.offsets)
    offsets = np.add.reduceat(np.array([ATOMREFS[int(z)] for z in batch.numbers]), batch.offsets[:-1]) - 4.2 * sizes
    close(found.total - offsets, reference.arrays["total"] - offsets, 1e-4)


def test_its_training_moved_its_weights(schnetpack):
    trained, start = schnetpack["energy"].weights(), schnetpack["shared"].weights()
    name = "representation.interactions.0.in2f.weight"
    assert trained[name].shape == start[name].shape
    assert not np.allclose(trained[name], start[name], atol=1e-4)


@pytest.mark.parametrize("case", ["dipole", "magnitude"])
def test_a_trained_dipole_model_predicts_what_schnetpack_predicts(schnetpack, batch, tmp_path, case):
    reference = schnetpack[case]
    card = import_schnetpack(reference.file, tmp_path, "mine-schnet-dipole", elements=HCNO)
    found = predict_batch(load(tmp_path / card.name), batch)
    total = reference.arrays["total"]
    close(found.total, total if case == "magnitude" else np.linalg.norm(total, axis=1))
    close(found.contributions, reference.arrays["atoms"] / E_ANGSTROM_DEBYE)
    assert any("sign" in limit for limit in card.limits) == (case == "magnitude")


@pytest.mark.parametrize("case", ["narrow", "wide"])
def test_any_width_of_filters_and_any_output_network(schnetpack, batch, tmp_path, case):
    reference = schnetpack[case]
    card = import_schnetpack(reference.file, tmp_path, "mine-schnet-energy", elements=HCNO)
    model = load(tmp_path / card.name)
    found = predict_batch(model, batch)
    close(found.total, reference.arrays["total"])
    close(found.contributions, reference.arrays["atoms"])
    close(model.forces(batch), reference.arrays["forces"])


def test_other_units_are_converted(schnetpack, batch, tmp_path):
    file = schnetpack["energy"].file
    in_ev = import_schnetpack(file, tmp_path, "in-ev")
    other = import_schnetpack(file, tmp_path, "in-hartree", unit="Ha", length_unit="Bohr")
    assert other.cutoff == pytest.approx(5.0 * BOHR_ANGSTROM)
    shrunk = batch.__class__(batch.numbers, batch.positions * BOHR_ANGSTROM, batch.offsets, batch.charges)
    expected = predict_batch(load(tmp_path / in_ev.name), batch).contributions
    close(predict_batch(load(tmp_path / other.name), shrunk).contributions, expected * HARTREE_EV)
    assert other.raw["reference_energies"]["H"] == pytest.approx(in_ev.raw["reference_energies"]["H"] * HARTREE_EV)
    moments = import_schnetpack(schnetpack["dipole"].file, tmp_path, "in-au", elements=HCNO, unit="au")
    lengths = np.linalg.norm(schnetpack["dipole"].arrays["total"], axis=1)
    close(predict_batch(load(tmp_path / moments.name), batch).total, lengths * ATOMIC_UNIT_DEBYE)


def test_fields_and_embeddings_of_an_imported_model(schnetpack, batch, tmp_path):
    import_schnetpack(schnetpack["energy"].file, tmp_path, "mine-schnet-energy")
    model = load(tmp_path / "mine-schnet-energy")
    molecule = batch.select([4])
    far = model.probe(molecule, np.array([[50.0, 0.0, 0.0]]), [1, 8], "float64")
    np.testing.assert_allclose(far.values[:, 0], far.at_infinity, rtol=1e-12)
    points = np.random.default_rng(0).uniform(-3, 3, (50, 3))
    single, double = (model.probe(molecule, points, [6], precision).values for precision in ("float32", "float64"))
    assert np.abs(single - double).max() < 1e-4 * np.ptp(double)
    assert [vectors.shape for vectors in model.embeddings()] == [(4, 32)]


def test_the_card_is_complete_and_claims_nothing_that_is_not_known(schnetpack, tmp_path):
    import_schnetpack(schnetpack["energy"].file, tmp_path, "mine-schnet-energy", title="Mine")
    card = Card.read(tmp_path / "mine-schnet-energy")
    assert (card.title, card.family, card.quantity, card.cutoff) == ("Mine", "schnet", "energy", 5.0)
    assert card.elements == (1, 6, 7, 8)
    assert card.raw["reference_energies"] == pytest.approx({"H": -17.8, "C": -1034.1, "N": -1489.5, "O": -2046.8})
    assert card.test is None
    assert card.trained == {}
    assert card.raw["imported"]["version"] == "2.1.1"
    assert card.raw["imported"]["table_error"] <= 1e-8
    shown = describe(card)
    assert shown["test"] is None
    assert shown["heavy_atoms_max_trained"] is None


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("painn", "representation is a PaiNN"),
        ("shared", "share their weights"),
        ("mollifier", "cutoff_fn is a MollifierCutoff"),
        ("bessel", "radial_basis is a BesselRBF"),
        ("centred", "radial_basis is a GaussianRBFCentered"),
        ("relu", "activation relu"),
        ("average", "averages over atoms"),
        ("uncorrected", "leaves charges uncorrected"),
    ],
)
def test_what_cannot_be_imported_is_refused_by_name(schnetpack, tmp_path, case, said):
    with pytest.raises(CheckpointError, match=said):
        import_schnetpack(schnetpack[case].file, tmp_path, "mine-schnet-energy", elements=HCNO)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(schnetpack, tmp_path, share):
    data = schnetpack["energy"].file.read_bytes()
    (tmp_path / "cut").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(CheckpointError, match="cut short"):
        import_schnetpack(tmp_path / "cut", tmp_path, "mine-schnet-energy")


def test_flipped_bytes_never_end_in_anything_but_an_error_or_a_model(schnetpack, tmp_path):
    data, rng, refused = schnetpack["energy"].file.read_bytes(), np.random.default_rng(0), 0
    start = data.index(b"data.pkl") + 8
    for k in range(60):
        damaged = bytearray(data)
        # within the pickle, which the archive holds first
        damaged[start + int(rng.integers(0, 9000))] ^= 1 << int(rng.integers(0, 8))
        (tmp_path / "damaged").write_bytes(bytes(damaged))
        try:
            import_schnetpack(tmp_path / "damaged", tmp_path / "models", f"mine-{k}")
        except CheckpointError:
            refused += 1
    # the checksums of the archive notice it
    assert refused > 50


def test_weights_alone_and_other_files_are_refused(schnetpack, tmp_path):
    weights = {name: torch.from_numpy(value) for name, value in schnetpack["energy"].weights().items()}
    torch.save(weights, tmp_path / "weights")
    torch.save({"state_dict": weights, "epoch": 3}, tmp_path / "lightning")
    torch.save(torch.nn.Linear(2, 2), tmp_path / "linear")
    for name, said in (("weights", "not a model"), ("lightning", "not a model"), ("linear", "Linear")):
        with pytest.raises(CheckpointError, match=said):
            import_schnetpack(tmp_path / name, tmp_path, "mine-schnet-energy")
    with pytest.raises(CheckpointError, match="cannot be read"):
        import_schnetpack(tmp_path / "nothing", tmp_path, "mine-schnet-energy")
    with zipfile.ZipFile(tmp_path / "zip", "w") as other:
        other.writestr("readme.txt", "hello")
    with pytest.raises(CheckpointError, match="but not one of"):
        import_schnetpack(tmp_path / "zip", tmp_path, "mine-schnet-energy")


class Malicious:
    """Pickled, it writes a file when it is unpickled the usual way."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return exec, (f"open({self.path!r}, 'w').close()",)


@pytest.mark.parametrize("inside", [False, True])
def test_nothing_that_a_file_names_is_run(tmp_path, inside):
    trap = tmp_path / "sprung"
    pickled = pickle.dumps(Malicious(str(trap)), protocol=2)
    pickle.loads(pickled)
    assert trap.exists(), "the trap does not work"
    trap.unlink()
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps([Malicious(str(trap))], protocol=2) if inside else pickled)
        archive.writestr("model/byteorder", "little")
    with pytest.raises(CheckpointError, match="no model of SchNetPack"):
        import_schnetpack(tmp_path / "file", tmp_path, "mine-schnet-energy")
    assert not trap.exists()


def test_a_name_that_is_taken_or_none_and_wrong_options_are_refused(schnetpack, tmp_path):
    file = schnetpack["energy"].file
    import_schnetpack(file, tmp_path, "mine-schnet-energy")
    for name, options, said in (
        ("mine-schnet-energy", {}, "already"),
        ("../mine", {}, "no name"),
        ("Mine", {}, "no name"),
        ("other", {"unit": "debye"}, "no units"),
        ("other", {"length_unit": "nm"}, "no units"),
        ("other", {"elements": ["Xx"]}, "no element Xx"),
    ):
        with pytest.raises(MalformedInput, match=said):
            import_schnetpack(file, tmp_path, name, **options)
    with pytest.raises(MalformedInput, match="which elements"):
        import_schnetpack(schnetpack["dipole"].file, tmp_path, "other")


def test_the_command_writes_a_model_that_the_other_commands_list_and_use(schnetpack, tmp_path, monkeypatch):
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    file = str(schnetpack["energy"].file)
    runner = CliRunner()
    result = runner.invoke(cli.app, ["import-schnetpack", file, "--name", "mine-schnet-energy", "--elements", "H,C,O"])
    assert result.exit_code == 0, result.output
    assert "mine-schnet-energy: energy of H C O" in result.output
    assert list(ModelRegistry(tmp_path).cards) == ["mine-schnet-energy"]
    listed = runner.invoke(cli.app, ["models"])
    assert "mine-schnet-energy" in listed.output
    assert "unknown" in listed.output
    explained = runner.invoke(cli.app, ["explain", "CCO", "--json", "-"])
    (prediction,) = json.loads(explained.output)["predictions"]
    whole = sum(prediction["contributions"]) + sum(prediction["references"])
    assert prediction["total"] == pytest.approx(whole, abs=1e-9)
