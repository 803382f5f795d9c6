"""What a task finds in its worker: the models, and the control by which it reports and learns that it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from atomlens.errors import Cancelled

if TYPE_CHECKING:
    from atomlens.networks.registry import ModelRegistry


@dataclass(frozen=True)
class Control:
    """progress: call with 0..1; cancelled: True once nobody wants the result any more."""

    progress: Callable[[float], None]
    cancelled: Callable[[], bool]

    def look(self) -> None:
        """Raise `Cancelled` once nobody wants the result any more."""
        if self.cancelled():
            raise Cancelled("The computation was cancelled.")


class WorkerContext:
    """One per worker; models are loaded once and kept."""

    def __init__(self, models_dir: Path, threads: int) -> None:
        self.models_dir = models_dir
        self.threads = threads

    @cached_property
    def registry(self) -> ModelRegistry:
        """The models of this worker."""
        from atomlens.networks.registry import ModelRegistry

        return ModelRegistry(self.models_dir)
