"""The browser of the tests: Chromium or Chrome, found on the machine or installed (`python tests/chromium.py`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
#: As on a machine without graphics hardware: a processor draws, so that pictures depend on no machine's graphics. The
#: page itself is put together by the browser's own code, WebGL alone by SwiftShader.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
HELP = (
    "The browser tests need Chromium or Chrome, and none was found. Install one (on Debian and Ubuntu, apt-get install "
    "chromium), or set CHROMIUM to the path of its executable."
)


class BrowserMissing(Exception):
    """No browser for the tests; the message says what to do."""


def find() -> str:
    """Path of the executable: CHROMIUM if set, else one on the PATH, else Playwright's own."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None:
            raise BrowserMissing(f"CHROMIUM is {chosen}, which is no executable file.")
        return path
    candidates = [*(shutil.which(name) for name in NAMES), *APPLICATIONS, _playwright()]
    for path in candidates:
        if path and os.access(path, os.X_OK):
            return path
    raise BrowserMissing(HELP)


def _playwright() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> None:
    """Install Debian's package where this user may, else Playwright's build; raises `BrowserMissing`."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        commands = [[apt, "update", "-qq"], [apt, "install", "-qq", "-y", "--no-install-recommends", "chromium"]]
    else:
        commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        try:
            subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        except subprocess.CalledProcessError as failed:
            raise BrowserMissing(f"{' '.join(command)} failed. {HELP}") from failed


def find_or_install() -> str:
    """Path of the executable, installed first where there is none and CHROMIUM names none."""
    try:
        return find()
    except BrowserMissing:
        if os.environ.get("CHROMIUM"):
            raise
    print("Installing Chromium for the browser tests")
    install()
    return find()


def main() -> int:
    """Print the browser's path; 1, and what to do, if there is none."""
    try:
        print(f"Browser of the tests: {find_or_install()}")
    except BrowserMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
