"""How soon the page follows a moving hand: a real browser, the real server, one molecule of twenty atoms.

    make .make/chromium && .venv/bin/python benchmarks/live.py [--seconds N] [--write]

The server runs as `atomlens serve` does. The potential of both networks is shown, as isosurfaces and on the envelope,
and an atom moves. An update counts when its data are in the page, timed there from its request on. Two figures: the
data alone (over a connection of the page's own, the next request as soon as one is answered), and what a dragged atom
brings with everything that the page draws, which in this browser the same cores do in software. --write puts the table
into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

MOLECULE, ATOMS = "paracetamol", 20
PAGE = ROOT / "docs" / "performance.md"
OPEN, CLOSE = "<!-- live: benchmarks/live.py -->\n", "<!-- end of live -->"

#: Asks over a connection of the page's own, as fast as answers come; milliseconds of each.
ASK = """async ([seconds, request]) => {
  const socket = new WebSocket(`ws://${location.host}/api/v1/live`);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
  const start = request.positions.map((p) => [...p]);
  const times = [];
  const end = performance.now() + 1000 * seconds;
  for (let id = 0; performance.now() < end; id++) {
    request.positions[1] = [start[1][0] + 0.2 * Math.cos(id / 5), start[1][1] + 0.2 * Math.sin(id / 5), start[1][2]];
    const begun = performance.now();
    const answered = new Promise((resolve) => { socket.onmessage = ({ data }) => resolve(data); });
    socket.send(JSON.stringify({ id, ...request }));
    const data = await answered;
    if (typeof data === "string") throw new Error(data);
    times.push(performance.now() - begun);
  }
  socket.close();
  return times;
}"""

#: What the page has measured since it was last asked.
MEASURED = """() => {
  const found = performance.getEntriesByName("live").map(({ duration }) => duration);
  performance.clearMeasures("live");
  return found;
}"""


def request_of(page: Page) -> dict[str, Any]:
    """What the page would ask now, were its atoms moving."""
    return page.evaluate(
        """async () => {
          const { liveRequest } = await import("/js/lib/live.js");
          const state = await window.atomlens.state();
          return liveRequest({ ...state, moving: { molecule: state.molecule } }, false);
        }"""
    )


def settled(page: Page) -> None:
    """Wait until every fine field is there and drawn."""
    page.wait_for_function(
        """async () => {
          const { busy, fields, surfaces, models } = await window.atomlens.state();
          const known = Object.values(fields);
          return models.length > 0 && busy === null && known.length > 1 && known.every((f) => f.field && !f.refining)
            && Object.keys(surfaces).length === known.length;
        }""",
        timeout=300_000,
    )


#: Resolves once twenty pictures in a row came as fast as the screen takes them.
SMOOTH = """async () => {
  let last = await new Promise(requestAnimationFrame);
  for (let smooth = 0; smooth < 20;) {
    const now = await new Promise(requestAnimationFrame);
    smooth = now - last < 50 ? smooth + 1 : 0;
    last = now;
  }
}"""


def drawn(page: Page) -> None:
    """Wait until the pictures are drawn too: in software that takes seconds, on the cores that answer."""
    for _ in range(3):
        page.evaluate(SMOOTH)
        time.sleep(2.0)


def drag(page: Page, seconds: float) -> list[float]:
    """Drag an atom in circles; milliseconds of every update."""
    page.get_by_role("button", name="Move atoms", exact=True).click()
    x, y = page.evaluate(
        """async () => {
          const { project } = await import("/js/lib/camera.js");
          const { molecule } = await window.atomlens.state();
          const host = document.querySelector(".viewport .picture");
          const lift = Number(getComputedStyle(host).getPropertyValue("--lift")) || 0;
          const camera = await window.atomlens.camera();
          const point = project(molecule.positions, camera, host.clientWidth, host.clientHeight, lift)[1];
          const box = host.getBoundingClientRect();
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(MEASURED)
    end, turn = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        turn += 1
        page.mouse.move(x + 20 + 15 * (turn % 3), y + 12 * (turn % 5))
        time.sleep(0.03)
    measured = page.evaluate(MEASURED)
    page.mouse.up()
    return measured


def row(what: str, times: list[float], seconds: float) -> dict[str, Any]:
    """Updates a second, and how long one took."""
    ordered = sorted(times)
    found = {"what": what, "rate": len(times) / seconds, "median": statistics.median(ordered)}
    found["slow"] = ordered[int(0.95 * (len(ordered) - 1))]
    print(line(found), flush=True)
    return found


def line(found: dict[str, Any]) -> str:
    """A row of the table."""
    return f"| {found['what']} | {found['rate']:.1f} | {found['median']:.0f} | {found['slow']:.0f} |"


def measure(base: str, chromium: str, arguments: list[str], seconds: float) -> list[dict[str, Any]]:
    """All rows."""
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for mode in ("isosurface", "envelope"):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            address = f"/?q={MOLECULE}"
            page.goto(base + address)
            page.evaluate("() => window.atomlens.ready")
            page.get_by_role("combobox", name="Quantity", exact=True).select_option("potential")
            settled(page)
            if mode == "envelope":
                page.get_by_role("region", name="Probe").get_by_role("combobox", name="Show").select_option("envelope")
                settled(page)
            drawn(page)
            assert len(request_of(page)["positions"]) == ATOMS
            rows.append(row(f"{mode}, data alone", page.evaluate(ASK, [seconds, request_of(page)]), seconds))
            rows.append(row(f"{mode}, dragged and drawn", drag(page, seconds), seconds))
            context.close()
        browser.close()
    return rows


def main() -> None:
    """Measure, print, and write on demand."""
    parser = argparse.ArgumentParser(description="How soon the page follows a moving hand.")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    arguments = parser.parse_args()
    from atomlens.training.report import between
    from chromium import ARGUMENTS, find_or_install

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        environment = {**os.environ, "ATOMLENS_DATA_DIR": f"{folder}/data", "ATOMLENS_RATE_LIMIT": ""}
        command = [str(Path(sys.executable).with_name("atomlens")), "serve", "--port", "0"]
        with (
            log.open("w") as output,
            subprocess.Popen(command, env=environment, stdout=output, stderr=output) as server,
        ):
            try:
                base = ready(log)
                print("| | updates a second | median, ms | 95 % below, ms |\n|---|---|---|---|")
                rows = measure(base, find_or_install(), ARGUMENTS, arguments.seconds)
            finally:
                server.terminate()
    if arguments.write:
        PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), OPEN, CLOSE, section(rows)), encoding="utf-8")


def ready(log: Path) -> str:
    """Address of the server, once it answers."""
    for _ in range(3000):
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found and httpx.get(f"{found[0]}/readyz").status_code == 200:
            return found[0]
        time.sleep(0.1)
    raise SystemExit(f"The server did not become ready:\n{log.read_text()[-2000:]}")


def section(rows: list[dict[str, Any]]) -> str:
    """The part of the page."""
    return "\n".join(
        [
            "## Following a moving hand",
            "",
            f"{MOLECULE}, {ATOMS} atoms, {os.cpu_count()} cores, both networks: contributions and coarse surfaces of",
            "the potential, from the request in the page to the data in the page, by `benchmarks/live.py`; its browser",
            "draws in software on the same cores.",
            "",
            "| | updates a second | median, ms | 95 % below, ms |",
            "|---|---|---|---|",
            *map(line, rows),
            "",
        ]
    )


if __name__ == "__main__":
    main()
