"""The worker process: receives tasks over a pipe, one at a time, and sends back what became of them.

Messages to the worker: ``("task", number, function, arguments)``, ``("cancel", number)``, ``("stop",)``. From
it: ``("ready",)``, ``("progress", number, value)``, ``("done", number, result)``, ``("error", number, error)``.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from atomlens.errors import AtomlensError, Defect
from atomlens.service.context import Control, WorkerContext


def main(pipe: Connection, lane: str, models_dir: Path, threads: int, warm: Callable[..., None] | None) -> None:
    """Run until told to stop, or until the parent is gone."""
    # the parent decides when a worker ends; a Ctrl-C in the terminal reaches the whole group
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_threads(threads)
    context = WorkerContext(models_dir, threads)
    if warm is not None:
        warm(context, lane)
    pipe.send(("ready",))
    while True:
        try:
            message = pipe.recv()
        except (EOFError, OSError):
            return
        if message[0] == "stop":
            return
        if message[0] == "task":
            _, number, task, arguments = message
            pipe.send(_outcome(pipe, context, number, task, arguments))


def limit_threads(threads: int) -> None:
    """Set the threads of every compiled library, before any of them is imported."""
    for name in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
        os.environ[f"{name}_NUM_THREADS"] = str(threads)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)


def _outcome(
    pipe: Connection, context: WorkerContext, number: int, task: Callable[..., Any], arguments: dict[str, Any]
) -> tuple[str, int, Any]:
    cancelled = False

    def is_cancelled() -> bool:
        nonlocal cancelled
        # while a task runs, the parent sends nothing but its cancellation
        while not cancelled and pipe.poll(0):
            message = pipe.recv()
            cancelled = message[0] == "cancel" and message[1] == number
        return cancelled

    control = Control(lambda value: pipe.send(("progress", number, float(value))), is_cancelled)
    try:
        return "done", number, task(context, control, **arguments)
    except AtomlensError as error:
        return "error", number, error
    except Exception as error:
        # a defect, not a wrong input: the log keeps where, the caller learns that it failed
        traceback.print_exc()
        text = f"The computation failed: {type(error).__name__}: {error}"
        return "error", number, Defect(text)
