"""A ticket's Markdown as HTML: headings, lists, tables and code; no links, pictures or markup."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bugbash.plain import plain

_LONGEST = 30_000
_OFF = ["html_block", "html_inline", "link", "image", "autolink", "reference"]
_BELOW = 2
"""The page has headings of its own above those of the text."""


def markdown(text: str) -> Markup:
    """The text as HTML without its first heading, which is the page's title."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(_OFF)
    tokens = parser.parse(_safe(text))
    if tokens and tokens[0].type == "heading_open":
        tokens = tokens[3:]
    _lowered(tokens)
    return Markup(parser.renderer.render(tokens, parser.options, {}))


def _lowered(tokens: list[Token]) -> None:
    """Headings in the order of the page: none skips a level, the highest is h3."""
    above = _BELOW
    for token in tokens:
        if token.type == "heading_open":
            above = min(int(token.tag[1]) + 1, above + 1, 6)
            above = max(above, _BELOW + 1)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{above}"


def title_of(text: str) -> str:
    """The first line, when it is a heading."""
    first = text.lstrip().partition("\n")[0]
    return plain(first.lstrip("#").strip())[:200] if first.startswith("#") else ""


def _safe(text: str) -> str:
    cut = "" if len(text) <= _LONGEST else "\n\n… (cut here)\n"
    return plain(text[:_LONGEST].replace("\r\n", "\n")) + cut
