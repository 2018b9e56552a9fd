"""Which imports of a suite nothing provides."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from bugbash.targets.detection.suite import suite_files, used
from bugbash.targets.environment import Environment
from bugbash.targets.known_packages import distribution_of
from bugbash.targets.spec import Target, TargetSpec

_GIVEN = frozenset(sys.stdlib_module_names) | {"pytest", "_pytest", "pluggy", "setuptools"}
_ONCE = """
    aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils dummy_threading formatter
    imghdr imp lib2to3 macpath mailcap msilib nis nntplib ossaudiodev parser pipes smtpd sndhdr spwd
    sunau symbol telnetlib uu xdrlib
"""
_ONCE_GIVEN = frozenset(_ONCE.split())
"""What Pythons from 3.8 on had and lost."""


def missing_imports(target: Target, environment: Environment) -> list[str]:
    """Names of distributions to add (`--with NAME`) that test files import and nothing provides.

    Imports that are optional (inside try, importorskip, TYPE_CHECKING) do not count.
    """
    provided = top_level_names(environment.site_packages)
    modules = used(target.tree, target.spec.tests).modules
    names = from_outside(modules, target.tree, target.spec) - provided
    return sorted(distribution_of(name) for name in names)


def top_level_names(site_packages: Path) -> frozenset[str]:
    """The importable names in a site-packages folder."""
    names = set()
    for entry in site_packages.iterdir():
        if entry.is_dir() and not entry.name.endswith((".dist-info", ".egg-info", ".libs")):
            names.add(entry.name)
        elif entry.suffix in (".py", ".so", ".pyd"):
            names.add(entry.name.split(".")[0])
    return frozenset(names)


def from_outside(modules: Iterable[str], tree: Path, spec: TargetSpec) -> frozenset[str]:
    """Those of the top-level names that neither Python, pytest nor the tree provides."""
    given = _GIVEN | _ONCE_GIVEN if spec.python else _GIVEN
    folders = {tree, *(tree / root for root in spec.source_roots)}
    for path in suite_files(tree, spec.tests):
        folders |= {(tree / path).parent, (tree / path).parent.parent}
    return frozenset(
        name
        for name in set(modules) - given
        if not any(
            (folder / name).is_dir() or (folder / f"{name}.py").is_file() for folder in folders
        )
    )
