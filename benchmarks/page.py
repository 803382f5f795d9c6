"""How fast the page is in a real browser with the real server, after warm-up.

    make .make/chromium && .venv/bin/python benchmarks/page.py [--rounds N] [--only opening switching turning] [--write]

Opening: from navigation in a browser that has nothing of the page yet to the first molecule on the screen with its
table and words (the browser's own element timing), and on to its pictures: the difference is what it takes to start
drawing, which without a graphics processor the same cores do (SwiftShader). Transfer: bytes on the wire, and what must
not be among them. Switching: from a key in a choice to the pictures on the screen that answer it (the browser's own
event timing, in steps of 8 ms); for comparison, words that open without any picture. Turning: a molecule of 300
atoms, a new view for every picture that the browser takes, and where that time goes by its profiler.
All of it twice: in a browser as it is on a machine without graphics hardware, where SwiftShader draws the 3D pictures
and the browser's own code all else, and in one that puts the whole window together through SwiftShader
(``--use-angle=swiftshader``), as many set up their tests. --write puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import collections
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

PAGE = ROOT / "docs" / "performance.md"
OPEN, CLOSE = "<!-- page: benchmarks/page.py -->\n", "<!-- end of page -->"
SIZE = {"width": 1440, "height": 900}
#: Polyglycine, 42 residues: 297 atoms.
LARGE = "NCC(=O)" * 42 + "O"
#: Bytes on the wire at first load.
LARGEST = 1_200_000
#: What not every reader needs is not loaded.
LAZY = ("openchemlib", "driver", "uqr", "text-de", "tour-", "help-")

#: Times of the first molecule, ms since navigation: on the screen, and with its pictures.
OPENED = """async () => {
  const words = new Promise((resolve) => new PerformanceObserver((list) => {
    const [entry] = list.getEntries().filter(({ identifier }) => identifier === "explanation");
    if (entry) resolve(entry.renderTime || entry.loadTime);
  }).observe({ type: "element", buffered: true }));
  const explained = await words;
  await window.atomlens.ready;
  await FINISHED();
  if (document.querySelectorAll("table.atoms tbody tr").length === 0) throw new Error("no molecule was explained");
  return { explained, pictured: performance.now() };
}"""

#: Resolves once a pixel of every picture was read, which waits for all that was drawn.
FINISHED = """window.FINISHED = async () => {
  await new Promise(requestAnimationFrame);
  const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  for (const canvas of document.querySelectorAll(".picture canvas")) {
    if (canvas.width > 0) pixel.drawImage(canvas, 0, 0, 1, 1);
    pixel.getImageData(0, 0, 1, 1);
  }
};"""

#: The whole window through SwiftShader.
THROUGH = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

#: Collects the browser's own event timing: ms from a key to the picture on the screen that answers it.
WATCHED = """() => {
  window.answered = [];
  new PerformanceObserver((list) => window.answered.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "event", durationThreshold: 16 });
}"""

#: The shortest that event timing reports, ms.
SHORTEST = 16

#: Turns the picture by a pixel or two for every frame; frames and ms.
TURNED = """async (seconds) => {
  const host = document.querySelector(".viewport .picture");
  const box = host.getBoundingClientRect();
  const send = (type, x, buttons) => host.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse",
    button: 0, buttons, clientX: box.left + x, clientY: box.top + 200, bubbles: true }));
  host.setPointerCapture = () => {}; // no real pointer is down
  send("pointerdown", 60, 1);
  await FINISHED();
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < 1000 * seconds) {
    send("pointermove", 60 + 2 * (frames % 100), 1);
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  await FINISHED();
  const ms = performance.now() - start;
  send("pointerup", 60, 0);
  return { frames, ms };
}"""

QUIET = """async () => {
  const { busy, molecule, fields, surfaces } = await window.atomlens.state();
  const refined = Object.values(fields).every(({ field, refining }) => field && !refining);
  return Boolean(molecule) && busy === null && refined && Object.keys(fields).every((model) => model in surfaces);
}"""

Row = tuple[str, str, str]


def tab(browser: Browser) -> Page:
    """A page in a browser profile of its own, with nothing kept."""
    context = browser.new_context(viewport=SIZE, locale="en-GB")
    context.set_default_timeout(300_000)
    context.add_init_script(FINISHED)
    return context.new_page()


def opening(browser: Browser, base: str, rounds: int) -> Iterable[Row]:
    """Time to the first molecule, to its pictures, and what was transferred."""
    times: list[dict[str, float]] = []
    for number in range(rounds + 1):
        page = tab(browser)
        if number == 0:  # this one warms up; to watch what it transfers takes time
            transferred = received(page.context.new_cdp_session(page))
        page.goto(base, wait_until="commit")
        found = page.evaluate(OPENED)
        page.wait_for_timeout(300)
        if number > 0:
            times.append(found)
        page.context.close()
    lazy = [url for url in transferred["urls"] if any(name in url for name in LAZY)]
    if lazy:
        raise SystemExit(f"Loaded without need: {lazy}")
    explained = [each["explained"] for each in times]
    drawing = [each["pictured"] - each["explained"] for each in times]
    yield "first molecule explained", middle(explained, "ms"), "1,500 ms"
    yield "then: to start drawing, and the first pictures", middle(drawing, "ms"), ""
    kilobytes = transferred["bytes"] / 1000
    yield f"transferred, {len(transferred['urls'])} files", f"{kilobytes:,.0f} kB", f"{LARGEST / 1000:,.0f} kB"


def received(session: CDPSession) -> dict[str, Any]:
    """What goes over the wire from now on."""
    found: dict[str, Any] = {"bytes": 0, "urls": []}

    def on_finished(event: dict[str, Any]) -> None:
        found["bytes"] += event["encodedDataLength"]

    session.send("Network.enable")
    session.on("Network.loadingFinished", on_finished)
    session.on("Network.responseReceived", lambda event: found["urls"].append(event["response"]["url"]))
    return found


def switching(browser: Browser, base: str, rounds: int) -> Iterable[Row]:
    """Time from a key in a choice to the pictures on the screen."""
    page = tab(browser)
    page.goto(base)
    page.evaluate("() => window.atomlens.ready")
    page.evaluate(WATCHED)
    quiet(page)
    yield "words opened, for comparison", middle(opened(page, rounds), "ms"), ""
    yield "contributions, charges", middle(pressed(page, "Quantity", "ArrowDown", "ArrowUp", rounds), "ms"), "100 ms"
    yield "contributions, elements", middle(pressed(page, "Quantity", "End", "Home", rounds), "ms"), "100 ms"
    yield "unit", middle(pressed(page, "Energies in", "ArrowDown", "ArrowUp", rounds), "ms"), "100 ms"
    yield (
        "both networks, one of them",
        middle(pressed(page, "Networks", "ArrowDown", "ArrowUp", rounds), "ms"),
        "100 ms",
    )
    page.get_by_role("combobox", name="Quantity", exact=True).press("End")
    yield "elements, pairs", middle(pressed(page, "Quantity", "ArrowUp", "ArrowDown", rounds), "ms"), "100 ms"
    page.context.close()


def opened(page: Page, rounds: int) -> list[float]:
    """Milliseconds to open and close some words that concern no picture."""
    words = page.get_by_text("Describe in words", exact=True)
    times = []
    for _ in range(2 * rounds):
        page.evaluate("() => { window.answered = []; }")
        words.press("Enter")
        times.append(answered(page))
    return times


def pressed(page: Page, label: str, there: str, back: str, rounds: int) -> list[float]:
    """Milliseconds of every choice but those of the first round, which warms up."""
    box = page.get_by_role("combobox", name=label, exact=True)
    times = []
    for number in range(rounds + 1):
        for key in (there, back):
            page.evaluate("() => { window.answered = []; }")
            before = box.input_value()
            box.press(key)
            took = answered(page)
            if box.input_value() == before:
                raise SystemExit(f"{key} did not change {label}")
            if number > 0:
                times.append(took)
    return times


def answered(page: Page) -> float:
    """Milliseconds of the key that was pressed last; what is watched is hardly disturbed by questions."""
    for _ in range(25):
        page.wait_for_timeout(400)
        times = page.evaluate("() => window.answered")
        if times:
            page.wait_for_timeout(600)
            return float(max(page.evaluate("() => window.answered")))
    return SHORTEST


def turning(browser: Browser, base: str, seconds: float) -> Iterable[Row]:
    """Pictures a second of a large molecule, and what limits them."""
    page = tab(browser)
    page.goto(f"{base}/?q={LARGE}")
    page.evaluate("() => window.atomlens.ready")
    quiet(page)
    atoms = page.evaluate("async () => (await window.atomlens.state()).molecule.symbols.length")
    for what, label, value in (
        ("two pictures", "Networks", "both"),
        ("one picture", "Networks", "first"),
        ("one picture, no labels", "Labels", "none"),
    ):
        page.get_by_role("combobox", name=label, exact=True).select_option(value)
        quiet(page)
        page.evaluate(TURNED, 1.0)
        session = page.context.new_cdp_session(page)
        session.send("Profiler.enable")
        session.send("Profiler.start")
        found = page.evaluate(TURNED, seconds)
        shares = where(session.send("Profiler.stop")["profile"])
        session.detach()
        rate = 1000 * found["frames"] / found["ms"]
        yield f"{atoms} atoms turned, {what}", f"{rate:.1f} a second; {shares}", "30 a second"
    page.context.close()


def where(profile: dict[str, Any]) -> str:
    """Where the main thread's time went."""
    nodes = {node["id"]: node["callFrame"] for node in profile["nodes"]}
    spent: collections.Counter[str] = collections.Counter()
    for identifier, took in zip(profile["samples"], profile["timeDeltas"], strict=True):
        frame = nodes[identifier]
        name, url = frame["functionName"], frame["url"]
        if name == "(idle)":
            place = "waiting for the drawing process"
        elif "/bundle/viewer-" in url:  # that file has the page's viewer too
            place = "3Dmol.js"
        else:
            place = "the page's own code" if "/bundle/" in url else "the browser"
        spent[place] += took
    total = sum(spent.values())
    return ", ".join(f"{name} {100 * took / total:.0f} %" for name, took in spent.most_common())


def quiet(page: Page) -> None:
    """Wait until nothing is computed any more and all is drawn."""
    page.wait_for_function(QUIET)
    page.evaluate("() => FINISHED()")
    page.wait_for_timeout(500)


def middle(values: list[float], unit: str) -> str:
    """Median, and the range."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):,.0f} {unit} ({low:,.0f}–{high:,.0f})"


def line(cells: Iterable[str]) -> str:
    """A row of the table."""
    return f"| {' | '.join(cells)} |"


def section(lines: list[str]) -> str:
    """The part of the page."""
    load = os.getloadavg()[2]
    return "\n".join(
        [
            "## The page",
            "",
            f"Chromium without graphics hardware and the server on the same {os.cpu_count()} cores,",
            f"{SIZE['width']}×{SIZE['height']}, {load:.0f} processes running on average; medians and ranges;",
            "`benchmarks/page.py` says what is measured.",
            "",
            *lines,
            "",
        ]
    )


def main() -> None:
    """Measure, print, and write on demand."""
    parser = argparse.ArgumentParser(description="How fast the page is.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0, help="of turning")
    parser.add_argument("--only", nargs="+", choices=("opening", "switching", "turning"), help="parts to measure")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    arguments = parser.parse_args()
    from browsing import serving

    import chromium
    from atomlens.training.report import between

    parts = arguments.only or ["opening", "switching", "turning"]
    found: list[list[Row]] = []
    executable = chromium.find()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), ROOT / "models") as base,
        sync_playwright() as playwright,
    ):
        for flags in (chromium.ARGUMENTS, THROUGH):
            browser = playwright.chromium.launch(executable_path=executable, args=flags)
            rows: list[Row] = []
            for part, times in (
                (opening, arguments.rounds),
                (switching, arguments.rounds),
                (turning, arguments.seconds),
            ):
                for row in part(browser, base, times) if part.__name__ in parts else ():
                    rows.append(row)
                    print(*row, sep="; ", flush=True)
            found.append(rows)
            browser.close()
    lines = [line(("", "measured", "the window through SwiftShader", "wanted")), "|---|---|---|---|"]
    lines += [line((what, took, through, wanted)) for (what, took, wanted), (_, through, _) in zip(*found, strict=True)]
    print("\n".join(lines))
    if arguments.write:
        PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), OPEN, CLOSE, section(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
