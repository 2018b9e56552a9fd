"""Where a target's journeys lie: they are about the project, so no workspace holds them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from bugbash.errors import UsageProblem
from bugbash.files import copy_tree, remove_tree, tree_digest
from bugbash.resources import shipped
from bugbash.targets.spec import Target, TargetSpec
from bugbash.targets.trees import move_into_place, place_of, staging

FOLDER = "journeys"
"""What the folder is called in the projects that ship with bugbash."""


def journeys_of(target: Target) -> Path | None:
    """The folder with the target's journeys; None where it has none."""
    if target.sort == "vendored":
        folder = shipped("target_projects") / target.argument / FOLDER
    else:
        folder = _kept(target.digest)
    return folder if folder.is_dir() else None


def check_journeys(tree: Path, spec: TargetSpec) -> None:
    """Raises UsageProblem where the spec's journeys are no folder inside the project."""
    if spec.journeys is None:
        return
    path = PurePosixPath(spec.journeys)
    if not path.parts or path.is_absolute() or ".." in path.parts:
        raise UsageProblem(
            f"The spec of {spec.name} has its journeys in {spec.journeys!r}: name a folder inside "
            "the project."
        )
    if not (tree / path).is_dir():
        raise UsageProblem(
            f"The spec of {spec.name} has its journeys in {spec.journeys}, a folder that the "
            "project lacks."
        )


def take_out(tree: Path, spec: TargetSpec, aside: Path) -> Path | None:
    """Move the journeys of a tree that is being prepared into `aside`; None: it has none."""
    if spec.journeys is None or not (tree / spec.journeys).is_dir():
        return None
    taken = aside / FOLDER
    (tree / spec.journeys).rename(taken)
    return taken


def keep(taken: Path | None, digest: str) -> None:
    """Make these the journeys of the tree with this digest, in the place of earlier ones."""
    place = _kept(digest)
    if taken is None:
        remove_tree(place)
        return
    with staging() as made:
        copy_tree(taken, made)
        move_into_place(made, place)
        if tree_digest(place) != tree_digest(taken):
            remove_tree(place)
            move_into_place(made, place)


def _kept(digest: str) -> Path:
    """Beside the clean tree, which is kept as long as an attempt needs it."""
    return place_of(f"{digest}.{FOLDER}")
