"""Work that each fork would do anew, done once before: in caches that hold nothing of a mutant.

A regular expression compiles to the same whoever compiles it, and the attributes that freezegun
notes of each module at its first freeze are there before that. Nobody else's code is run ahead.
"""

from __future__ import annotations

import contextlib
import gc
import os
import re
import sys
import types
import warnings
from typing import Any

_MANY = 256
"""Half of what `re` keeps."""
_LAZY = {"dateutil", *getattr(sys, "stdlib_module_names", ())}  # since Python 3.10
"""Top-level packages whose modules may import more when somebody asks for an attribute: freezegun,
which needs dateutil, would ask for all."""


def patterns() -> list[list[Any]]:
    """What `re` keeps of this process: [text, whether it is bytes, flags] of each expression."""
    kept: Any = getattr(re, "_cache", {})
    found = []
    for key in list(kept):
        *_, text, flags = key
        if type(text) in (str, bytes) and not flags & re.LOCALE:
            is_bytes = isinstance(text, bytes)
            found.append([text.decode("latin-1") if is_bytes else text, is_bytes, int(flags)])
    return found[-_MANY:]


def serves(channel: Any, asked: dict[str, Any]) -> bool:
    """Whether the request was to compile regular expressions for all forks to come: it is done."""
    if asked["do"] != "prime":
        return False
    for text, is_bytes, flags in asked["patterns"]:
        # One that warns is left to the test that would hear it.
        with warnings.catch_warnings(), contextlib.suppress(Exception):
            warnings.simplefilter("error")
            re.compile(text.encode("latin-1") if is_bytes else text, flags)
    gc.collect()
    gc.freeze()
    channel.write(end=0)
    return True


def note_attributes(tree: str) -> None:
    """Have freezegun look through the modules as it does at the first freeze, if it is loaded.

    Not through those of the project, which may hold something else by then, or of others that
    answer by code of their own.
    """
    api = sys.modules.get("freezegun.api")
    note = getattr(api, "_get_cached_module_attributes", None)
    tree = os.path.realpath(tree) + os.sep
    if note is None or _is_below(api, tree):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(Exception):
            _quicken(api)
        for name, module in list(sys.modules.items()):
            if _is_below(module, tree):
                continue
            if _is_plain(module) or _may_be_asked(name, module):
                with contextlib.suppress(Exception):
                    note(module)


def _quicken(api: Any) -> None:
    """At each freeze freezegun asks of each module what names it holds: no need to sort them."""
    slow = api._get_module_attributes_hash

    def quick(module: Any) -> Any:
        if not _is_plain(module):
            return slow(module)
        return f"{id(module)}-{hash(frozenset(module.__dict__))}"

    if all(quick(each) == slow(each) for each in filter(_is_plain, list(sys.modules.values()))):
        api._get_module_attributes_hash = quick


def _is_plain(module: Any) -> bool:
    """Whether a module tells what it holds without code of its own."""
    held = module.__dict__ if type(module) is types.ModuleType else None
    return held is not None and "__getattr__" not in held and "__dir__" not in held


def _may_be_asked(name: str, module: Any) -> bool:
    return type(module) is types.ModuleType and name.partition(".")[0] in _LAZY


def _is_below(module: Any, tree: str) -> bool:
    file = module.__dict__.get("__file__") if type(module) is types.ModuleType else None
    return isinstance(file, str) and os.path.realpath(file).startswith(tree)
