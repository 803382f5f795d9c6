"""What to cite: the program, the papers of the kind of network, and those of the data that it has learned from.

CITATION.cff says the same of the program; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from atomlens import __version__
from atomlens.networks.card import Card


@dataclass(frozen=True)
class Citation:
    """of: what it is the source of; url: where it is found, or None where only the text is known."""

    of: Literal["program", "method", "data"]
    text: str
    url: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"of": self.of, "text": self.text, "url": self.url}


PROGRAM: Final = (
    Citation("program", f"atomlens {__version__}: an interactive explorer of interpretable atomistic neural networks"),
    Citation(
        "program",
        "K. T. Schütt, M. Gastegger, A. Tkatchenko, K.-R. Müller, Quantum-chemical insights from interpretable "
        "atomistic neural networks (2018)",
        "https://arxiv.org/abs/1806.10349",
    ),
)
#: By family of networks.
METHODS: Final[Mapping[str, tuple[Citation, ...]]] = MappingProxyType(
    {
        "bp": (
            Citation(
                "method",
                "J. Behler, M. Parrinello, Generalized neural-network representation of high-dimensional "
                "potential-energy surfaces, Phys. Rev. Lett. 98, 146401 (2007)",
                "https://doi.org/10.1103/PhysRevLett.98.146401",
            ),
            Citation(
                "method",
                "M. Gastegger, L. Schwiedrzik, M. Bittermann, F. Berzsenyi, P. Marquetand, wACSF: weighted "
                "atom-centered symmetry functions as descriptors in machine learning potentials, J. Chem. Phys. 148, "
                "241709 (2018)",
                "https://doi.org/10.1063/1.5019667",
            ),
        ),
        "schnet": (
            Citation(
                "method",
                "K. T. Schütt, H. E. Sauceda, P.-J. Kindermans, A. Tkatchenko, K.-R. Müller, SchNet: a deep learning "
                "architecture for molecules and materials, J. Chem. Phys. 148, 241722 (2018)",
                "https://doi.org/10.1063/1.5019779",
            ),
        ),
    }
)


def citations(cards: Iterable[Card]) -> list[Citation]:
    """Of results of these models: program first, then methods, then data, each once."""
    methods: list[Citation] = []
    data: list[Citation] = []
    for card in cards:
        methods += METHODS.get(card.family, ())
        known = card.raw.get("data") or {}
        sources = [known.get("source"), (known.get("auxiliary") or {}).get("source")]
        data += [Citation("data", part.strip()) for source in sources if source for part in source.split(";")]
    return list(dict.fromkeys([*PROGRAM, *methods, *data]))
