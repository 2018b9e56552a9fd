"""From a raw copy of a project to the prepared tree that workspaces and trials start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from bugbash.errors import UsageProblem
from bugbash.files import CACHES, copy_tree, is_under, tree_digest, walk
from bugbash.targets.detection import pytest_config
from bugbash.targets.detection.pytest_config import PytestConfig
from bugbash.targets.detection.suite import imported_ones
from bugbash.targets.journeys import check_journeys, journeys_of, keep, take_out
from bugbash.targets.overrides import OWN_SPEC
from bugbash.targets.spec import Sort, Target, TargetSpec
from bugbash.targets.trees import move_into_place, place_of, staging

LEFT_OUT = CACHES | {
    ".hg", ".svn", ".tox", ".nox", ".eggs", "node_modules", "venv", "env", ".idea", ".vscode",
    ".zed", ".DS_Store", ".coverage", "htmlcov", ".github", ".gitlab", ".circleci", OWN_SPEC,
}  # fmt: skip


class NoTests(UsageProblem):
    """A project without a suite."""


def finished(
    raw: Path,
    spec: TargetSpec,
    argument: str,
    sort: Sort,
    overlay: tuple[str, ...] = (),
    whole: bool = False,
) -> Target:
    """The target whose clean code lies in `raw`, copied to its place by content and trimmed.

    With `whole`, what belongs to editors and services stays, as in the commit that it comes from.

    Test files outside `spec.tests` are gone from it, so that plain `pytest` runs just the
    suite, and a tree without pytest configuration has an empty one.
    Raises NoTests where there are none.
    """
    check_tests(raw, spec)
    with staging() as folder, staging() as aside:
        copy_tree(raw, folder, CACHES if whole else LEFT_OUT)
        journeys = take_out(folder, spec, aside)
        config = pytest_config.read(folder)
        for path in superfluous_tests(folder, spec, config):
            (folder / path).unlink()
        if config.file is None:
            (folder / "pytest.ini").write_text(_configuration(spec, config), "utf-8")
        digest = tree_digest(folder)
        keep(journeys, digest)
        tree = move_into_place(folder, place_of(digest))
    present = tuple(sorted(path for path in overlay if (tree / path).is_file()))
    return Target(spec, argument, sort, tree, digest, present)


def with_files(target: Target, files: Mapping[str, str]) -> Target:
    """The target with more files in its clean tree, as hidden tests are; itself without any.

    Raises UsageProblem for a file that the tree has already.
    """
    if not files:
        return target
    with staging() as folder:
        copy_tree(target.tree, folder)
        for name, text in sorted(files.items()):
            path = folder / name
            if path.exists():
                raise UsageProblem(f"{target.argument} has a file {name} already: name it anew.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        digest = tree_digest(folder)
        if target.sort != "vendored":
            keep(journeys_of(target), digest)
        tree = move_into_place(folder, place_of(digest))
    others = [name for name in files if not is_under(name, target.spec.tests)]
    spec = replace(target.spec, tests=(*target.spec.tests, *sorted(others)))
    return replace(target, spec=spec, tree=tree, digest=digest)


def check_tests(tree: Path, spec: TargetSpec) -> None:
    """Raises NoTests where the spec names none, UsageProblem where it names what is missing."""
    if not spec.tests:
        raise NoTests(
            f"{spec.name} {spec.version} has no tests here: bugbash needs a suite that shows a bug "
            "(--tests PATH says where one lies; a package's repository, git+URL, often has it)."
        )
    for path in (*spec.tests, *spec.sources, *spec.source_roots):
        if not (tree / path).exists():
            raise UsageProblem(f"The spec of {spec.name} names {path}, which the tree lacks.")
    check_journeys(tree, spec)


def superfluous_tests(tree: Path, spec: TargetSpec, config: PytestConfig) -> list[PurePosixPath]:
    """Files that pytest would collect although the spec's suite does not have them.

    A file that something kept imports stays, whatever it is called.
    """
    files = {path for path in walk(tree) if path.suffix == ".py"}
    outside = {
        path
        for path in files
        if config.is_test_file(path) and not any(_below(path, root) for root in spec.tests)
    }
    return sorted(outside - imported_ones(tree, files - outside, outside))


def _below(path: PurePosixPath, root: str) -> bool:
    return root == "." or path.is_relative_to(root)


def _configuration(spec: TargetSpec, config: PytestConfig) -> str:
    """Empty, unless the suite lies in files that pytest does not look for by itself."""
    unusual = {
        PurePosixPath(path).name
        for path in spec.tests
        if path.endswith(".py") and not config.is_test_file(PurePosixPath(path))
    }
    if not unusual:
        return ""
    names = " ".join((*config.python_files, *sorted(unusual)))
    return f"[pytest]\npython_files = {names}\n"
