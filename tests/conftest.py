"""What every test shares: the machine's folders and browser, and the rule that no test is skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import chromium as browser

ROOT = Path(__file__).resolve().parents[1]
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)

# Before anything imports numba or torch: kernels are compiled once and kept between runs, threads never exceed the
# cores, and no setting of the person who runs the tests reaches them.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".make" / "numba"))
os.environ.setdefault("NUMBA_NUM_THREADS", str(CORES))
os.environ.setdefault("OMP_NUM_THREADS", str(min(2, CORES)))
for name in [name for name in os.environ if name.startswith("ATOMLENS_") and name != "ATOMLENS_SHARED"]:
    del os.environ[name]

# A slow machine is no failure, and CI tries the same examples every time.
hypothesis.settings.register_profile(
    "atomlens",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("atomlens")

NEEDS_SHARED = "needs ../shared/data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the training data (qm9.npz, ...), which is not in the repository."""
    folder = Path(os.environ.get("ATOMLENS_SHARED", ROOT.parent / "shared")) / "data"
    if not (folder / "qm9.npz").is_file():
        pytest.skip(f"{NEEDS_SHARED}: there is none beside the repository; ATOMLENS_SHARED names its parent elsewhere")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser's executable."""
    try:
        return browser.find()
    except browser.BrowserMissing as missing:
        pytest.fail(str(missing), pytrace=False)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


class NoSilentSkips:
    """Fails a run in which a test was skipped, but for tests of data that only developers have.

    Where several processes share the run, they tell the first of the modules that they skipped as they collected.
    """

    def __init__(self) -> None:
        self.allowed: list[str] = []
        self.refused: list[str] = []
        self.collected: list[tuple[str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # an expected failure is reported as a skip too; xfail_strict keeps those honest
        if report.skipped and not hasattr(report, "wasxfail"):
            self._record(report.nodeid, _reason(report))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.collected.append((report.nodeid, _reason(report)))
            self._record(*self.collected[-1])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # one that crashed has no output; its tests have failed
        for nodeid, reason in getattr(node, "workeroutput", {}).get("collected", []):
            self._record(nodeid, reason)

    def _record(self, nodeid: str, reason: str) -> None:
        kind, line = (self.allowed if reason.startswith(NEEDS_SHARED) else self.refused), f"{nodeid}: {reason}"
        if line not in kind:  # every process collects every module
            kind.append(line)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["collected"] = self.collected
        if self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for title, lines, colour in (
            ("SKIPPED, WHICH FAILS THE RUN: mend the test or what it needs", self.refused, {"red": True}),
            ("NOT TESTED: the training data is not beside the repository", self.allowed, {"yellow": True}),
        ):
            if lines:
                terminalreporter.section(title, bold=True, **colour)
                for line in lines:
                    terminalreporter.line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running, beside which asyncio's runner cannot start."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_configure(config: pytest.Config) -> None:
    """Watch every run for skips."""
    config.pluginmanager.register(NoSilentSkips(), "no-silent-skips")
