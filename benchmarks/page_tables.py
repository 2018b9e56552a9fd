"""Putting a table into a page of the docs, between the marks that say whose it is."""

from __future__ import annotations

import re
from pathlib import Path


def put(page: Path, mark: str, made: str) -> None:
    """Replace what stands between `<!-- MARK -->` and the next `<!-- end -->`.

    Raises SystemExit where the page has no such mark: nothing is lost without a word.
    """
    pattern = rf"(<!-- {re.escape(mark)} -->\n).*?(<!-- end -->)"
    text, count = re.subn(
        pattern, lambda m: m[1] + made + m[2], page.read_text("utf-8"), count=1, flags=re.DOTALL
    )
    if not count:
        raise SystemExit(f"{page.name} has no <!-- {mark} -->.")
    page.write_text(text, "utf-8")
