"""Settings: what can be changed without touching the program, from the environment (prefix ``ATOMLENS_``).

docs/settings.md describes each; a test holds the two together.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from atomlens.service.config import ServiceConfig

_PACKAGE = Path(__file__).resolve().parent


def available_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "atomlens"


def _shipped(packaged: str, in_repository: str) -> Path:
    """The folder inside the installed package, or the repository's own in a development checkout."""
    inside = _PACKAGE / packaged
    return inside if inside.is_dir() else _PACKAGE.parents[1] / in_repository


class Settings(BaseSettings):
    """All settings of the server; each is read from ``ATOMLENS_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="ATOMLENS_", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=_default_data_dir)
    database_url: str = ""
    models_dir: Path = Field(default_factory=lambda: _shipped("_models", "models"))
    frontend_dir: Path = Field(default_factory=lambda: _shipped("_frontend", "frontend"))
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    workers: int = Field(0, ge=0)
    threads: int = Field(0, ge=0)
    max_atoms: int = Field(300, ge=1)
    max_bytes: int = Field(2_000_000, ge=1_000)
    max_grid_points: int = Field(2_000_000, ge=1)
    read_timeout: float = Field(20.0, gt=0)
    compute_timeout: float = Field(120.0, gt=0)
    queue_timeout: float = Field(30.0, gt=0)
    max_queue: int = Field(64, ge=1)
    short_wait: float = Field(1.5, ge=0)
    rate_limit: str = "600/minute"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("rate_limit")
    @classmethod
    def _readable_limit(cls, value: str) -> str:
        if value:
            from limits import parse_many

            try:
                parse_many(value)
            except ValueError as error:
                raise ValueError(f"{value!r} is no rate; write it as 600/minute or 10/second;2000/hour") from error
        return value

    @model_validator(mode="after")
    def _share_the_cores(self) -> Self:
        cores = available_cores()
        # two workers let a prediction pass a field that is still being computed
        workers = self.workers or min(2, max(1, cores // (self.threads or 1)))
        threads = self.threads or max(1, cores // workers)
        if workers * threads > cores and (workers, threads) != (1, 1):
            raise ValueError(
                f"{workers} workers of {threads} threads need {workers * threads} cores, and there are {cores}: "
                "parallel kernels that share cores are many times slower"
            )
        # frozen for callers; this is still construction
        object.__setattr__(self, "workers", workers)
        object.__setattr__(self, "threads", threads)
        if not self.database_url:
            path = (self.data_dir / "atomlens.sqlite3").absolute()
            object.__setattr__(self, "database_url", f"sqlite+aiosqlite:///{path}")
        return self

    def service_config(self) -> ServiceConfig:
        """The part that the service needs."""
        return ServiceConfig(
            models_dir=self.models_dir,
            workers=self.workers,
            threads=self.threads,
            max_atoms=self.max_atoms,
            max_grid_points=self.max_grid_points,
            read_timeout=self.read_timeout,
            compute_timeout=self.compute_timeout,
            queue_timeout=self.queue_timeout,
            max_queue=self.max_queue,
            short_wait=self.short_wait,
        )
