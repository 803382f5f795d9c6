"""How soon a shared link is there: a real browser, the real server, from navigation to numbers and to the picture.

    make .make/chromium && .venv/bin/python benchmarks/open_link.py [--runs N]

The server runs as `atomlens serve` does and has answered once for each link, so that all comes from what it keeps; the
browser has its own cache from a first visit. Three links: contributions, the potential on the envelope, an isosurface.
Counted from the start of navigation: "shared picture", that of the link, as its maker saw it; "numbers", the table of
atoms stands in the page; "drawn", all is drawn anew and turns, surfaces too. The browser draws in software on the same
cores. "main thread": how long the page itself has computed until then, whatever else the machine does meanwhile. Prints
medians and the slowest, milliseconds.
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
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

MOLECULE = "caffeine"
#: Whether the fine grids of a first visit are drawn.
SETTLED = """async () => {
  const { busy, fields, surfaces } = await window.atomlens.state();
  return busy === null && Object.entries(fields).every(([name, { field, refining }]) =>
    field && !refining && surfaces[name]?.length > 0 && surfaces[name].every(({ key }) => key.startsWith(field.id)));
}"""
CAMERA = [0, 0, 0, 120, 0, 0.26, 0, 0.97]
LINKS = {
    "contributions": {"quantity": "contributions"},
    "envelope": {"quantity": "potential", "probe": {"element": "C", "mode": "envelope"}},
    "isosurface": {"quantity": "potential", "probe": {"element": "C", "mode": "isosurface"}},
}

#: Milliseconds from the start of navigation until the link's picture is seen, until the table stands, and until all is
#: drawn.
WATCH = """async () => {
  const shown = (async () => {
    let poster;
    while (!(poster = document.querySelector('.poster[data-seen="true"]'))) {
      if (document.querySelector(".viewport canvas")) throw new Error("the link's picture was not shown");
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now();
  })();
  const until = async (holds) => {
    while (!(await holds())) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now();
  };
  const numbers = await until(() => document.querySelectorAll("table.atoms tbody tr").length > 0);
  await window.atomlens.ready;
  const picture = await until(async () => {
    const { busy, quantity, surfaces, fields } = await window.atomlens.state();
    const drawn = Object.values(surfaces);
    const whole = quantity === "contributions" || (drawn.length === 2 && drawn.every((found) => found.length > 0)
      && Object.values(fields).every(({ field }) => field));
    return whole && !document.querySelector(".poster") && document.querySelectorAll(".viewport canvas").length >= 2;
  });
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const drawn = Math.max(picture, performance.now());
  return [await shown, numbers, drawn];
}"""


def serve(folder: Path) -> tuple[subprocess.Popen, str]:
    environment = os.environ | {"ATOMLENS_DATA_DIR": str(folder / "data"), "ATOMLENS_RATE_LIMIT": ""}
    environment |= {"ATOMLENS_FRONTEND_DIR": str(ROOT / "frontend"), "ATOMLENS_MODELS_DIR": str(ROOT / "models")}
    log = (folder / "log").open("w+")
    command = [str(Path(sys.executable).with_name("atomlens")), "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    while process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", Path(log.name).read_text())
        if found and httpx.get(f"{found[0]}/readyz").status_code == 200:
            return process, found[0]
        time.sleep(0.2)
    sys.exit(Path(log.name).read_text())


def links(base: str) -> dict[str, str]:
    with httpx.Client(base_url=f"{base}/api/v1", timeout=120) as http:
        molecule = http.post("/molecules", json={"format": "name", "text": MOLECULE}).json()["id"]
        answer = http.post("/predictions", json={"molecule": molecule}).json()
        models = [choice["model"] for choice in answer["choice"]]
        states = {
            name: {"molecule": molecule, "models": models, "camera": CAMERA, **state} for name, state in LINKS.items()
        }
        return {name: http.post("/views", json={"state": state}).json()["url"] for name, state in states.items()}


def reshared(context: BrowserContext, address: str) -> str:
    """Path of the link that the page makes of an opened one: with the picture that it sends."""
    page = context.new_page()
    page.goto(address)
    page.evaluate("() => window.atomlens.ready")
    while not page.evaluate(SETTLED):
        page.wait_for_timeout(200)
    with page.expect_response(lambda answer: answer.url.endswith("/picture")) as kept:
        page.get_by_role("button", name="Share", exact=True).click()
    assert kept.value.status == 204, kept.value.status
    link = page.get_by_role("textbox", name="Link", exact=True).input_value()
    page.close()
    return urlsplit(link).path


def opened(context: BrowserContext, address: str) -> tuple[float, float, float, float]:
    """The link's picture, numbers, all drawn, and how long the page's main thread has run for them; milliseconds."""
    page = context.new_page()
    inspector = context.new_cdp_session(page)
    inspector.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address, wait_until="commit")
    shown, numbers, drawn = page.evaluate(WATCH)
    metrics = {metric["name"]: metric["value"] for metric in inspector.send("Performance.getMetrics")["metrics"]}
    page.close()
    return shown, numbers, drawn, 1000 * metrics["TaskDuration"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    import chromium

    executable = chromium.find()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        process, base = serve(Path(name))
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=chromium.ARGUMENTS)
            context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            for link, url in links(base).items():
                address = base + reshared(context, base + url)
                opened(context, address)
                found = [opened(context, address) for _ in range(runs)]
                *times, busy = zip(*found, strict=True)
                told = (
                    f"{name} {statistics.median(ms):5.0f} ms (slowest {max(ms):5.0f})"
                    for name, ms in zip(("shared picture", "numbers", "drawn"), times, strict=True)
                )
                print(f"{link:14} {', '.join(told)}; main thread {statistics.median(busy):5.0f} ms", flush=True)
            browser.close()
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
