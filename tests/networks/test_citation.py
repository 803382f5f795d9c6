"""What to cite is the same wherever it is said."""

from pathlib import Path

import yaml

from atomlens import __version__
from atomlens.networks.citation import METHODS, PROGRAM, citations
from atomlens.networks.registry import ModelRegistry

ROOT = Path(__file__).parents[2]


def test_the_citation_file_names_every_paper_and_the_version():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(cff["version"]) == __version__
    found = {reference["url"]: reference for reference in cff["references"]}
    for citation in [*PROGRAM[1:], *(one for family in METHODS.values() for one in family)]:
        reference = found[citation.url]
        assert reference["title"] in citation.text
        assert str(reference["year"]) in citation.text
        for author in reference["authors"]:
            assert author["family-names"] in citation.text
    assert cff["title"].removeprefix("atomlens: ") in PROGRAM[0].text


def test_every_released_model_has_a_method_and_data_to_cite():
    for card in ModelRegistry(ROOT / "models").cards.values():
        kinds = [citation.of for citation in citations([card])]
        assert {"program", "method", "data"} <= set(kinds), card.name
        assert kinds == sorted(kinds, key=["program", "method", "data"].index)
    both = citations(ModelRegistry(ROOT / "models").cards.values())
    assert len(both) == len(set(both))
