"""The page of an address at which there is nothing, for those who read: a browser's reader has no use for JSON."""

from __future__ import annotations

from html import escape
from typing import Final

from starlette.requests import Request

#: By language: title, sentence (with the address), where to go.
_WORDS: Final = {
    "en": ("There is no such page", "There is nothing at {}.", "To the start"),
    "de": ("Diese Seite gibt es nicht", "Unter {} ist nichts zu finden.", "Zur Startseite"),
}
#: Of an address that is repeated.
_MOST_CHARACTERS: Final = 120


def wants_page(request: Request) -> bool:
    """Whether a reader asks, not a program: a browser's address bar names HTML, and the API answers in JSON alone."""
    reads = "text/html" in request.headers.get("accept", "")
    return reads and request.method in ("GET", "HEAD") and not request.url.path.startswith("/api/")


def nothing_here(request: Request) -> str:
    """HTML, in the language that the browser prefers among those of the page."""
    language = _language(request.headers.get("accept-language", ""))
    title, sentence, start = _WORDS[language]
    path = request.url.path
    shown = path if len(path) <= _MOST_CHARACTERS else f"{path[:_MOST_CHARACTERS]}…"
    said = escape(sentence).format(f"<code>{escape(shown)}</code>")
    return f"""<!doctype html>
<html lang="{language}" data-theme="light">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{title} · atomlens</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <script src="/js/theme-early.js"></script>
  <link rel="stylesheet" href="/bundle/page.css">
</head>
<body>
  <header class="header">
    <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28"><span>atomlens</span></a>
  </header>
  <main class="many"><div class="card many-head">
    <h1>{title}</h1>
    <p>{said}</p>
    <p><a href="/">{start}</a></p>
  </div></main>
</body>
</html>
"""


def _language(preferred: str) -> str:
    """The first of the browser's languages that the page speaks; they come best first."""
    codes = [part.split(";")[0].strip().lower().split("-")[0] for part in preferred.split(",")]
    return next((code for code in codes if code in _WORDS), "en")
