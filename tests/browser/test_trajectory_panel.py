"""Frames of a file: played, scrubbed by keys, with the numbers of every frame; other files are led to the table."""

from itertools import pairwise

import ase.io
import numpy as np
import pytest
from explorer import Explorer, wait
from pixels import difference
from playwright.sync_api import Route
from test_accessible import violations
from test_explaining import numbers, shown_values

from atomlens.chem.smiles import read_smiles

pytestmark = pytest.mark.browser
KCAL_PER_EV = 23.060547830619


def frames(count: int = 8) -> str:
    """Methanol whose bond between C and O grows."""
    molecule = read_smiles("CO", 20)
    away = molecule.positions[1] - molecule.positions[0]
    hydrogen = int(np.argmin(np.linalg.norm(molecule.positions[2:] - molecule.positions[1], axis=1))) + 2
    parts = []
    for k in range(count):
        positions = molecule.positions.copy()
        positions[[1, hydrogen]] += 0.03 * k * away
        atoms = (f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in zip(molecule.symbols, positions, strict=True))
        parts.append("\n".join([str(len(molecule)), f"step {k}", *atoms, ""]))
    return "".join(parts)


def opened(page: Explorer, tmp_path, text: str) -> dict:
    (tmp_path / "way.xyz").write_text(text)
    page.page.locator("input[type=file]").first.set_input_files(tmp_path / "way.xyz")
    state = page.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    page.settled()
    return state


def dial(page: Explorer):
    return page.page.get_by_role("slider", name="Frame", exact=True)


def test_picture_and_table_follow_the_scrubber_and_every_frame_is_predicted(tab, tmp_path, http):
    page = tab().open("/?q=water")
    text = frames()
    answer = opened(page, tmp_path, text)["trajectory"]["answer"]
    assert len(answer["positions"]) == 8
    assert page.page.get_by_role("region", name="Trajectory").get_by_text("Frame 1 of 8").is_visible()
    first, before = page.picture(), shown_values(page, "schnet", "energy")
    dial(page).fill("6")
    page.until(lambda now: now["trajectory"]["frame"] == 5)
    path = {one["model"]: one for one in answer["paths"]}
    shown = numbers(shown_values(page, "schnet", "energy"))
    assert shown != pytest.approx(numbers(before), abs=0.01)
    state = page.until(lambda now: now["trajectory"]["rest"] == 5)
    name = next(one["model"] for one in state["predictions"] if "schnet-energy" in one["model"])
    assert shown == pytest.approx([value * KCAL_PER_EV for value in path[name]["contributions"][5]], abs=0.006)
    assert difference(first, page.picture()) > 0.001
    # at rest the frame is the molecule itself
    alone = http.post("/predictions", json={"molecule": state["molecule"]["id"], "models": [name]}).json()
    assert alone["molecule"]["positions"] == answer["positions"][5]
    assert alone["predictions"][0]["total"] == pytest.approx(path[name]["totals"][5], abs=1e-8)
    energy = page.page.get_by_role("img", name="Energy above the lowest frame")
    shown = [one["model"] for one in state["predictions"] if "energy" in one["model"]]
    for k, model in enumerate(sorted(shown)):
        # pieces that share the value between them, faint where an end of a piece is outside of the training data
        pieces = [line.get_attribute("points").split() for line in energy.locator(f"polyline.series-{k}").all()]
        assert sum(map(len, pieces)) - (len(pieces) - 1) == 8
        outside = [grade == "outside" for grade in path[model]["grades"]]
        faint = sum(first or second for first, second in pairwise(outside))
        drawn = [line.get_attribute("points").split() for line in energy.locator(f".series-{k}.doubtful").all()]
        assert sum(len(piece) - 1 for piece in drawn) == faint


def shown_models(state: dict) -> list[str]:
    return [prediction["model"] for prediction in state["predictions"]]


def frame_with_others(http, start: dict) -> int:
    """A frame that by itself would have other networks."""
    usual = [one["model"] for one in start["choice"]]
    for frame, positions in enumerate(start["trajectory"]["answer"]["positions"]):
        lines = (f"{s} {x} {y} {z}" for s, (x, y, z) in zip(start["molecule"]["symbols"], positions, strict=True))
        read = http.post("/molecules", json={"text": "\n".join([str(len(positions)), "", *lines])}).json()
        alone = http.post("/predictions", json={"molecule": read["id"], "models": None}).json()["choice"]
        if [one["model"] for one in alone] != usual:
            return frame
    raise AssertionError("every frame by itself has the same networks")


def test_its_networks_are_the_same_at_every_frame_unless_others_are_chosen(tab, tmp_path, http):
    page = tab().open("/?q=water")
    start = opened(page, tmp_path, frames())
    frame = frame_with_others(http, start)
    curves = page.page.get_by_role("img", name="Change of the contributions")
    names = [curve.get_attribute("aria-label") for curve in curves.all()]
    dial(page).fill(str(frame + 1))
    passing = page.until(lambda now: now["trajectory"]["frame"] == frame)
    resting = page.until(lambda now: now["trajectory"]["rest"] == frame and now["busy"] is None)
    assert shown_models(resting) == shown_models(passing) == shown_models(start)
    assert [curve.get_attribute("aria-label") for curve in curves.all()] == names
    dial(page).fill("1")
    first = page.until(lambda now: now["trajectory"]["rest"] == 0 and now["busy"] is None)
    assert first["choice"] == start["choice"]
    page.page.get_by_role("combobox", name="Trained on", exact=True).select_option("organic")
    chosen = page.until(lambda now: now["trainedOn"] == "organic")
    dial(page).fill(str(frame + 1))
    page.until(lambda now: now["trajectory"]["rest"] == frame and now["busy"] is None)
    assert all(name.startswith("organic-") for name in shown_models(chosen))
    assert shown_models(page.state()) == shown_models(chosen)


def test_keys_move_and_play_it(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames())
    dial(page).focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("ArrowRight")
    page.until(lambda now: now["trajectory"]["frame"] == 2)
    page.page.keyboard.press("End")
    page.until(lambda now: now["trajectory"]["frame"] == 7)
    page.page.keyboard.press("Space")
    page.until(lambda now: now["trajectory"]["playing"] and 0 < now["trajectory"]["frame"] < 7)
    page.page.keyboard.press("Space")
    paused = page.until(lambda now: not now["trajectory"]["playing"])["trajectory"]["frame"]
    page.page.get_by_role("button", name="Frame before").click()
    page.until(lambda now: now["trajectory"]["frame"] == max(0, paused - 1))
    page.page.get_by_role("button", name="Play", exact=True).click()
    page.until(lambda now: now["trajectory"]["frame"] == now["trajectory"]["rest"] == 7)


def test_selected_atoms_are_followed_by_every_network(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames(4))
    rows = page.table.locator("tbody tr")
    rows.nth(0).click()
    for place in (1, 2):
        rows.nth(place).click(modifiers=["Shift"])
    curves = page.page.get_by_role("img", name="Change of the contributions of C1, O2, H3")
    wait(lambda: curves.count() == 2)
    assert [curve.locator("polyline").count() for curve in curves.all()] == [3, 3]


def test_a_surface_is_of_the_frame_at_rest_and_a_link_restores_it(tab, tmp_path):
    page = tab().open("/?q=water")
    answer = opened(page, tmp_path, frames(4))["trajectory"]["answer"]
    dial(page).fill("3")
    page.until(lambda now: now["trajectory"]["rest"] == 2)
    page.show("potential")
    assert page.state()["surfaces"]
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    other = tab().open(page.link.input_value().removeprefix(page.base))
    state = other.until(lambda now: now["trajectory"] is not None)
    assert (state["trajectory"]["answer"]["id"], state["trajectory"]["frame"]) == (answer["id"], 2)
    assert state["molecule"]["positions"] == answer["positions"][2]
    again = tab().open(page.page.url.removeprefix(page.base))
    assert again.until(lambda now: now["trajectory"])["trajectory"]["answer"]["id"] == answer["id"]


def at_rest(page: Explorer) -> None:
    dial(page).fill("6")
    page.until(lambda now: now["trajectory"]["rest"] == 5 and now["busy"] is None)


def just_moved(page: Explorer) -> None:
    dial(page).fill("6")


def while_it_is_played(page: Explorer) -> None:
    page.page.get_by_role("button", name="Play", exact=True).click()
    page.until(lambda now: now["trajectory"]["frame"] > 0)


def assert_the_link_restores_it(page: Explorer, other: Explorer) -> dict:
    """Open the link that is being made in the other tab, and return the state that both have."""
    page.link.wait_for()
    other.open(page.link.input_value().removeprefix(page.base))
    theirs = other.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    ours = page.state()
    for key in ("trajectory", "molecule", "predictions", "choice", "trainedOn", "selected", "quantity", "unit"):
        assert theirs[key] == ours[key], key
    assert other.rows() == page.rows()
    assert other.page.locator(".trajectory").inner_text() == page.page.locator(".trajectory").inner_text()
    return ours


@pytest.mark.parametrize("leave", [at_rest, just_moved, while_it_is_played])
def test_a_link_restores_the_whole_trajectory_and_its_frame(tab, tmp_path, leave):
    page = tab().open("/?q=water")
    answer = opened(page, tmp_path, frames())["trajectory"]["answer"]
    page.table.locator("tbody tr").nth(1).click()
    leave(page)
    page.page.get_by_role("button", name="Share", exact=True).click()
    state = assert_the_link_restores_it(page, tab())
    assert state["trajectory"]["frame"] > 0
    assert state["molecule"]["positions"] == answer["positions"][state["trajectory"]["frame"]]


@pytest.mark.parametrize("already", [False, True], ids=["at once", "while it is looked into"])
def test_a_link_waits_for_the_frame_whatever_else_the_reader_does(tab, tmp_path, already):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.page.route("**/frames/5", hold)
    dial(page).fill("6")
    if already:
        page.until(lambda now: len(held) == 1)
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.table.locator("tbody tr").nth(1).hover()
    page.page.wait_for_timeout(1000)
    assert len(held) == 1, "asked once"
    held[0].continue_()
    assert assert_the_link_restores_it(page, tab())["trajectory"]["frame"] == 5


def test_an_edited_frame_goes_back_to_its_trajectory(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames(4))
    dial(page).fill("3")
    page.until(lambda now: now["trajectory"]["rest"] == 2 and now["busy"] is None)
    before, address = page.state(), page.page.url
    page.page.get_by_role("button", name="Move atoms").click()
    page.table.locator("tbody tr").nth(1).click()
    page.panes()[0].focus()
    page.page.keyboard.press("Alt+ArrowRight")
    moved = page.until(lambda now: now["moving"] is None and now["molecule"]["id"] != before["molecule"]["id"])
    assert moved["trajectory"] is None
    page.page.get_by_role("button", name="Undo", exact=True).first.click()
    after = page.until(lambda now: now["trajectory"] is not None)
    for key in ("trajectory", "molecule", "predictions", "choice"):
        assert after[key] == before[key], key
    assert page.page.url == address
    dial(page).fill("4")
    page.until(lambda now: now["trajectory"]["rest"] == 3 and now["busy"] is None)


def test_an_address_names_the_frame_and_what_it_is_compared_with(tab, tmp_path):
    page = tab().open("/?q=water")
    answer = opened(page, tmp_path, frames(4))["trajectory"]["answer"]
    dial(page).fill("3")
    page.until(lambda now: now["trajectory"]["rest"] == 2 and now["busy"] is None)
    assert page.page.url.endswith(f"/?trajectory={answer['id']}&frame=3")
    page.page.get_by_role("button", name="Compare with").click()
    page.page.get_by_role("combobox", name="Second molecule").fill("ethanol")
    page.page.get_by_role("button", name="Compare", exact=True).click()
    ours = page.until(lambda now: now["comparison"] is not None)
    other = tab().open(page.page.url.removeprefix(page.base))
    theirs = other.until(lambda now: now["comparison"] is not None)
    assert theirs["trajectory"]["rest"] == 2
    for key in ("molecule", "comparison"):
        assert theirs[key] == ours[key], key
    assert other.page.url == page.page.url


def test_a_file_saved_while_it_is_played_holds_the_frame_that_was_seen(tab, tmp_path):
    page = tab().open("/?q=water")
    answer = opened(page, tmp_path, frames())["trajectory"]["answer"]
    page.page.get_by_role("button", name="Export", exact=True).click()
    page.page.keyboard.press("Escape")
    while_it_is_played(page)
    page.page.get_by_role("button", name="Export", exact=True).click()
    with page.page.expect_download() as saved:
        page.page.get_by_role("button", name="extXYZ", exact=True).click()
    atoms = ase.io.read(saved.value.path(), format="extxyz")
    state = page.state()
    assert state["trajectory"]["frame"] > 0
    assert saved.value.suggested_filename.endswith(f"_frame{state['trajectory']['frame'] + 1}.extxyz")
    assert atoms.positions == pytest.approx(np.array(answer["positions"][state["trajectory"]["frame"]]), abs=1e-5)


def test_frames_of_other_molecules_are_led_to_the_table(tab, tmp_path):
    page = tab(refusals=True).open("/?q=water")
    (tmp_path / "mixed.xyz").write_text(frames(1) + "3\n\nO 0 0 0\nH 0.76 0.59 0\nH -0.76 0.59 0\n")
    page.page.locator("input[type=file]").first.set_input_files(tmp_path / "mixed.xyz")
    page.until(lambda now: now["alert"] is not None)
    assert "Frame 2 has other atoms (H2O)" in page.alert.inner_text()
    page.alert.get_by_role("link", name="Open as many molecules").click()
    page.page.wait_for_url("**/batch*")
    page.page.wait_for_function("() => window.atomlens")
    page.page.evaluate("() => window.atomlens.ready")
    rows = page.until(lambda now: now["batch"] is not None)["batch"]["rows"]
    assert [row["formula"] for row in rows] == ["CH4O", "H2O"]


def record(name: str, *atoms: str) -> str:
    """Of an SDF: atoms, "x y z symbol" each, the first of which is bonded to all others."""
    lines = [name, "", ""]
    lines.append(f"{len(atoms):3d}{len(atoms) - 1:3d}  0  0  0  0  0  0  0  0999 V2000")
    for atom in atoms:
        *place, symbol = atom.split()
        lines.append("".join(f"{float(x):10.4f}" for x in place) + f" {symbol:<3} 0  0  0  0  0  0  0  0  0  0  0  0")
    lines += [f"  1{k:3d}  1  0" for k in range(2, len(atoms) + 1)]
    return "\n".join([*lines, "M  END", "$$$$", ""])


WATER_RECORD = record("water", "0 0 0 O", "0.76 0.59 0 H", "-0.76 0.59 0 H")
METHANE_RECORD = record(
    "methane", "0 0 0 C", "0.63 0.63 0.63 H", "-0.63 -0.63 0.63 H", "-0.63 0.63 -0.63 H", "0.63 -0.63 -0.63 H"
)


def table(page: Explorer) -> list[dict]:
    page.page.wait_for_url("**/batch*")
    page.page.wait_for_function("() => window.atomlens")
    page.page.evaluate("() => window.atomlens.ready")
    return page.until(lambda now: now["batch"] is not None and now["batching"] is None)["batch"]["rows"]


def test_an_sdf_of_different_molecules_is_a_table_as_a_csv_is(tab, tmp_path):
    page = tab(refusals=True).open("/?q=water")
    (tmp_path / "two.sdf").write_text(WATER_RECORD + METHANE_RECORD)
    page.page.locator("input[type=file]").first.set_input_files(tmp_path / "two.sdf")
    assert [row["formula"] for row in table(page)] == ["H2O", "CH4"]


@pytest.mark.parametrize("place", [0, 1])
def test_an_sdf_with_a_record_that_cannot_be_explained_is_a_table_that_says_so(tab, tmp_path, place):
    page = tab(refusals=True).open("/?q=water")
    records = [WATER_RECORD, METHANE_RECORD]
    records.insert(place, record("broken", "0 0 0 Xx", "0 0 1 H"))
    (tmp_path / "three.sdf").write_text("".join(records))
    page.page.locator("input[type=file]").first.set_input_files(tmp_path / "three.sdf")
    rows = table(page)
    assert [row["formula"] for row in rows if not row["error"]] == ["H2O", "CH4"]
    assert "Xx" in rows[place]["error"]["message"]


def test_it_breaks_no_rule_of_axe_and_fits_a_phone(tab, tmp_path):
    page = tab(viewport={"width": 390, "height": 844}).open("/?q=water")
    opened(page, tmp_path, frames(4))
    assert violations(page) == []
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390
