"""Work that each fork would do anew, done once before: in caches that hold nothing of a mutant.

A regular expression compiles to the same whoever compiles it, the attributes that freezegun notes
of each module at its first freeze are there before that, and what pytest made of the files of tests
stays what it is. Nobody else's code is run ahead.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pathlib
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


def serves(channel: Any, asked: dict[str, Any], tree: str = "") -> bool:
    """Whether the request was to compile regular expressions for all forks to come: it is done.

    `tree`: the project whose tests they will import, if they will.
    """
    if asked["do"] != "prime":
        return False
    if tree:
        keep_tests(tree)
    for text, is_bytes, flags in asked["patterns"]:
        # One that warns is left to the test that would hear it.
        with warnings.catch_warnings(), contextlib.suppress(Exception):
            warnings.simplefilter("error")
            re.compile(text.encode("latin-1") if is_bytes else text, flags)
    gc.collect()
    gc.freeze()
    channel.write(end=0)
    return True


def keep_tests(tree: str) -> None:
    """Read the bytecode that pytest keeps of files with rewritten assertions, once for all forks:
    it is taken while neither the file nor its bytecode is another."""
    rewrite = sys.modules.get("_pytest.assertion.rewrite")
    read, folder_of = getattr(rewrite, "_read_pyc", None), getattr(rewrite, "get_cache_dir", None)
    tail = getattr(rewrite, "PYC_TAIL", "")
    if read is None or folder_of is None or not tail or _is_below(rewrite, _folder(tree)):
        return
    kept: dict[tuple[str, str], tuple[Any, Any]] = {}
    for root, _, names in os.walk(tree):
        for name in names:
            source = pathlib.Path(root, name)
            with contextlib.suppress(Exception):
                pyc = folder_of(source) / (name[:-3] + tail)
                if name.endswith(".py") and pyc.exists():
                    kept[str(source), str(pyc)] = _stamps(source, pyc), read(source, pyc)

    def quick(source: Any, pyc: Any, *more: Any, **named: Any) -> Any:
        stamps, code = kept.get((str(source), str(pyc)), (None, None))
        if code is not None and stamps == _stamps(source, pyc):
            return code
        return read(source, pyc, *more, **named)

    rewrite._read_pyc = quick  # type: ignore[union-attr]


def _stamps(*paths: Any) -> list[tuple[int, ...]] | None:
    try:
        found = [os.stat(path) for path in paths]
    except OSError:
        return None
    return [(each.st_mtime_ns, each.st_size, each.st_ino, each.st_ctime_ns) for each in found]


def note_attributes(tree: str) -> None:
    """Have freezegun look through the modules as it does at the first freeze, if it is loaded.

    Not through those of the project, which may hold something else by then, or of others that
    answer by code of their own.
    """
    api = sys.modules.get("freezegun.api")
    note = getattr(api, "_get_cached_module_attributes", None)
    tree = _folder(tree)
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


def _folder(tree: str) -> str:
    return os.path.realpath(tree) + os.sep


def _is_below(module: Any, tree: str) -> bool:
    file = module.__dict__.get("__file__") if type(module) is types.ModuleType else None
    return isinstance(file, str) and os.path.realpath(file).startswith(tree)
