"""The shape of the package: stages import only backwards, and only commands speak."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bugbash

PACKAGE = Path(bugbash.__file__).parent
STAGES = (
    ("errors", "resources", "files", "git", "plain", "store", "syntax", "words"),
    ("targets",),
    ("mutation",),
    ("trials",),
    ("mining",),
    ("serving",),
    ("recording",),
    ("workspace",),
    ("grading",),
    ("pages",),
    ("commands",),
    ("cli", "__main__"),
)
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}
ALONE = {
    *(f"trials/inside/{path.name}" for path in (PACKAGE / "trials/inside").glob("*.py")),
    "recording/journal.py",
    "recording/recorder.py",
    "serving/journey_runner.py",
    "workspace/plugin.py",
    "workspace/submission_script.py",
}
"""Run in the target's Python, which does not hold bugbash."""

MODULES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*.py")
    if not {"mutators", "scenarios", "target_projects"} & set(path.relative_to(PACKAGE).parts)
)


def parsed(name: str) -> ast.Module:
    return ast.parse((PACKAGE / name).read_text("utf-8"))


def stage_of(module: str) -> str:
    return module.split("/")[0].removesuffix(".py")


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node, in functions too, but for what stands under `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            node = ast.Module(node.orelse, [])
        yield node
        yield from nodes(node)


def imports(name: str) -> Iterator[str]:
    """Dotted names of bugbash that a module imports, at the top or in a function."""
    for node in nodes(parsed(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and str(node.value).startswith("bugbash."):
            yield str(node.value)  # a module named for importlib


def stages_imported(name: str) -> set[str]:
    parts = [imported.split(".") for imported in imports(name)]
    named = {part[1] for part in parts if part[0] == "bugbash" and len(part) > 1}
    return {stage for stage in named if stage in RANK}


def test_every_module_belongs_to_a_stage() -> None:
    assert {stage_of(module) for module in MODULES} - {"__init__"} == set(RANK)


@pytest.mark.parametrize("module", [m for m in MODULES if m != "__init__.py"])
def test_a_stage_imports_only_from_stages_before_it(module: str) -> None:
    own = RANK[stage_of(module)]
    later = {stage for stage in stages_imported(module) if RANK[stage] > own}
    assert not later, f"{module} imports from {', '.join(sorted(later))}"


def test_the_walk_sees_what_is_imported_late_and_not_what_is_for_types_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """\
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from bugbash.commands import check
else:
    import bugbash.grading.verdict
def later():
    from bugbash.serving.order import Order
    import_module("bugbash.workspace.make")
"""
    (tmp_path / "x.py").write_text(source)
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    assert stages_imported("x.py") == {"grading", "serving", "workspace"}


@pytest.mark.parametrize("module", sorted(ALONE))
def test_what_runs_in_the_targets_python_imports_nothing_of_ours(module: str) -> None:
    assert [name for name in imports(module) if name.split(".")[0] == "bugbash"] == []


def speaks(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called == "print" or called.endswith(
        ("click.echo", "click.secho", "stdout.write", "stderr.write", "console.print")
    )


def functions_that_speak(module: str) -> set[str]:
    """Names of the top-level functions and classes of a module that print; "" for the module."""
    found = set()
    for node in parsed(module).body:
        if any(speaks(inner) for inner in [node, *nodes(node)]):
            found.add(getattr(node, "name", ""))
    return found


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if m not in ALONE and stage_of(m) not in ("commands", "cli", "pages")],
)
def test_only_commands_print(module: str) -> None:
    assert functions_that_speak(module) == set()


@pytest.mark.parametrize("module", [m for m in MODULES if stage_of(m) == "pages"])
def test_of_the_pages_only_what_shows_prints(module: str) -> None:
    assert {name for name in functions_that_speak(module) if not name.startswith("show_")} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m not in {*ALONE, "syntax.py"}])
def test_threads_take_turns_to_parse(module: str) -> None:
    names = [ast.unparse(node) for node in nodes(parsed(module)) if isinstance(node, ast.Attribute)]
    assert "ast.parse" not in names


def test_commands_do_print() -> None:
    assert "command" in functions_that_speak("commands/list.py")


HEAVY = {"libcst", "git", "rich", "pytest", "coverage", "jinja2"}


def test_the_command_line_imports_nothing_heavy_at_its_top() -> None:
    tops = {
        alias.name.split(".")[0]
        for node in parsed("cli.py").body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert tops & HEAVY == set()
