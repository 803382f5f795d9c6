"""Explanations as files over HTTP, and what links say of themselves: receipts, pictures, tags for other programs."""

import csv
import io
from html.parser import HTMLParser
from xml.etree import ElementTree

import ase.io
import httpx
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import create_engine, text

from atomlens import __version__
from atomlens.api.preview import describe, preview_tags

SVG = {"svg": "http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def predicted(client, ethanol) -> dict:
    return client.post("/api/v1/predictions", json={"molecule": ethanol["id"]}).json()


def make_view(client, ethanol, **state) -> dict:
    made = client.post("/api/v1/views", json={"state": {"molecule": ethanol["id"], **state}})
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture(scope="module")
def view(client, ethanol) -> dict:
    return make_view(client, ethanol, models=None, unit="eV", quantity="contributions")


@pytest.fixture(scope="module")
def where(client, ethanol, view) -> list[str]:
    """The molecule and the link, of which files can be had."""
    return [f"/api/v1/molecules/{ethanol['id']}/explanation", f"/api/v1/views/{view['id']}/explanation"]


def test_json_is_the_answer_itself_and_says_its_name(client, where, predicted):
    answer = client.get(where[0], params={"format": "json"})
    assert answer.json() == predicted
    assert answer.headers["content-disposition"] == 'attachment; filename="ethanol_explanation.json"'
    assert client.get(where[1], params={"format": "json"}).json()["predictions"] == predicted["predictions"]


@pytest.mark.parametrize("k", [0, 1])
def test_a_table_and_extended_xyz_hold_the_same_numbers(client, where, predicted, k):
    table = list(csv.DictReader(io.StringIO(client.get(where[k], params={"format": "csv"}).text)))
    read = client.get(where[k], params={"format": "extxyz"})
    assert read.headers["content-type"].startswith("chemical/x-xyz")
    atoms = ase.io.read(io.StringIO(read.text), format="extxyz")
    np.testing.assert_array_equal(atoms.positions, predicted["molecule"]["positions"])
    for p in predicted["predictions"]:
        stem, kind = p["model"].replace("-", "_"), "contribution" if p["property"] == "energy" else "charge"
        np.testing.assert_array_equal(atoms.arrays[f"{stem}_{kind}"], p["contributions"])
        unit = p["contribution_unit"]
        assert [float(row[f"{p['model']}_{kind}_{unit}"]) for row in table] == p["contributions"]
        assert atoms.info[f"{stem}_total"] == p["total"]
        assert (f"{stem}_forces" in atoms.arrays) == (p["property"] == "energy")


def test_forces_are_the_slope_of_the_energy(client, ethanol, where):
    atoms = ase.io.read(io.StringIO(client.get(where[0], params={"format": "extxyz"}).text), format="extxyz")
    step, energies = 1e-3, []
    for sign in (1, -1):
        positions = np.array(ethanol["positions"])
        positions[2, 0] += sign * step
        moved = client.post(f"/api/v1/molecules/{ethanol['id']}/moved", json={"positions": positions.tolist()}).json()
        answer = client.post("/api/v1/predictions", json={"molecule": moved["id"], "models": ["qm9-schnet-energy"]})
        energies.append(answer.json()["predictions"][0]["total"])
    slope = -(energies[0] - energies[1]) / (2 * step)
    assert atoms.arrays["qm9_schnet_energy_forces"][2, 0] == pytest.approx(slope, abs=1e-4)


def test_a_drawing_is_svg_with_a_panel_for_each_model(client, where, predicted):
    answer = client.get(where[0], params={"format": "svg", "unit": "kJ/mol", "limit": 0.25})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    tree = ElementTree.fromstring(answer.content)
    assert [panel.get("id") for panel in tree.findall("svg:g[@class='panel']", SVG)] == [
        "qm9-bp-energy",
        "qm9-schnet-energy",
    ]
    values = [float(atom.get("data-value")) for atom in tree.findall(".//svg:g[@class='atom']", SVG)]
    assert values == [value for p in predicted["predictions"][:2] for value in p["contributions"]]
    one = client.get(where[0], params={"format": "svg", "model": "qm9-bp-dipole", "quantity": "charges"})
    assert len(ElementTree.fromstring(one.content).findall("svg:g[@class='panel']", SVG)) == 1
    stored = client.get(where[1], params={"format": "svg", "quantity": "atomization"})
    assert "free atoms" in stored.text


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 400, "invalid_request"),
        ({"format": "pdf"}, 400, "invalid_request"),
        ({"format": "svg", "unit": "cal"}, 400, "invalid_request"),
        ({"format": "svg", "limit": 0}, 400, "invalid_request"),
        ({"format": "svg", "model": "qm9-bp-energy", "quantity": "charges"}, 400, "no_values"),
        ({"format": "csv", "model": "nobody"}, 404, "unknown_model"),
    ],
)
def test_files_that_cannot_be_are_refused_with_a_reason(client, where, parameters, status, code):
    answer = client.get(where[0], params=parameters)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert client.get("/api/v1/molecules/none/explanation?format=csv").status_code == 404
    assert client.get("/api/v1/views/none/explanation?format=csv").status_code == 404


def test_a_receipt_says_with_what_a_link_was_made_and_how_to_cite_it(client, ethanol, view, predicted):
    receipt = client.get(f"/api/v1/views/{view['id']}/receipt").json()
    assert receipt["program"] == {"name": "atomlens", "version": __version__, "today": __version__}
    assert receipt["created"].endswith("+00:00")
    assert receipt["molecule"]["id"] == ethanol["id"]
    assert [one["total"] for one in receipt["models"]] == [p["total"] for p in predicted["predictions"]]
    for one, p in zip(receipt["models"], predicted["predictions"], strict=True):
        assert one["checkpoint"] == one["today"] == p["checkpoint"]
        assert one["card"]["cutoff"] == 5.0
    assert receipt["parameters"] == {"unit": "eV", "quantity": "contributions"}
    cited = " ".join(one["text"] for one in receipt["cite"])
    assert all(word in cited for word in ("atomlens", "SchNet", "wACSF", "Behler"))
    same = client.get("/api/v1/citations", params={"model": [p["model"] for p in predicted["predictions"]]}).json()
    assert same == {"version": __version__, "cite": receipt["cite"]}
    assert client.get("/api/v1/citations", params={"model": "nobody"}).status_code == 404


def test_a_link_computed_once_more_says_how_far_it_is_off(client, settings, ethanol):
    made = make_view(client, ethanol, models=["qm9-bp-energy", "qm9-schnet-dipole"])
    address = f"/api/v1/views/{made['id']}/recomputation"
    same = client.post(address).json()
    assert same["same"]
    assert {model["largest_difference"] for model in same["models"]} == {0.0}
    # as if another machine, or an earlier version, had made the link
    engine = create_engine(settings.database_url.replace("+aiosqlite", ""))
    with engine.begin() as database:
        stored = database.execute(text("select predictions from views where id = :id"), {"id": made["id"]}).scalar_one()
        changed = stored.replace('"qm9-bp-energy"', '"gone-bp-energy"', 1)
        database.execute(text("update views set predictions = :p where id = :id"), {"p": changed, "id": made["id"]})
    engine.dispose()
    other = client.post(address).json()
    assert not other["same"]
    assert [(one["today"], one["largest_difference"]) for one in other["models"][:1]] == [(None, None)]
    assert other["models"][1]["same"]
    receipt = client.get(f"/api/v1/views/{made['id']}/receipt").json()
    assert (receipt["models"][0]["today"], receipt["models"][0]["card"]) == (None, None)


def picture(color=(200, 30, 40), size=(120, 63)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def keep(client, made, data, token=None) -> httpx.Response:
    headers = {"X-Delete-Token": made["delete_token"] if token is None else token, "Content-Type": "image/png"}
    return client.put(f"/api/v1/views/{made['id']}/picture", content=data, headers=headers)


class Tags(HTMLParser):
    """Meta elements of a page by name or property, and whatever other elements there are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = {}
        self.elements: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.elements.append(tag)
        if tag == "meta" and (name := found.get("name") or found.get("property")):
            self.said.setdefault(name, []).append(found["content"])


def test_a_link_announces_itself_with_its_totals_and_its_picture(client, ethanol, predicted):
    made = make_view(client, ethanol, models=["qm9-bp-energy"], unit="Ha", quantity="contributions")
    bare = Tags(client.get(made["url"]).text).said
    assert "og:image" not in bare
    assert bare["twitter:card"] == ["summary"]
    assert client.get(f"{made['url']}.png").status_code == 404
    assert keep(client, made, picture()).status_code == 204
    page = client.get(made["url"])
    assert page.headers["content-type"].startswith("text/html")
    said = Tags(page.text).said
    assert all(len(values) == 1 for values in said.values())
    base = str(client.base_url).rstrip("/")
    assert said["og:image"] == [f"{base}{made['url']}.png"]
    assert said["og:url"] == [f"{base}{made['url']}"]
    total = predicted["predictions"][0]["total"] / 27.211386245988
    assert f"−{abs(total):.5f} Ha" in said["og:description"][0]
    assert "C2H6O" in said["og:description"][0]
    got = client.get(f"{made['url']}.png")
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in got.headers["cache-control"]
    with Image.open(io.BytesIO(got.content)) as read:
        assert read.size == (120, 63)
    assert client.get(f"{made['url']}.png", headers={"If-None-Match": got.headers["etag"]}).status_code == 304
    # the picture is asked for at once, where there is one
    asked = f'<link rel="preload" href="{made["url"]}.png" as="image"'
    assert asked in page.text
    assert asked in client.get(made["url"].replace("/v/", "/embed/")).text
    for address in (make_view(client, ethanol)["url"], "/v/nowhere", "/embed/nowhere", "/"):
        assert 'as="image"' not in client.get(address).text
    # an embedded view and a link that is not there have the plain page
    assert "og:image" not in client.get(made["url"].replace("/v/", "/embed/")).text
    assert "og:title" not in client.get("/v/nowhere").text


def test_a_link_writes_its_totals_as_the_page_does(client, ethanol, predicted):
    made = make_view(client, ethanol, models=["qm9-bp-energy"], unit="kcal/mol", quantity="contributions")
    total = predicted["predictions"][0]["total"] * 23.060547830619
    assert total < -1000
    said = describe(client.get(f"/api/v1/views/{made['id']}").json())[1]
    assert f"Total energy: qm9-bp-energy −{abs(total):,.2f}" in said


def test_a_link_to_a_field_names_its_probe_and_what_is_drawn(client, ethanol):
    view = client.get(f"/api/v1/views/{make_view(client, ethanol)['id']}").json()

    def said(**state):
        return describe({**view, "state": {**view["state"], **state}})[1]

    probe = {"element": "C", "mode": "isosurface", "levels": {"potential:C": -0.1, "probe_charge:C": 0.05}}
    field = said(quantity="potential", unit="kcal/mol", probe=probe)
    assert field.startswith(
        "Potential of a probe atom of ethanol (C2H6O), probe C, isosurface at −2.31 kcal/mol. Total energy: "
    )
    assert ", probe C, isosurface at 0.050 e. " in said(quantity="probe_charge", probe=probe)
    assert ", probe C, on the envelope of the molecule. " in said(
        quantity="potential", probe={**probe, "mode": "envelope"}
    )
    assert "probe C" not in said(quantity="contributions", probe=probe)
    for odd in (None, 7, {"element": ["C"]}, {"element": "C", "mode": {}}, {**probe, "levels": {"potential:C": "1"}}):
        assert said(quantity="potential", probe=odd).startswith("Potential of a probe atom of ethanol (C2H6O)")


def test_a_link_between_two_molecules_says_so_and_gives_no_totals_of_the_first(client, ethanol):
    view = client.get(f"/api/v1/views/{make_view(client, ethanol)['id']}").json()

    def said(alchemy):
        return describe({**view, "state": {**view["state"], "alchemy": alchemy}})

    changes = [{"atom": 2, "to": "N", "stage": 1}, {"atom": 2, "to": "S"}, {"atom": 3, "fade": "out"}]
    title, description = said({"changes": changes, "lambda": 0.5})
    assert title == "ethanol, 50 % of the way to C2H5N: contributions of the atoms · atomlens"
    assert description == "Contributions of the atoms of ethanol (C2H6O), 50 % of the way to C2H5N."
    for odd in (None, 7, {}, {"changes": changes, "lambda": 0}, {"changes": 7, "lambda": 1}, {"changes": changes}):
        assert "Total energy: " in said(odd)[1]
    for odd in (
        [None],
        [{"atom": "x"}],
        [{"atom": []}],
        [{"atom": 2, "to": 7, "stage": "a"}],
        [{"atom": 2, "to": "Xx"}],
    ):
        assert "of the way to C2H" in said({"changes": odd, "lambda": 1.0})[1]


def test_a_link_to_a_comparison_names_the_networks_that_know_both_molecules(client, ethanol):
    view = client.get(f"/api/v1/views/{make_view(client, ethanol)['id']}").json()
    energies = [p["model"] for p in view["predictions"] if p["property"] == "energy"]
    assert len(energies) > 1

    def said(compare):
        return describe({**view, "state": {**view["state"], "compare": compare}})[1]

    some = said({"molecule": "beef", "models": energies[:1], "alone": energies})
    assert energies[0] in some
    assert energies[1] not in some
    for odd in (None, {"molecule": "beef"}, {"models": 7}, {"models": []}):
        assert all(name in said(odd) for name in energies)


def test_a_link_to_a_crystal_says_what_energy_it_is(client, ethanol):
    view = client.get(f"/api/v1/views/{make_view(client, ethanol)['id']}").json()
    view["molecule"] |= {
        "cell": [[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 4.0]],
        "name": "O3SrTi",
        "formula": "O3SrTi",
    }
    title, text = describe(view)
    assert title == "O3SrTi: contributions of the atoms · atomlens"
    assert text.startswith("Contributions of the atoms of O3SrTi. Formation energy of the cell: ")


def test_a_picture_goes_with_its_link_and_needs_its_token(client, ethanol):
    made = make_view(client, ethanol)
    assert keep(client, made, picture(), token="wrong").status_code == 403
    assert client.put(f"/api/v1/views/{made['id']}/picture", content=picture()).status_code == 403
    assert keep(client, {**made, "id": "nowhere"}, picture()).status_code == 404
    for data in (b"<svg/>", picture()[:-4]):
        refused = keep(client, made, data)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_picture")
    assert keep(client, made, picture(size=(2_401, 2))).status_code == 413
    assert client.get(f"{made['url']}.png").status_code == 404
    keep(client, made, picture())
    keep(client, made, picture((0, 0, 255)))
    with Image.open(io.BytesIO(client.get(f"{made['url']}.png").content)) as read:
        assert read.getpixel((0, 0)) == (0, 0, 255)
    gone = client.delete(f"/api/v1/views/{made['id']}", headers={"X-Delete-Token": made["delete_token"]})
    assert gone.status_code == 204
    assert client.get(f"{made['url']}.png").status_code == 404


def test_text_of_anybody_is_only_text_in_the_page_of_a_link(client, ethanol):
    odd = '"><script>alert(1)</script>&'
    made = make_view(client, ethanol, unit=odd, quantity={odd: 1}, text=odd)
    page = client.get(made["url"]).text
    assert Tags(page).elements.count("script") == Tags(client.get("/").text).elements.count("script")
    assert "alert" not in page
    view = client.get(f"/api/v1/views/{made['id']}").json()
    view["molecule"]["name"] = odd
    view["predictions"][0]["model"] = odd
    tags = Tags(preview_tags(view, f"https://host/v/{odd}", f"https://host/{odd}.png"))
    assert set(tags.elements) == {"meta"}
    assert tags.said["og:title"] == [f"{odd}: contributions of the atoms · atomlens"]
    assert odd in tags.said["og:description"][0]
    assert tags.said["og:image"] == [f"https://host/{odd}.png"]


def test_a_link_of_two_molecules_announces_both(client, ethanol):
    other = client.post("/api/v1/molecules", json={"text": "dimethyl ether"}).json()
    made = make_view(client, ethanol, quantity="contributions", compare={"molecule": other["id"], "models": []})
    said = Tags(client.get(f"/v/{made['id']}").text).said
    assert said["og:title"] == ["ethanol and dimethyl ether: contributions of the atoms · atomlens"]
    assert said["og:description"] == ["Contributions of the atoms of ethanol and dimethyl ether, side by side."]


def test_a_link_beside_a_molecule_that_is_gone_is_the_page_that_says_so(client, ethanol):
    made = make_view(client, ethanol, compare={"molecule": "0" * 24})
    assert client.get(f"/v/{made['id']}").status_code == 404
