"""Compiled and generated files: taken from a target's wheel, and laid over its tree."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from bugbash.errors import EnvironmentProblem
from bugbash.files import walk
from bugbash.targets import archives, uv_tool
from bugbash.targets.detection import metadata, setup_py
from bugbash.targets.detection.layout import NOT_CODE
from bugbash.targets.interpreters import Interpreter, interpreter_of
from bugbash.targets.overrides import Note, canonical, read_toml
from bugbash.targets.spec import TargetSpec

_BINARIES = (".so", ".pyd", ".dylib", ".dll")
_BACKENDS = """
    cython cffi pybind11 nanobind meson-python maturin scikit-build scikit-build-core
    setuptools-rust mypy-extensions hatch-cython
"""
_COMPILING = frozenset(_BACKENDS.split())
_VERSION_VARIABLES = (
    "SETUPTOOLS_SCM_PRETEND_VERSION",
    "PDM_BUILD_SCM_VERSION",
    "PBR_VERSION",
    "POETRY_DYNAMIC_VERSIONING_BYPASS",
)


def best_file(names: Iterable[str], interpreter: Interpreter) -> str | None:
    """The wheel's file name that suits a Python and this platform best; None where none does."""
    from packaging.tags import compatible_tags, cpython_tags
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    numbers = interpreter.numbers
    pure = compatible_tags(numbers, f"cp{numbers[0]}{numbers[1]}")
    ranks = {tag: rank for rank, tag in enumerate([*cpython_tags(numbers), *pure])}
    suitable = []
    for name in sorted(names):
        try:
            tags = parse_wheel_filename(name)[3]
        except InvalidWheelFilename:
            continue
        if fitting := [ranks[tag] for tag in tags if tag in ranks]:
            suitable.append((min(fitting), name))
    return min(suitable)[1] if suitable else None


def dist_info(wheel: Path) -> Path | None:
    """The metadata folder of an unpacked wheel."""
    return next(iter(sorted(wheel.glob("*.dist-info"))), None)


def needs_build(tree: Path) -> bool:
    """Whether the project only runs with files that its build makes, or only its build knows it."""
    pyproject = read_toml(tree / "pyproject.toml")
    requires = pyproject.get("build-system", {}).get("requires", [])
    names = {
        canonical(str(one).split(";")[0].split("[")[0].strip(" <>=~!0123456789.,"))
        for one in requires
    }
    hooks = pyproject.get("tool", {}).get("hatch", {}).get("build", {}).get("hooks", {})
    if names & _COMPILING or set(hooks) - {"vcs", "version"}:
        return True
    if any(not (tree / path).is_file() for path in _version_files(pyproject)):
        return True
    if setup_py.has_extensions(tree / "setup.py"):
        return True
    project = metadata.read(tree)
    return (tree / "setup.py").is_file() and (project.name is None or project.dependencies is None)


def build(tree: Path, spec: TargetSpec, destination: Path, note: Note) -> Path:
    """Build the wheel of a copy of `tree` with uv, and unpack it below `destination`.

    `spec` says of which version, and for which Python.

    Raises EnvironmentProblem with the build's own reason.
    """
    note("building the project once, for the files that its build makes")
    copy, out, unpacked = (destination / name for name in ("copy", "out", "wheel"))
    shutil.copytree(tree, copy)
    variables = dict.fromkeys(_VERSION_VARIABLES, spec.version)
    python = interpreter_of(spec).path
    command = ["build", "--wheel", "--python", python, "--out-dir", str(out), str(copy)]
    try:
        uv_tool.run(command, variables=variables)
    except uv_tool.UvFailure as error:
        raise EnvironmentProblem(
            f"The project's own build failed; a spec with `generated = false` does without. {error}"
        ) from error
    archives.unpack(next(iter(out.glob("*.whl"))), unpacked)
    return unpacked


def lay_over(tree: Path, wheel: Path, spec: TargetSpec) -> tuple[str, ...]:
    """Copy into `tree` what the unpacked `wheel` has and the packages in `tree` lack.

    Returns the copied files, relative to `tree`. A compiled module whose Python source is there
    stays out: it would hide the source, and every bug in it.
    """
    copied = []
    for path in walk(wheel):
        root = _root_for(tree, spec, path)
        if root is None or _has_source(tree / root, path):
            continue
        place = PurePosixPath(root) / path
        target = tree / place
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(wheel / path, target)
            copied.append(str(place))
    return tuple(copied)


def _root_for(tree: Path, spec: TargetSpec, path: PurePosixPath) -> str | None:
    """The source root that a file of the wheel belongs to; None: it belongs to none."""
    top = path.parts[0]
    name = top.split(".")[0]
    if top.endswith((".dist-info", ".data")) or name.lower() in NOT_CODE:
        return None
    for root in spec.source_roots:
        if (tree / root / top).is_dir():
            return root
    compiled = path.suffix in _BINARIES or top.endswith(".libs")
    return spec.source_roots[0] if compiled or len(path.parts) > 1 else None


def _has_source(root: Path, path: PurePosixPath) -> bool:
    source = path.with_name(path.name.split(".")[0] + ".py")
    return path.suffix in _BINARIES and (root / source).is_file()


def _version_files(pyproject: dict[str, object]) -> Iterator[str]:
    tool = pyproject.get("tool")
    if not isinstance(tool, dict):
        return
    scm = tool.get("setuptools_scm", {})
    hook = tool.get("hatch", {}).get("build", {}).get("hooks", {}).get("vcs", {})
    pdm = tool.get("pdm", {}).get("version", {})
    named = (scm.get("version_file"), scm.get("write_to"), hook.get("version-file"))
    for name in (*named, pdm.get("write_to") if isinstance(pdm, dict) else None):
        if isinstance(name, str):
            yield name
