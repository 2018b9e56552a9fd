"""The command line of operations: keys, settling."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from .access import ApiKey, digest, parse_scopes
from .app import App, build_app
from .errors import ApiError, SettingsError
from .moments import Clock, parse_duration, system_clock
from .settings import load

Token = Callable[[], str]


def main(
    argv: Sequence[str],
    environ: Mapping[str, str],
    out: TextIO,
    clock: Clock = system_clock,
    token: Token = lambda: secrets.token_hex(16),
) -> int:
    """0: done, 1: refused, 2: the settings or the arguments are no good."""
    arguments = _parser().parse_args(argv)
    try:
        settings = load(arguments.config, environ)
    except SettingsError as problem:
        print(f"settings: {problem}", file=out)
        return 2
    app = build_app(settings, clock)
    try:
        arguments.action(Console(app, out, token), arguments)
    except (ApiError, ValueError) as problem:
        print(f"refused: {problem}", file=out)
        return 1
    finally:
        app.close()
    return 0


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))


@dataclass
class Console:
    app: App
    out: TextIO
    token: Token

    def add_key(self, arguments: argparse.Namespace) -> None:
        settings = self.app.settings
        plan = (arguments.plan or settings.default_plan).lower()
        if plan not in settings.plans:
            raise ValueError(f"there is no plan {plan!r}")
        lasts = settings.key_max_age
        if arguments.lasts is not None:
            lasts = min(parse_duration(arguments.lasts), lasts)
        now = self.app.clock()
        secret = f"rk_{self.token()}"
        scopes = parse_scopes(arguments.scopes)
        key_id = f"key_{digest(secret)[:12]}"
        key = ApiKey(key_id, arguments.name.strip(), scopes, plan, now, now + lasts)
        self.app.keys.add(key, secret)
        # Shown this once and kept nowhere.
        print(f"{key.id} {secret} until {key.expires:%Y-%m-%d}", file=self.out)

    def revoke_key(self, arguments: argparse.Namespace) -> None:
        if not self.app.keys.revoke(arguments.key, self.app.clock()):
            raise ValueError(f"there is no such key in use: {arguments.key}")
        print(f"{arguments.key} is revoked", file=self.out)

    def settle(self, arguments: argparse.Namespace) -> None:
        done = self.app.desk.settle()
        print(" ".join(f"{name}={count}" for name, count in vars(done).items()), file=self.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="restdesk")
    parser.add_argument("--config", type=Path, help="the settings file")
    commands = parser.add_subparsers(required=True)
    keys = commands.add_parser("keys").add_subparsers(required=True)
    add = keys.add_parser("add")
    add.add_argument("name")
    add.add_argument("--scopes", required=True, help="customers:read,charges:write ... or *")
    add.add_argument("--plan")
    add.add_argument("--lasts", help="30d, 12h ...")
    add.set_defaults(action=Console.add_key)
    revoke = keys.add_parser("revoke")
    revoke.add_argument("key")
    revoke.set_defaults(action=Console.revoke_key)
    commands.add_parser("settle").set_defaults(action=Console.settle)
    return parser
