"""The command line: `signflow draft lease.txt`, `signflow send DOC-2024-0001` ..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from . import __version__
from .audit import select
from .documents import Document, DocumentState, Order
from .errors import DocumentError, SignflowError, TemplateError
from .exports import FORMATS, write_list
from .moments import Clock, FrozenClock, days_left, system_clock
from .people import parse_people
from .service import Receipt, SigningDesk
from .settings import load
from .storage import connect
from .templates import Shelf, fill

OK, PROBLEM = 0, 1

Command = Callable[[SigningDesk, argparse.Namespace], int]


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = system_clock,
) -> int:
    """Run one command: 0 when all is well, 1 for an expected error (2 for wrong usage)."""
    options = make_parser().parse_args(argv)
    try:
        settings = load(options.config, environ)
        with closing(connect(settings.database)) as db:
            run: Command = options.run
            return run(SigningDesk(db, settings, options.at or clock), options)
    except SignflowError as problem:
        print(f"signflow: {problem}", file=sys.stderr)
        return PROBLEM


def _draft(desk: SigningDesk, options: argparse.Namespace) -> int:
    if options.template:
        values = {}
        for pair in options.set:
            name, found, value = pair.partition("=")
            if not found:
                raise TemplateError(f"write name=value, not {pair!r}")
            values[name] = value
        text = fill(Shelf(desk.settings.templates).load(options.template), values)
    else:
        text = _read(options.file)
    people = parse_people(";".join(options.signer))
    order = Order(options.order) if options.order else None
    document = desk.draft(options.title, text, options.owner, people, order)
    print(f"{document.id} for {len(people)} to sign ({document.order.value}): {document.title}")
    return OK


def _read(file: Path | None) -> str:
    if file is None:
        raise DocumentError("name a file or a --template")
    try:
        # Bytes, because the line ends are part of what is signed.
        return file.expanduser().read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DocumentError(f"cannot read {file.name}") from None


def _send(desk: SigningDesk, options: argparse.Namespace) -> int:
    document = desk.resend(options.id) if options.again else desk.send(options.id)
    print(summary(desk, document))
    return OK


def _view(desk: SigningDesk, options: argparse.Namespace) -> int:
    print(desk.view(options.token, options.address))
    return OK


def _sign(desk: SigningDesk, options: argparse.Namespace) -> int:
    return _print_receipt(desk.sign(options.token, options.address))


def _decline(desk: SigningDesk, options: argparse.Namespace) -> int:
    return _print_receipt(desk.decline(options.token, options.reason, options.address))


def _print_receipt(receipt: Receipt) -> int:
    again = " already" if receipt.again else ""
    at = receipt.at.isoformat(sep=" ")
    print(f"{receipt.document}: {receipt.action}{again} at {at}, version {receipt.version}")
    return OK


def _void(desk: SigningDesk, options: argparse.Namespace) -> int:
    print(summary(desk, desk.void(options.id, options.reason)))
    return OK


def _scan(desk: SigningDesk, options: argparse.Namespace) -> int:
    expired, reminded = desk.expire(), desk.remind()
    sent = 0
    while batch := desk.deliver():
        sent += batch
    print(f"{len(expired)} expired, {len(reminded)} reminded, {sent} mails")
    return OK


def _list(desk: SigningDesk, options: argparse.Namespace) -> int:
    if options.state:
        states = [DocumentState(name) for name in options.state]
        documents, cursor = desk.store.find(*states), None
    else:
        documents, cursor = desk.store.page(options.after, options.limit)
    for document in documents:
        print(summary(desk, document))
    if cursor is not None:
        print(f"more: --after {cursor}")
    return OK


def summary(desk: SigningDesk, document: Document) -> str:
    progress = f"{document.signed}/{len(document.signatories)}"
    line = f"{document.id}  {document.state.value:<16}  {progress}"
    if document.is_open and document.deadline is not None:
        line += f"  {days_left(desk.now(), document.deadline)} days left"
    return f"{line}  {document.owner}  {document.title}"


def _audit(desk: SigningDesk, options: argparse.Namespace) -> int:
    document = desk.store.get(options.id)
    for entry in select(desk.audit.entries(document.id), options.event, options.actor):
        print(f"{entry.number:>3} {entry.at} {entry.event} {entry.actor} {entry.address}".rstrip())
    return OK


def _check(desk: SigningDesk, options: argparse.Namespace) -> int:
    problems = []
    for id in options.ids or desk.store.ids():
        problems += desk.check(id)
    print("\n".join(problems) or "all is well")
    return PROBLEM if problems else OK


def _export(desk: SigningDesk, options: argparse.Namespace) -> int:
    root = desk.settings.exports
    file = write_list(desk.store.find(), root, desk.today(), options.format)
    print(file.relative_to(root).as_posix())
    return OK


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="signflow", description="Documents to be signed.")
    parser.add_argument("--version", action="version", version=f"signflow {__version__}")
    parser.add_argument("--config", type=Path, help="settings file")
    parser.add_argument("--at", type=FrozenClock, help="pretend that it is this moment")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: Command, help: str) -> argparse.ArgumentParser:
        subparser = commands.add_parser(name, help=help)
        subparser.set_defaults(run=run)
        return subparser

    draft = command("draft", _draft, "take a document in")
    draft.add_argument("file", type=Path, nargs="?")
    draft.add_argument("--template", help="fill a template instead")
    draft.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    draft.add_argument("--title", required=True)
    draft.add_argument("--owner", required=True)
    draft.add_argument("--signer", action="append", default=[], help="[GROUP:] NAME <EMAIL>")
    draft.add_argument("--order", choices=[order.value for order in Order])
    send = command("send", _send, "ask for signatures")
    send.add_argument("id")
    send.add_argument("--again", action="store_true", help="with new links")
    view = command("view", _view, "read as a signatory")
    sign = command("sign", _sign, "sign as a signatory")
    decline = command("decline", _decline, "refuse to sign")
    decline.add_argument("--reason", default="")
    for subparser in (view, sign, decline):
        subparser.add_argument("token", help="the token, or the whole link")
        subparser.add_argument("--address", help="where the signatory comes from")
    void = command("void", _void, "take a document back")
    void.add_argument("id")
    void.add_argument("--reason", required=True)
    command("scan", _scan, "expire, remind, and send mails (cron)")
    listing = command("list", _list, "documents in the order of drafting")
    states = [state.value for state in DocumentState]
    listing.add_argument("--state", action="append", choices=states)
    listing.add_argument("--after", type=int, default=0)
    listing.add_argument("--limit", type=int, default=20)
    audit = command("audit", _audit, "what happened to a document")
    audit.add_argument("id")
    audit.add_argument("--event", action="append")
    audit.add_argument("--actor")
    command("check", _check, "prove that nothing was changed").add_argument("ids", nargs="*")
    export = command("export", _export, "write the list of documents")
    export.add_argument("--format", choices=FORMATS, default="csv")
    return parser
