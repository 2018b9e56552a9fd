"""What the HTML pages share: reading their templates, and making strangers' text inert."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from bugbash.plain import plain


def environment() -> Environment:
    """Everything that is put into a page is escaped, and made visible where it would steer."""
    made = Environment(
        loader=PackageLoader("bugbash", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    made.filters["thousands"] = lambda number: f"{number:,}"
    made.filters["pair"] = lambda name: (name, name)
    return made
