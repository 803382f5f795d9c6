"""The pages state the figures of the cards."""

from pathlib import Path

import pytest

from atomlens.errors import CheckpointError
from atomlens.networks.registry import ModelRegistry
from atomlens.training.report import PAGES, rewrite, table

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_states_what_the_cards_say(page, tmp_path):
    cards = ModelRegistry(ROOT / "models").cards
    copy = tmp_path / "page.md"
    copy.write_text((ROOT / page).read_text(encoding="utf-8"), encoding="utf-8")
    assert not rewrite(copy, cards.values()), f"{page} is older than the cards: atomlens evaluate NAME rewrites it"
    for name in cards:
        assert f"`{name}`" in copy.read_text(encoding="utf-8")


def test_a_changed_figure_changes_the_table(tmp_path):
    cards = list(ModelRegistry(ROOT / "models").cards.values())
    before = table(cards)
    cards[0].raw["test"]["mae"] += 1.0
    assert table(cards) != before


def test_a_page_without_marks_is_an_error(tmp_path):
    (tmp_path / "page.md").write_text("nothing here")
    with pytest.raises(CheckpointError, match="models"):
        rewrite(tmp_path / "page.md", [])
