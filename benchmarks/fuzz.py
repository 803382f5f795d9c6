"""Throw bent input at the readers of molecules and at a running server, for longer than the tests do.

    python benchmarks/fuzz.py chem --seconds 600 [--seed 1]
    python benchmarks/fuzz.py http http://127.0.0.1:8000 --seconds 600

What counts as a failure: of a reader, anything but a molecule or an `InputError` with a message, or more than
`SLOW` seconds; of the server, a status of 500, an answer outside the documented shapes, or no answer. Counts go to
stdout, each failure with the input that caused it; the exit code is 1 if there was any. The server should run with
ATOMLENS_RATE_LIMIT= (empty), or most answers are 429.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from atomlens.chem import names
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import FORMATS, read_molecule
from atomlens.chem.text import decode
from atomlens.errors import InputError

#: Seconds after which a reader of a small molecule is too slow.
SLOW = 20.0
MAX_ATOMS = 60

WATER = "3\nwater\nO 0.0 0.0 0.117\nH 0.0 0.757 -0.469\nH 0.0 -0.757 -0.469\n"
EXTENDED = WATER.replace("water", 'Properties=species:S:1:pos:R:3 energy=-14.2 pbc="F F F"')
METHANOL = """methanol
  by hand           3D

  6  5  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.4200    0.0000    0.0000 O   0  0
    1.7405    0.9049    0.0000 H   0  0
   -0.3633   -1.0276    0.0000 H   0  0
   -0.3633    0.5138    0.8900 H   0  0
   -0.3633    0.5138   -0.8900 H   0  0
  1  2  1  0
  2  3  1  0
  1  4  1  0
  1  5  1  0
  1  6  1  0
M  END
"""
PIECES = [
    "", "\n", "\r\n", "\t", "\0", "\ufeff", "nan", "-inf", "1e999", "-1", "0", "999", "9" * 400, "C", "N", "[", "]",
    "(", ")", "=", "#", "%99", "1", "@@", "/", "\\", ".", "*", "[2H]", "[C-]", "[N+]", "[Fe+2]", "c1", "~", "->", ">>",
    "$$$$",
    "M  END", "M  CHG  1   1  -1", "V3000", "V2000", "Lattice=", 'pbc="T T T"', "charge=1", "é", "\ud800", "😀", " ",
]  # fmt: skip
ALPHABET = "CNOSPFBIclnos123456()[]=#+-@H/\\%.*: "


def bent(rng: random.Random, text: str) -> str:
    """The text with one to four places cut, doubled, replaced or filled."""
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.choice((0, 1, 1, 2, 5, 20)))
        piece = rng.choice((rng.choice(PIECES), text[start:end] * 2, chr(rng.randint(1, 0x2FF))))
        text = text[:start] + piece + text[end:]
    return text


def any_text(rng: random.Random) -> str:
    """A bent sample of any format, a random string of the letters of SMILES, or bytes that are hardly text."""
    kind = rng.random()
    if kind < 0.4:
        return bent(rng, rng.choice((WATER, EXTENDED, METHANOL)))
    if kind < 0.7:
        return bent(rng, rng.choice(names.entries()).smiles)
    if kind < 0.95:
        return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 40)))
    try:
        return decode(rng.randbytes(rng.randint(1, 60)))
    except InputError:
        return "\0"


def fuzz_chem(rng: random.Random, seconds: float, report: Callable[[str, object], None]) -> Counter[str]:
    """Read text after text; counts of molecules and of refusals by code."""
    counts: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text, format_ = any_text(rng), rng.choice(("auto", rng.choice(FORMATS)))
        begun = time.monotonic()
        try:
            molecule = read_molecule(text, format_, max_atoms=MAX_ATOMS)
            counts["molecule"] += 1
            if Molecule.from_dict(json.loads(json.dumps(molecule.to_dict()))).id != molecule.id:
                report("does not survive its JSON form", (format_, text))
        except InputError as refused:
            counts[refused.code] += 1
            if not refused.message or len(refused.message) > 600:
                report("no message, or a very long one", (format_, text))
        except Exception as defect:  # what is looked for is any of them
            report(f"{type(defect).__name__}: {defect}", (format_, text))
        if time.monotonic() - begun > SLOW:
            report("slow", (format_, text))
    return counts


def any_value(rng: random.Random, depth: int = 0) -> Any:
    """A JSON value, mostly of the wrong kind."""
    simple: list[Any] = [
        None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "C", "qm9-bp-energy", "potential", "x" * 3000, "\0", "😀",
    ]  # fmt: skip
    if depth < 3 and rng.random() < 0.3:
        inner = [any_value(rng, depth + 1) for _ in range(rng.randint(0, 4))]
        return inner if rng.random() < 0.5 else {rng.choice(("a", "molecule", "models", "text")): inner}
    return rng.choice(simple)


def requests(rng: random.Random, molecule: str, field: str) -> tuple[str, str, Any]:
    """Method, path and body of a request, right in most of its parts."""
    bodies: dict[str, dict[str, Any]] = {
        "molecules": {"format": rng.choice(FORMATS), "text": any_text(rng)},
        "predictions": {"molecule": molecule, "models": ["qm9-bp-energy"]},
        "fields": {
            "molecule": molecule,
            "model": "qm9-bp-energy",
            "quantity": "potential",
            "elements": ["C"],
            "shape": [5, 5, 5],
        },
        "views": {"state": {"molecule": molecule, "models": ["qm9-bp-energy"]}},
    }
    if rng.random() < 0.6:
        name, body = rng.choice(list(bodies.items()))
        if rng.random() < 0.7 and name != "molecules":
            body[rng.choice([*body, "more"])] = any_value(rng)
        return "POST", name, body
    part = rng.choice((molecule, field, "C", "nothing", "..%2f..%2fetc", "%00", "%ff", "a" * 300))
    number = rng.choice(("0", "-0.5", "nan", "1e400", "", "x", "3.8"))
    path = rng.choice(
        (
            f"molecules/{part}", f"fields/{part}", f"fields/{field}/data/{part}", f"models/{part}", f"jobs/{part}",
            f"fields/{field}/surface/C?isovalue={number}", f"fields/{field}/surface/C?envelope={number}",
            f"views/{part}", f"models/{part}/embeddings", f"names?prefix={part}&limit={number}", part,
        )
    )  # fmt: skip
    return rng.choice(("GET", "GET", "GET", "DELETE", "PUT")), path, None


def fuzz_http(rng: random.Random, url: str, seconds: float, report: Callable[[str, object], None]) -> Counter[str]:
    """Ask and ask; counts of answers by route and status."""
    counts: Counter[str] = Counter()
    with httpx.Client(base_url=f"{url}/api/v1/", timeout=180.0, trust_env=False) as client:
        molecule = client.post("molecules", json={"text": "CCO"}).json()["id"]
        field = client.post("fields", json=requests_of_a_field(molecule)).json()["id"]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            method, path, body = requests(rng, molecule, field)
            # as the standard library writes it: lone surrogates go out as escapes
            content = None if body is None else json.dumps(body).encode("ascii")
            if content is not None and rng.random() < 0.1:
                cut = rng.randint(0, len(content))
                content = content[:cut] + rng.randbytes(rng.randint(0, 3)) + content[cut + rng.randint(0, 3) :]
            asked = (method, path, content)
            try:
                answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
            except httpx.HTTPError as error:
                report(f"no answer: {type(error).__name__}: {error}", asked)
                continue
            counts[f"{method} {path.split('/', 1)[0].split('?', 1)[0][:12]} {answer.status_code}"] += 1
            if problem := _problem(answer):
                report(problem, asked)
    return counts


def requests_of_a_field(molecule: str) -> dict[str, Any]:
    """A small field, ready within the short wait."""
    usual = {"molecule": molecule, "model": "qm9-bp-energy", "quantity": "potential", "elements": ["C"]}
    return {**usual, "shape": [9, 9, 9]}


def _problem(answer: httpx.Response) -> str | None:
    if answer.status_code in (500, 502, 504):
        return f"status {answer.status_code}: {answer.text[:200]}"
    if answer.status_code < 400:
        return None
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code} without the shape of errors: {answer.text[:200]}"
    if set(error) != {"code", "message", "field", "hint"} or not error["message"]:
        return f"an error of another shape: {error}"
    return None


def main() -> int:
    """Run, print the counts, and say by the exit code whether anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("chem", "http"))
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    failures: list[str] = []

    def report(what: str, of: object) -> None:
        failures.append(what)
        print(f"FAILURE {what}\n    {of!a}", flush=True)

    rng = random.Random(options.seed)
    print(f"seed {options.seed}")
    if options.what == "chem":
        counts = fuzz_chem(rng, options.seconds, report)
    else:
        counts = fuzz_http(rng, options.url, options.seconds, report)
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:8d}  {name}")
    print(f"{sum(counts.values())} inputs, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
