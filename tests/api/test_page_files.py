"""The page's files: small on the way, never older than those on the disk, and scripts from this server alone."""

import asyncio
import gzip
import re

import httpx
import pytest

from atomlens.api import page_files
from atomlens.api.app import create_app
from atomlens.settings import Settings

PAGE = """<!doctype html>
<link rel="icon" href="/icon.svg">
<link rel="modulepreload" href="/bundle/one.js">
<script type="module" src="/bundle/main.js"></script>
"""


@pytest.fixture
def folder(tmp_path):
    for name, text in {"bundle/index.html": PAGE, "bundle/main.js": "export const one = 1;\n" * 200}.items():
        path = tmp_path / "frontend" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "frontend"


@pytest.fixture
def get(folder, tmp_path):
    """Asks the application, which was not started: pages need no models."""
    app = create_app(Settings(frontend_dir=folder, data_dir=tmp_path / "data"))

    def ask(path: str, **headers: str) -> httpx.Response:
        async def answer() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as client:
                return await client.get(path, headers={key.replace("_", "-"): value for key, value in headers.items()})

        return asyncio.run(answer())

    return ask


def test_a_module_is_sent_compressed_to_those_who_read_it(get, folder):
    answer = get("/bundle/main.js", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(
        gzip.compress((folder / "bundle" / "main.js").read_bytes(), 9, mtime=0)
    )
    assert answer.text == (folder / "bundle" / "main.js").read_text()
    assert answer.headers["content-type"].startswith("text/javascript")
    plain = get("/bundle/main.js", Accept_Encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


def test_a_browser_that_has_the_file_is_told_so_until_it_changes(get, folder):
    first = get("/bundle/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = get("/bundle/main.js", If_None_Match=f'"other", W/{first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    (folder / "bundle" / "main.js").write_text("export const two = 2;\n")
    changed = get("/bundle/main.js", If_None_Match=first.headers["etag"])
    assert changed.status_code == 200
    assert changed.text == "export const two = 2;\n"


def address(get) -> str:
    return re.search(r'src="(/assets/[0-9a-f]{16}/bundle/main.js)"', get("/").text)[1]


def test_files_that_the_page_names_are_kept_for_ever_and_have_new_addresses_when_they_change(get, folder, monkeypatch):
    monkeypatch.setattr(page_files, "LOOKED_AT", 0.0)
    text = get("/").text
    first = address(get)
    assert 'href="/icon.svg"' in text
    assert f'href="{first.removesuffix("main.js")}one.js"' in text
    assert get(first).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert get(first).text == get("/bundle/main.js").text
    assert address(get) == first
    (folder / "bundle" / "main.js").write_text("export const two = 2;\n")
    second = address(get)
    assert second != first
    assert get(second).text == "export const two = 2;\n"
    # a page of before the upgrade still finds its modules, and its browser does not take the new for the old
    assert (get(first).status_code, get(first).headers["cache-control"]) == (200, "no-cache")
    (folder / "bundle" / "main.js").write_text("export const one = 1;\n" * 200)
    assert address(get) == first


def test_nothing_beside_the_folders_is_served(get, folder):
    (folder / "package.json").write_text("{}")
    for path in (
        "/package.json",
        "/bundle/../package.json",
        "/bundle/%2e%2e/package.json",
        "/bundle/missing.js",
        "/assets/x/bundle/../package.json",
    ):
        assert get(path).status_code == 404, path


@pytest.mark.parametrize("path", ["/", "/gallery", "/embeddings", "/help", "/v/x", "/embed/x", "/bundle/main.js"])
def test_every_page_refuses_scripts_that_are_not_files_of_this_server(get, path):
    policy = dict(part.strip().split(" ", 1) for part in get(path).headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/v/", "/nonsense", "/<script>"])
def test_who_reads_is_told_in_a_page_that_there_is_none(get, path):
    answer = get(path, Accept=BROWSER)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no such page" in answer.text
    assert '<a href="/">' in answer.text
    assert "<script>" not in answer.text
    assert "Diese Seite gibt es nicht" in get(path, Accept=BROWSER, Accept_Language="de-AT,de;q=0.9,en;q=0.8").text


def test_programs_are_told_in_json_that_there_is_nothing(get):
    for path, accept in (("/nonsense", "*/*"), ("/api/v1/nonsense", BROWSER)):
        answer = get(path, Accept=accept)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
