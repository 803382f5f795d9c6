"""The page as a reader uses it: found by roles and names, watched for whatever must not happen."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from pixels import decode
from playwright.sync_api import BrowserContext, Locator, Page

#: Seconds after which something that the page was to do counts as not done, on the slowest machine.
PATIENCE = 90
KCAL_PER_EV = 23.060547830619

STATE = """async () => {
  const { surfaces, fields, models, ...state } = await window.atomlens.state();
  const sizes = Object.entries(surfaces).map(([model, drawn]) =>
    [model, drawn.map(({ key, level, mesh }) => ({ key, level, triangles: mesh.indices.length / 3 }))]);
  const known = Object.entries(fields).map(([model, { field, refining }]) => [model, { field: field?.id, refining }]);
  return JSON.stringify({ ...state, surfaces: Object.fromEntries(sizes), fields: Object.fromEntries(known) });
}"""

#: Where every atom falls on the first picture, by the page's own camera.
POINTS = """async () => {
  const { project } = await import("/js/lib/camera.js");
  const { ballRadius } = await import("/js/lib/atoms.js");
  const { shownMolecule } = await import("/js/lib/live.js");
  const molecule = shownMolecule(await window.atomlens.state());
  const host = document.querySelector(".viewport .picture");
  const lift = Number(getComputedStyle(host).getPropertyValue("--lift")) || 0;
  const points = project(molecule.positions, await window.atomlens.camera(), host.clientWidth, host.clientHeight, lift);
  return points.map((p, i) => ({ ...p, radius: ballRadius(molecule.symbols[i]) * p.scale,
    ratio: host.querySelector("canvas").width / host.clientWidth }));
}"""


#: How the page calls its models, by their names.
NAMES = """async () => {
  const { shortName } = await import("/js/lib/quantities.js");
  const { models } = await window.atomlens.state();
  return Object.fromEntries(models.map((model) => [model.name, shortName(model)]));
}"""


class Explorer:
    """One tab with the page in it."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        #: What the page asked another machine for, threw or complained of; statuses of refused requests apart.
        self.complaints: list[str] = []
        self.refusals: list[str] = []
        page.on("request", self._on_request)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("console", self._on_console)

    def _on_request(self, request) -> None:
        if not request.url.startswith((f"{self.base}/", "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def _on_console(self, message) -> None:
        # a browser that has no graphics hardware reads every picture back from its software GL, and remarks on that
        if message.type not in ("error", "warning") or "GPU stall due to ReadPixels" in message.text:
            return
        refused = message.text.startswith("Failed to load resource")
        (self.refusals if refused else self.complaints).append(f"{message.type}: {message.text}")

    # -- what is on the page

    @property
    def molecule(self) -> Locator:
        return self.page.get_by_role("combobox", name="Molecule", exact=True)

    @property
    def quantity(self) -> Locator:
        return self.page.get_by_role("combobox", name="Quantity", exact=True)

    @property
    def isovalue(self) -> Locator:
        return self.page.get_by_role("slider", name="Isovalue", exact=True)

    @property
    def probe_element(self) -> Locator:
        return self.page.get_by_role("combobox", name="Probe element", exact=True)

    @property
    def link(self) -> Locator:
        return self.page.get_by_role("textbox", name="Link", exact=True)

    @property
    def table(self) -> Locator:
        return self.page.get_by_role("table", name="Atoms", exact=True)

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert")

    def rows(self) -> list[list[str]]:
        """The cells of the table of atoms."""
        rows = self.table.locator("tbody tr").all()
        return [row.locator("td").all_inner_texts() for row in rows]

    def columns(self) -> list[str]:
        """The heads of the table's columns, in one line each."""
        return [" ".join(head.split()) for head in self.table.locator("thead th").all_inner_texts()]

    # -- what the page knows and shows

    def state(self) -> dict[str, Any]:
        """The page's state; the meshes of surfaces by their sizes, and fields by whether they are there."""
        return json.loads(self.page.evaluate(STATE))

    @staticmethod
    def level(state: dict[str, Any]) -> float | None:
        """The level chosen for the surface, eV or e; None where there is none."""
        level = state["probe"]["levels"].get(f"{state['quantity']}:{state['probe']['element']}")
        return level and level["value"]

    def name(self, model: str) -> str:
        """How the page calls a model: by its family, and by its training set where there are several."""
        return self.page.evaluate(NAMES)[model]

    def camera(self) -> list[float]:
        return self.page.evaluate("() => window.atomlens.camera()")

    def picture(self, pane: int = 0) -> np.ndarray:
        """What a pane's canvas shows, without labels."""
        uri = self.page.evaluate("(pane) => window.atomlens.pngURI(pane)", pane)
        assert uri, f"there is no pane {pane}"
        return decode(uri)

    def points(self) -> list[dict[str, float]]:
        """Where the atoms fall on a picture, CSS pixels; `ratio`: the canvas's pixels per CSS pixel."""
        return self.page.evaluate(POINTS)

    def panes(self) -> list[Locator]:
        return self.page.get_by_role("region", name="3D view").get_by_role("application").all()

    # -- what a reader does

    def open(self, path: str = "/") -> "Explorer":
        self.page.goto(self.base + path)
        self.page.evaluate("() => window.atomlens.ready")
        return self

    def explain(self, text: str) -> None:
        """Type a molecule and wait for its explanation."""
        before = self.state()["molecule"]
        self.molecule.fill(text)
        self.molecule.press("Enter")
        self.until(
            lambda s: s["busy"] is None and s["molecule"] and (not before or s["molecule"]["id"] != before["id"])
        )

    def show(self, quantity: str) -> None:
        """Choose a quantity and wait until its surfaces, if it has any, are drawn on the fine grid."""
        self.quantity.select_option(quantity)
        self.settled()

    def settled(self) -> dict[str, Any]:
        """Wait until nothing is being computed or drawn any more."""

        def quiet(state) -> bool:
            fields = state["fields"].values()
            computed = all(field["field"] and not field["refining"] for field in fields)
            levels = [surface["level"] for drawn in state["surfaces"].values() for surface in drawn]
            # a surface that carries another field's values has none of its own
            risen = state["probe"]["mode"] == "isosurface"
            newest = all(level in ((None, self.level(state)) if risen else (None,)) for level in levels)
            raised = state["surfaces"].keys() == state["fields"].keys()
            return state["busy"] is None and computed and raised and newest

        state = self.until(quiet)
        self.still()
        return state

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The page's state, once it is so."""
        last: dict[str, Any] = {}

        def attempt() -> bool:
            last.update(self.state())
            return bool(holds(last))

        wait(attempt, lambda: f"state: busy={last.get('busy')!r} alert={last.get('alert')!r}")
        return last

    def still(self) -> None:
        """Wait until the camera stands still and is drawn."""
        seen: list[list[float]] = []

        def attempt() -> bool:
            seen.append(self.camera())
            return len(seen) > 2 and seen[-1] == seen[-3]

        wait(attempt, lambda: "the camera goes on moving")


def wait(holds: Callable[[], bool], describe: Callable[[], str] = lambda: "") -> None:
    """Until it is so; the test fails when it never is."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"waited {PATIENCE} s in vain; {describe()}")
        time.sleep(0.05)


@contextmanager
def exploring(context: BrowserContext, base: str, *, refusals: bool = False) -> Iterator[Explorer]:
    """A tab that must ask no other machine and throw or complain of nothing; `refusals`: requests may fail in it."""
    context.set_default_timeout(1000 * PATIENCE)
    explorer = Explorer(context.new_page(), base)
    yield explorer
    assert explorer.complaints == [], explorer.complaints
    if not refusals:
        assert explorer.refusals == [], explorer.refusals
