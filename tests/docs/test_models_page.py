"""The pages state the figures of the cards."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from atomlens.errors import CheckpointError
from atomlens.networks.registry import ModelRegistry
from atomlens.training.figures import FOLDER, drawings
from atomlens.training.report import PAGES, SECTIONS, models, rewrite

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_states_what_the_cards_say(page, tmp_path):
    cards = ModelRegistry(ROOT / "models").cards
    copy = tmp_path / "page.md"
    copy.write_text((ROOT / page).read_text(encoding="utf-8"), encoding="utf-8")
    assert not rewrite(copy, cards.values()), f"{page} is older than the cards: atomlens evaluate NAME rewrites it"
    for name in cards:
        assert f"`{name}`" in copy.read_text(encoding="utf-8")


def test_the_models_page_has_every_section():
    text = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in text and f"<!-- /{name} -->" in text for name in SECTIONS)


def test_a_drawing_shows_the_numbers_of_the_cards_and_stands_on_the_page():
    made = drawings(list(ModelRegistry(ROOT / "models").cards.values()))
    assert {path.name for path in (ROOT / FOLDER).glob("*.svg")} == set(made)
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    for name, (_, numbers) in made.items():
        svg = ElementTree.parse(ROOT / FOLDER / name)
        described = svg.find(".//{http://purl.org/dc/elements/1.1/}description").text
        assert json.loads(described) == numbers, f"{name} is older than the cards: atomlens evaluate NAME draws it"
        assert f"figures/{name}" in page


def test_a_changed_figure_changes_the_table(tmp_path):
    cards = list(ModelRegistry(ROOT / "models").cards.values())
    before = models(cards)
    cards[0].raw["test"]["mae"] += 1.0
    assert models(cards) != before


def test_a_page_without_marks_is_an_error(tmp_path):
    (tmp_path / "page.md").write_text("nothing here")
    with pytest.raises(CheckpointError, match="marks"):
        rewrite(tmp_path / "page.md", [])
