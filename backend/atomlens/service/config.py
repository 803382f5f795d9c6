"""Configuration of the service: limits, times and the shape of the pool. Plain, so that it crosses processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServiceConfig:
    """See docs/settings.md for the meaning of each; times in seconds."""

    models_dir: Path
    workers: int = 1
    threads: int = 1
    max_atoms: int = 300
    max_grid_points: int = 2_000_000
    read_timeout: float = 20.0
    compute_timeout: float = 120.0
    queue_timeout: float = 30.0
    max_queue: int = 64
    short_wait: float = 1.5
