"""The target projects that ship with bugbash."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bugbash.errors import UsageProblem, nearest
from bugbash.files import CACHES, copy_tree, tree_digest
from bugbash.resources import shipped
from bugbash.targets.console_scripts import entry_points_text
from bugbash.targets.overrides import NOTHING, Note, Overrides, quiet
from bugbash.targets.spec import Target, TargetSpec
from bugbash.targets.trees import move_into_place, place_of, staging

NOT_SERVED = frozenset({"journeys"})
"""Parts of a target project that are about it, not of it: no workspace holds them."""


def names() -> list[str]:
    """The vendored targets, in name order."""
    folder = shipped("target_projects")
    return sorted(path.parent.name for path in folder.glob("*/pyproject.toml"))


def folder_of(name: str) -> Path:
    """The project's folder. Raises UsageProblem when there is no such project."""
    known = names()
    if name not in known:
        raise UsageProblem(f"no target project is called {name!r}. {nearest(name, known)}")
    return shipped("target_projects") / name


def prepare(name: str, overrides: Overrides = NOTHING, note: Note = quiet) -> Target:
    """The clean tree of a vendored target under BUGBASH_HOME, copied once per content.

    With a user's options laid over it, a tree of its own that is narrowed.
    """
    folder = folder_of(name)
    tree, digest = _tree(folder)
    target = Target(_spec(folder), name, "vendored", tree, digest)
    if overrides == NOTHING:
        return target
    from bugbash.targets.overrides import layered
    from bugbash.targets.prepare import finished

    return finished(tree, layered(target.spec, overrides, tree), name, "vendored")


def _tree(folder: Path) -> tuple[Path, str]:
    digest = tree_digest(folder, CACHES | NOT_SERVED)
    tree = place_of(digest)
    if not tree.is_dir():
        with staging() as made:
            copy_tree(folder, made, CACHES | NOT_SERVED)
            move_into_place(made, tree)
    return tree, digest


def _spec(folder: Path) -> TargetSpec:
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    root = "src" if (folder / "src").is_dir() else "."
    package = str(project["name"]).replace("-", "_")
    source = package if root == "." else f"{root}/{package}"
    return TargetSpec(
        name=project["name"],
        version=project["version"],
        source_roots=(root,),
        sources=(source,),
        tests=("tests",),
        dependencies=("pytest",),
        test_limit_s=10.0,
        requires_python=project.get("requires-python"),
        entry_points=entry_points_text({"scripts": project.get("scripts", {})}),
        generated=False,
    )
