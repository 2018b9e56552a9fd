"""Prepared targets, remembered by what was asked for: no network and no detection next time."""

from __future__ import annotations

import hashlib
import json
import sysconfig
from dataclasses import asdict
from pathlib import Path

import bugbash
from bugbash.files import write_atomically
from bugbash.resources import home
from bugbash.targets import pinned
from bugbash.targets.interpreters import own
from bugbash.targets.overrides import Overrides
from bugbash.targets.spec import Target, spec_from_json
from bugbash.targets.trees import place_of

_FORM = 3
"""Counts up when detection or preparation changes what it makes of the same input."""


def load(argument: str, overrides: Overrides) -> Target | None:
    """The target that was prepared for this argument and these options; None: not (here) yet."""
    try:
        record = json.loads(_path(argument, overrides).read_bytes())
    except (OSError, ValueError):
        return None
    tree = place_of(record["digest"])
    if not tree.is_dir():
        return None
    return Target(
        spec=spec_from_json(record["spec"]),
        argument=record["argument"],
        sort=record["sort"],
        tree=tree,
        digest=record["digest"],
        overlay=tuple(record["overlay"]),
    )


def save(target: Target, overrides: Overrides) -> None:
    """Remember `target` for its argument and these options."""
    record = {
        "argument": target.argument,
        "sort": target.sort,
        "digest": target.digest,
        "overlay": target.overlay,
        "spec": asdict(target.spec),
    }
    path = _path(target.argument, overrides)
    write_atomically(path, json.dumps(record, indent=1).encode())


def _path(argument: str, overrides: Overrides) -> Path:
    shipped = sorted(pinned.values(argument.removeprefix("pypi:").split("==")[0]).items())
    parts = (argument, overrides.key(), repr(shipped), str(_FORM), bugbash.__version__)
    text = "\0".join((*parts, own().version, sysconfig.get_platform()))
    return home() / "targets" / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"
