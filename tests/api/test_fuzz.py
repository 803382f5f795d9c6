"""A few seconds of benchmarks/fuzz.py, so that it works on the day when somebody runs it for hours."""

import random
import runpy
from pathlib import Path

FUZZ = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "fuzz.py"))


def test_bent_requests_are_answered_in_the_documented_shapes(client):
    failures = []
    counts = FUZZ["fuzz_http"](
        random.Random(1), str(client.base_url).rstrip("/"), 5.0, lambda *what: failures.append(what)
    )
    assert failures == []
    assert sum(counts.values()) > 10


def test_bent_texts_are_read_or_refused():
    failures = []
    counts = FUZZ["fuzz_chem"](random.Random(1), 3.0, lambda *what: failures.append(what))
    assert failures == []
    assert counts["molecule"] > 0


def test_what_is_no_answer_of_ours_is_a_failure():
    import httpx

    problem = FUZZ["_problem"]
    assert problem(httpx.Response(200, json={})) is None
    assert "status 500" in problem(httpx.Response(500, json={"error": {}}))
    assert "without the shape" in problem(httpx.Response(404, text="<html>"))
    assert "another shape" in problem(httpx.Response(404, json={"error": {"code": "x"}}))
