"""The page of one explanation as a single file: it opens without a server, and asks for nothing.

The page's own modules travel inside, from js/offline.js on, as data addresses under an import map (HTML
standard, "Import maps"); its style sheets as one; what it shows as JSON. Its policy forbids every request.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

from atomlens import __version__
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import NotFound
from atomlens.networks.card import Card
from atomlens.networks.citation import citations
from atomlens.networks.protocol import AtomicModel
from atomlens.service.models import describe

#: The module that begins, in the page's folder.
ENTRY: Final = "js/offline.js"
#: Scripts stand in the file itself; nothing may be fetched, whatever they try.
POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'"
)
#: What stands in for the data where the page puts in its own.
EMPTY: Final = '<script type="application/json" id="explanation">null</script>'

#: Atomic number of the probe whose field is drawn on the envelope, where a model knows it.
PROBE: Final = 6

_IMPORT = re.compile(r"""^((?:import|export)\b[^;'"]*?\bfrom\s*|import\s*)(["'])(\.{1,2}/[^"']+)\2""", re.MULTILINE)
_SHEET = re.compile(r'<link rel="stylesheet" href="/([^"]+)">')


def offline_page(frontend: Path, explanation: Mapping[str, Any] | None = None, title: str = "atomlens") -> str:
    """HTML. explanation: what it shows (frontend/js/lib/offline.js), or None for a page to put it in.

    Raises `NotFound` where the page is not installed.
    """
    modules = _modules(frontend)
    addresses = {path: f"data:text/javascript;base64,{_base64(code.encode())}" for path, code in modules.items()}
    index = _read(frontend, "index.html")
    styles = "\n".join(_read(frontend, path) for path in _SHEET.findall(index))
    shell = f"""<!doctype html>
<html lang="en" data-theme="light" data-page="offline">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="{POLICY}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="generator" content="atomlens {__version__}">
  <title>{escape(title)}</title>
  <style>
{styles}
  </style>
  <script type="importmap">{{"imports": {_json(addresses)}}}</script>
</head>
<body>
  <div id="page"></div>
  <noscript><p class="noscript">This file draws a molecule in your browser and needs JavaScript for it.</p></noscript>
  {EMPTY}
  <script type="module">import "{ENTRY}";</script>
</body>
</html>
"""
    return shell if explanation is None else shell.replace(EMPTY, EMPTY.replace("null", _json(explanation)))


def offline_explanation(
    molecule: Molecule, predictions: Sequence[Mapping[str, Any]], models: Sequence[AtomicModel], cards: Sequence[Card]
) -> dict[str, Any]:
    """What the page of a file shows of predictions (JSON form): with pairs, and the fields of a probe on the
    envelope.

    models, cards: those of the predictions, in their order. A crystal has neither.
    """
    surfaces: dict[str, Any] = {}
    pairs: dict[str, Any] = {}
    if molecule.cell is None:
        from atomlens.explain.envelope import envelope
        from atomlens.explain.field import field_quantity
        from atomlens.explain.pairs import sensitivities
        from atomlens.explain.surface import envelope_values

        bare = envelope(molecule)
        pairs = {m.name: sensitivities(m, molecule).to_dict() for m in models if m.quantity == "energy"}
        for model in models:
            probe = PROBE if PROBE in model.elements else model.elements[0]
            quantity = field_quantity(model.quantity)
            mesh = envelope_values(model, molecule, quantity, probe, bare)
            named = {"potential": "potential", "charge": "probe_charge"}[quantity]
            kept = surfaces.setdefault(
                named, {"mode": "envelope", "element": SYMBOLS[probe], "level": None, "drawn": {}}
            )
            kept["drawn"][model.name] = [{"level": None, "mesh": _base64(mesh.to_bytes()), "sheet": None}]
    return {
        **made_now(),
        "molecule": molecule.to_dict(),
        "predictions": list(predictions),
        "models": [describe(card) for card in cards],
        "state": {},
        "surfaces": surfaces,
        "missing": [],
        "pairs": pairs,
        "cite": [citation.to_dict() for citation in citations(cards)],
    }


def made_now() -> dict[str, str]:
    """By which version, and when."""
    return {"version": __version__, "created": datetime.now(UTC).isoformat(timespec="seconds")}


def _modules(frontend: Path) -> dict[str, str]:
    """Every module that the entry needs, by its path, with its imports named by their paths."""
    found: dict[str, str] = {}
    wanted = [ENTRY]
    while wanted:
        path = wanted.pop()
        if path in found:
            continue
        folder = posixpath.dirname(path)

        def named(match: re.Match[str], folder: str = folder) -> str:
            inside = posixpath.normpath(posixpath.join(folder, match[3]))
            wanted.append(inside)
            return f'{match[1]}"{inside}"'

        found[path] = _IMPORT.sub(named, _read(frontend, path))
    return found


def _read(frontend: Path, path: str) -> str:
    try:
        return (frontend / path).read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound(
            f"The page is not whole: {path} cannot be read.",
            hint="Set ATOMLENS_FRONTEND_DIR, or build the frontend (node build.mjs in frontend/).",
        ) from error


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _json(value: object) -> str:
    """JSON that may stand inside an element: no text in it can end the element."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
