"""Files that are made beside each other, each once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.progress import track


def make_missing(
    make: Callable[..., None], wanted: Iterable[tuple[Path, *tuple[Any, ...]]], workers: int, said: str
) -> None:
    """make(path, …) of every (path, …) whose file is not there, in so many processes; raises what one of them raises.

    make: defined at the top of a module, for other processes have to find it. said: beside the bar of progress.
    """
    missing = [each for each in wanted if not each[0].is_file()]
    # threads of tblite and PySCF, which read this when they are loaded, would fight with the other workers
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(make, *each) for each in missing]
        for future in track(as_completed(futures), said, total=len(futures)):
            future.result()
