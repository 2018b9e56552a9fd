"""`bugbash scenario sheet`: the interviewer's page."""

from __future__ import annotations

from pathlib import Path

import click

from bugbash.commands.html_file import writable


@click.command(epilog="Example: bugbash scenario sheet ./my-scenario > sheet.md")
@click.argument("name", metavar="NAME|PATH")
@click.option(
    "--html", "html", type=click.Path(path_type=Path), help="Write it as an HTML page instead."
)
def sheet(name: str, html: Path | None) -> None:
    """Print the interviewer's page of a scenario, as Markdown.

    The cause, the milestones on the way, the hints, what earns which score, right and tempting
    fixes, and room for what only a person can judge. It holds the answer.
    """
    from bugbash.commands.voice import voice
    from bugbash.files import write_atomically
    from bugbash.pages.scenario_sheet import SheetOf, as_page
    from bugbash.pages.scenario_sheet import sheet as sheet_of
    from bugbash.serving.serve_written import serve_written
    from bugbash.serving.written import find
    from bugbash.store import Store

    path = writable(html) if html is not None else None
    written = find(name)
    with voice() as told:
        text = sheet_of(SheetOf(written, serve_written(written, Store(), told)))
    if path is None:
        click.echo(text, nl=False)
        return
    write_atomically(path, as_page(text, written.title).encode("utf-8"))
    click.echo(f"The sheet is in {path}.")
