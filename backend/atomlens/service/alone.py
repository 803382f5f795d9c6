"""One call in a process of its own, which Ctrl+C ends at once.

RDKit's compiled code catches the signal for itself and goes on, and a hang in it cannot be ended from inside.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from atomlens.errors import AtomlensError
from atomlens.service.executor import crashed

_P = ParamSpec("_P")
_T = TypeVar("_T")


def run_alone(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """The result of a module-level function whose arguments and result can be pickled, or its `AtomlensError`.

    Raises `ComputationFailed` where the process dies. To be called from the main thread, which handles signals.
    """
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_answer, args=(sender, function, args, kwargs), daemon=True)
    # the first start of all starts Python's resource tracker too, which would let the signal in again
    resource_tracker.ensure_running()
    interrupted = False

    def later(*_: object) -> None:
        nonlocal interrupted
        interrupted = True

    # The process inherits the mask: Ctrl+C goes to the whole group, and this one ends the other. A thread of a compiled
    # library takes the signal all the same, and hands it on to this one: it must not break off what starts the other.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handler = signal.signal(signal.SIGINT, later)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    sender.close()
    try:
        if interrupted:
            raise KeyboardInterrupt
        failed, value = receiver.recv()
    except EOFError:
        raise crashed() from None
    finally:
        # what is still computed here is wanted by nobody
        process.kill()
        process.join()
        receiver.close()
    if failed:
        raise value
    result: _T = value
    return result


def _answer(sender: Connection, function: Callable[..., Any], args: Any, kwargs: Any) -> None:
    try:
        sender.send((False, function(*args, **kwargs)))
    except AtomlensError as error:
        sender.send((True, error))
