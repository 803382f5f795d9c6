"""The German page says in German whatever the service says of wrong input and of molecules."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sentences import HOLE, templates

from atomlens.chem.check import TRIPLETS
from atomlens.chem.german import german as german_names
from atomlens.chem.read import _LOOKALIKES, read_molecule
from atomlens.errors import AtomlensError
from atomlens.explain.drawing import WORDS

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "chem"))
from test_bad_input import BAD  # noqa: E402  its table of all that is refused

GERMAN = ROOT / "frontend/js/lib/sentences-de.js"
#: Parts of sentences that no syntax tree tells: words that loops and defaults hand over, RDKit's reasons, and those of
#: the limits of requests ("120 per 1 minute").
ALSO = {
    *(
        "atoms",
        "left",
        "right",
        "beginning",
        "end",
        "end of stage {}",
        "potential",
        "charge",
        "without a suffix",
        "{} and {}",
        "Ask for it again",
    ),
    *("syntax error", "unclosed ring", "extra open parentheses", "extra close parentheses"),
    "duplicated ring closure {} bonds atom {} to itself",
    "ring closure {} duplicates bond between atom {} and atom {}",
    *("{} per {} {}", "second", "minute", "hour"),
    *("{} stereocentre", "{} stereocentres", "{} double bond", "{} double bonds"),
    *("There is nothing at {}.", "{} is not possible at {}."),
}
#: Names that are the same in German.
SAME = {"XYZ", "extXYZ", "utf-16", "utf-8-sig"}
#: Words by which a sentence is English.
ENGLISH = re.compile(
    r"\b(the|is|are|of|and|not|has|have|with|cannot|that|to|it|give|send|choose|at most)\b", re.IGNORECASE
)


def german() -> dict[str, str]:
    lines = re.findall(r'^  (".*": ".*"),$', GERMAN.read_text("utf-8"), re.MULTILINE)
    return json.loads("{" + ",".join(lines) + "}")


def said(sentences: list[str]) -> list[str | None]:
    """In German, by the page's own module."""
    script = (
        f"const {{ inGerman }} = await import({json.dumps(GERMAN.as_uri())});"
        "const sentences = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));"
        "process.stdout.write(JSON.stringify(sentences.map(inGerman)));"
    )
    script = script.replace("require('node:fs')", "(await import('node:fs'))")
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(sentences),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_every_sentence_of_the_service_has_its_german_and_no_other_has_one():
    source = {
        *(set(templates()) - SAME),
        *ALSO,
        *TRIPLETS.values(),
        *_LOOKALIKES.values(),
        *(name.lower() for name in WORDS["en"].names.values()),
    }
    assert sorted(source - set(german())) == []
    assert sorted(set(german()) - source) == []


def test_the_german_keeps_what_varies_and_has_no_english_words():
    for own, theirs in german().items():
        assert {int(place) for place in re.findall(r"\{(\d)\}", theirs)} <= set(range(1, own.count(HOLE) + 1)), theirs
        assert ENGLISH.search(re.sub(r"„[^“]*“|atomlens \w+", "", theirs)) is None, theirs


def filled_in(template: str) -> str:
    """With Q1, Q2, ... for what varies."""
    pieces = template.split(HOLE)
    return pieces[0] + "".join(f"Q{n}{piece}" for n, piece in enumerate(pieces[1:], start=1))


def test_no_sentence_is_said_by_the_template_of_another():
    own = [filled_in(template) for template in german()]
    wanted = [re.sub(r"\{(\d)\}", r"Q\1", theirs) for theirs in german().values()]
    assert list(zip(own, said(own), strict=True)) == list(zip(own, wanted, strict=True))


def notes() -> list[str]:
    """What the service says of one to three atoms' symbols that are a SMILES or a formula."""
    symbols = ("B", "C", "N", "O", "F", "P", "S", "Cl", "Br", "I", "H")
    sentences = []
    for text in ("".join(several) for n in (1, 2, 3) for several in itertools.product(symbols, repeat=n)):
        try:
            sentences += [note for note in read_molecule(text).warnings if note.startswith(f"{text} was read as")]
        except AtomlensError:
            continue
    return sentences


def test_notes_on_the_simplest_smiles_have_no_english_word():
    sentences = notes()
    assert {note.split(": ", 1)[1].removesuffix(".") for note in sentences} >= set(_LOOKALIKES.values())
    words = re.compile(r"\b[a-z]{3,}\b")
    for own, theirs in zip(sentences, said(sentences), strict=True):
        assert theirs is not None, own
        assert set(words.findall(own)) & set(words.findall(theirs)) == set(), (own, theirs)


def test_notes_call_a_molecule_as_its_page_does():
    known = {own: shown for own, (shown, *_) in german_names().items()}
    for note in _LOOKALIKES.values():
        meant = re.split("; | is ", note)[:2]
        names = [known[own] for own in meant if own in known]
        assert all(name in german()[note] for name in names), (note, names)


def test_no_shorter_sentence_takes_the_place_of_one_with_a_dot_behind_it():
    # a part of a sentence is said with a dot where it stands at the end, and "{} and {}" fits most of them
    parts = {own: theirs for own, theirs in german().items() if not own.endswith(".") and own.count(HOLE) < 10}
    filled = [filled_in(own) for own in parts]
    wanted = [re.sub(r"\{(\d)\}", r"Q\1", theirs) for theirs in parts.values()]
    assert list(zip(filled, said(filled), strict=True)) == list(zip(filled, wanted, strict=True))
    dotted = [f"{own}." for own in filled]
    assert list(zip(dotted, said(dotted), strict=True)) == list(zip(dotted, [f"{w}." for w in wanted], strict=True))


def provoked() -> list[str]:
    """What the reader of molecules says of all that it refuses in its own tests, and remarks on some that it takes."""
    sentences = []
    for text, kind, *_ in BAD.values():
        if len(text) > 100_000 and kind == "auto":
            continue
        with pytest.raises(AtomlensError) as caught:
            read_molecule(text, kind)
        sentences += [caught.value.message, *([caught.value.hint] if caught.value.hint else [])]
    for text in ("CO", "CC(O)N", "CC=CC(O)N", "[2H]C", "[He]", "C[C@H](O)N"):
        molecule = read_molecule(text)
        sentences += [*molecule.warnings, molecule.geometry.note]
    return sentences


def test_what_the_service_really_says_is_german_to_its_last_word():
    sentences = provoked()
    assert len(sentences) > 120
    for own, theirs in zip(sentences, said(sentences), strict=True):
        assert theirs is not None, own
        # what was typed stands in quotation marks
        assert ENGLISH.search(re.sub(r"„[^“]*“", "", theirs)) is None, (own, theirs)


def test_what_is_wrong_with_one_of_several_molecules_is_said_of_it_in_german():
    sentences = [message for message in provoked() if not message.startswith("Line ")]
    alone = said(sentences)
    assert said([f"2 C1CC: {message}" for message in sentences]) == [f"2 C1CC: {german}" for german in alone]


def test_titles_of_models_and_names_of_their_data_are_german():
    text = (ROOT / "frontend/js/lib/cards-de.js").read_text("utf-8")
    known = json.loads("{" + ",".join(re.findall(r'^  (".*": ".*"),$', text, re.MULTILINE)) + "}")
    cards = [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "models").glob("*/card.json"))]
    assert len(cards) >= 11
    for card in cards:
        for words in (card["title"], card["data"]["name"], card["data"]["level"]):
            parts = [known.get(part, part) for part in words.split(", ")]
            assert ENGLISH.search(known.get(words, ", ".join(parts))) is None, words
    assert [words for words in known.values() if ENGLISH.search(words)] == []
    # what a card says without such a word, too
    assert {part for card in cards for part in card["title"].split(", ")} - set(known) == {
        "SchNet",
        "QM9",
        "Materials Project",
    }
