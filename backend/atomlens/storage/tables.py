"""Tables of the database.

=========  ===============================  ==========================================================
table      key                              holds
=========  ===============================  ==========================================================
molecules  content hash of the molecule     its JSON form
results    content key of the computation   JSON of a prediction, field or embedding; large arrays are blobs
views      random identifier                a shared state with the numbers that it showed
=========  ===============================  ==========================================================
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def _now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """Metadata of all tables."""


class MoleculeRow(Base):
    """A molecule that somebody posted."""

    __tablename__ = "molecules"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)


class ResultRow(Base):
    """An answer, kept by what it answers."""

    __tablename__ = "results"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)


class ViewRow(Base):
    """A link."""

    __tablename__ = "views"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(32))
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    molecule: Mapped[dict[str, Any]] = mapped_column(JSON)
    predictions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    checkpoints: Mapped[dict[str, str]] = mapped_column(JSON)
    token_hash: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=_now)
