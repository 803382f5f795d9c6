"""The pictures of the README: starts the server, opens the page, writes screenshot*.png beside this file.

    python docs/screenshot.py

Needs what the browser tests need: the installed package with its development tools, and Chromium.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
import chromium  # noqa: E402  the browser of the tests

SIZE = {"width": 1440, "height": 900}
LARGEST = 400_000
PATIENCE = 180
#: Nothing is computed any more, and every field has its surface.
QUIET = """async () => {
  const { busy, molecule, fields, surfaces } = await window.atomlens.state();
  const refined = Object.values(fields).every(({ field, refining }) => field && !refining);
  return Boolean(molecule) && busy === null && refined && Object.keys(fields).every((model) => model in surfaces);
}"""


#: The element vectors are there.
VECTORS = "async () => (await window.atomlens.state()).vectors !== null"


def main() -> None:
    """Write the three pictures."""
    executable = chromium.find()
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.ARGUMENTS)
        page = browser.new_context(viewport=SIZE, reduced_motion="reduce", locale="en-GB").new_page()
        page.goto(f"{address}/?q=acetamide")
        write(page, "screenshot.png")
        page.get_by_role("combobox", name="Quantity", exact=True).select_option("potential")
        page.get_by_role("combobox", name="Show", exact=True).select_option("envelope")
        write(page, "screenshot-potential.png")
        page.goto(f"{address}/embeddings?model=materials-elpasolites")
        write(page, "screenshot-elements.png", VECTORS)
        browser.close()


def write(page: Page, name: str, quiet: str = QUIET) -> None:
    """Save what the page shows once it is `quiet`; refuses a file that is too large."""
    page.evaluate("() => window.atomlens.ready")
    wait(lambda: bool(page.evaluate(quiet)), "the page goes on computing")
    page.mouse.move(1, 1)
    page.wait_for_timeout(1500)  # frames that are still being drawn
    path = Path(__file__).with_name(name)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(path, optimize=True)  # a palette would falsify the scale's colours
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path.name} has {path.stat().st_size:,} bytes; at most {LARGEST:,} may be kept.")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


@contextmanager
def serving() -> Iterator[str]:
    """Address of a server with the shipped models, ready, on a free port and with data of its own."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [str(Path(sys.executable).with_name("atomlens")), "serve", "--port", "0"]
        environment = {**os.environ, "ATOMLENS_DATA_DIR": folder}
        with (
            log.open("w") as output,
            subprocess.Popen(command, env=environment, stdout=output, stderr=output) as server,
        ):
            try:
                wait(lambda: server.poll() is not None or ready(address(log)), "the server does not start")
                if server.poll() is not None:
                    raise SystemExit(log.read_text())
                yield address(log)
            finally:
                server.terminate()


def address(log: Path) -> str:
    """Where the server says that it listens; empty before it does."""
    found = re.search(r"http://[\d.]+:\d+", log.read_text())
    return found[0] if found else ""


def ready(base: str) -> bool:
    """Whether the server has loaded its models."""
    if not base:
        return False
    try:
        with urllib.request.urlopen(f"{base}/readyz") as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False


def wait(holds: Callable[[], bool], complaint: str) -> None:
    """Until it is so; gives up after `PATIENCE` seconds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"Waited {PATIENCE} s in vain: {complaint}.")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
