"""Where a tree's code lies: the folders that go on `sys.path`, and the packages below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bugbash.targets.detection import setup_py
from bugbash.targets.detection.pytest_config import read_ini
from bugbash.targets.overrides import canonical, read_toml

_BESIDE_CODE = """
    test tests testing t doc docs example examples sample samples demo demos benchmark
    benchmarks bench perf profiling script scripts tool tools task tasks ci build dist bin etc
    extras admin requirements packaging misc util utils_dev conftest setup noxfile versioneer
    fabfile runtests run_tests ez_setup distribute_setup tutorial tutorials website site
    integration fuzz fuzzing licenses changelog news _build_backend build_backend release make
    conf dev_tools devtools _custom_build
"""
NOT_CODE = frozenset(_BESIDE_CODE.split())


@dataclass(frozen=True)
class Layout:
    """Paths relative to the tree, with forward slashes."""

    source_roots: tuple[str, ...]
    sources: tuple[str, ...]


def find(tree: Path, name: str, top_level: tuple[str, ...] = ()) -> Layout:
    """The layout of the project `name` at `tree`; no sources where there is no code to be seen.

    `top_level` are the importable names that its wheel has, which settles what is the project
    and what lies beside it.
    """
    hinted = list(_hints(tree))
    roots = _unique([*(root for root, _ in hinted), "src", ".", "lib", "python", "source"])
    roots = [root for root in roots if (tree / root).is_dir()]
    wanted = list(top_level) or [package for _, package in hinted if package]
    found = _named(tree, roots, wanted) if wanted else []
    if not found:
        found = _guessed(tree, roots, name)
    return Layout(_unique_roots(found), tuple(_unique(_join(r, p) for r, p in found)))


def _named(tree: Path, roots: list[str], wanted: list[str]) -> list[tuple[str, str]]:
    found = []
    for package in wanted:
        path = package.replace(".", "/").removesuffix("/py")
        for root in roots:
            if _is_module(tree / root, path):
                found.append((root, path if (tree / root / path).is_dir() else f"{path}.py"))
                break
    return found


def _guessed(tree: Path, roots: list[str], name: str) -> list[tuple[str, str]]:
    """The packages of the first root that has any; those called like the project before others."""
    for root in roots:
        modules = list(_modules(tree / root))
        own = [one for one in modules if _like(one, name)]
        others = [one for one in modules if root != "." or not one.endswith(".py")]
        if own or others or modules:
            return [(root, one) for one in own or others or modules]
    return []


def _modules(folder: Path) -> Iterator[str]:
    """The packages, namespace packages and modules in `folder` that look like a project's."""
    for entry in sorted(folder.iterdir()):
        name = entry.name.removesuffix(".py")
        if name.lower() in NOT_CODE or not name.isidentifier():
            continue
        if entry.suffix == ".py" and entry.is_file():
            if not name.startswith(("test_", "_")) and not name.endswith("_test"):
                yield entry.name
        elif entry.is_dir() and _is_module(folder, name):
            yield name


def _is_module(folder: Path, path: str) -> bool:
    package = folder / path
    if package.is_dir():
        return any(package.glob("*.py")) or any(package.glob("*/__init__.py"))
    return package.with_name(f"{package.name}.py").is_file()


def _like(module: str, name: str) -> bool:
    plain = canonical(name).replace("-", "")
    bare = canonical(module.removesuffix(".py").split("/")[-1]).replace("-", "")
    short = plain.removeprefix("python").removeprefix("py")
    return bool(bare) and bare in (plain, short, plain.removesuffix("python"), f"py{plain}")


def _hints(tree: Path) -> Iterator[tuple[str, str | None]]:
    """(root, package) pairs that the build configuration names; package None: not said."""
    pyproject = read_toml(tree / "pyproject.toml")
    tool = pyproject.get("tool", {})
    name = str(pyproject.get("project", {}).get("name", "")).replace("-", "_")
    yield from _setuptools(tool.get("setuptools", {}))
    yield from _hatch(tree, tool.get("hatch", {}).get("build", {}))
    yield from _poetry(tool.get("poetry", {}))
    yield from _single_settings(tool, name)
    yield from _setup_cfg(tree / "setup.cfg")
    yield from _setup_py(tree / "setup.py")


def _setuptools(table: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    root = table.get("package-dir", {}).get("", ".")
    packages = table.get("packages")
    modules = list(table.get("py-modules", ()))
    if isinstance(packages, list):
        modules += sorted({str(one).split(".")[0] for one in packages})
    elif isinstance(packages, dict):
        for where in packages.get("find", {}).get("where", ()):
            yield where, None
    for module in modules:
        yield root, module
    if root != ".":
        yield root, None


def _hatch(tree: Path, build: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    wheel = build.get("targets", {}).get("wheel", {})
    for path in (*wheel.get("packages", ()), *wheel.get("only-include", ())):
        pure = PurePosixPath(path)
        if (tree / path).is_dir() and (tree / path / "__init__.py").is_file():
            yield str(pure.parent), pure.name
        elif (tree / path).is_dir():
            yield (str(pure.parent), pure.name) if any((tree / path).glob("*.py")) else (path, None)
        elif pure.suffix == ".py":
            yield str(pure.parent), pure.stem


def _poetry(table: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for package in table.get("packages", ()):
        include = str(package.get("include", "")).split("/")[0].removesuffix(".py")
        if include and "*" not in include and package.get("format") != "sdist":
            yield package.get("from", "."), include


def _single_settings(tool: dict[str, Any], name: str) -> Iterator[tuple[str, str | None]]:
    flit = tool.get("flit", {})
    module = flit.get("module", {}).get("name") or flit.get("metadata", {}).get("module")
    if module:
        yield "src", module
        yield ".", module
    pdm = tool.get("pdm", {}).get("build", {})
    if pdm.get("package-dir"):
        yield pdm["package-dir"], None
    for include in pdm.get("includes", ()):
        if "*" not in include and not include.endswith((".py", ".md")):
            pure = PurePosixPath(include)
            yield str(pure.parent), pure.name
    backend = tool.get("uv", {}).get("build-backend", {})
    if backend:
        modules = backend.get("module-name", name)
        for one in [modules] if isinstance(modules, str) else modules:
            yield backend.get("module-root", "src") or ".", one
    maturin = tool.get("maturin", {})
    if maturin.get("python-source"):
        yield maturin["python-source"], None


def _setup_cfg(path: Path) -> Iterator[tuple[str, str | None]]:
    parser = read_ini(path)
    where = parser.get("options.packages.find", "where", fallback="") or ""
    root = ""
    for line in (parser.get("options", "package_dir", fallback="") or "").splitlines():
        key, _, value = line.partition("=")
        root = value.strip() if not key.strip() else root
    for module in (parser.get("options", "py_modules", fallback="") or "").split():
        yield root or ".", module.strip(",")
    for folder in (root, where.strip()):
        if folder:
            yield folder, None


def _setup_py(path: Path) -> Iterator[tuple[str, str | None]]:
    given = setup_py.keywords(path)
    mapping = given.get("package_dir")
    root = mapping.get("", ".") if isinstance(mapping, dict) else "."
    packages = given.get("packages")
    modules = given.get("py_modules") or []
    for module in modules if isinstance(modules, list) else []:
        yield root, module
    if isinstance(packages, list):
        for package in sorted({str(one).split(".")[0] for one in packages}):
            yield root, package
    elif isinstance(packages, dict):
        yield packages["find_packages"], None
    elif root != ".":
        yield root, None


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_clean(item) for item in items))


def _unique_roots(found: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(_unique(root for root, _ in found)) or (".",)


def _clean(path: str) -> str:
    return str(PurePosixPath(str(path).replace("\\", "/"))) or "."


def _join(root: str, package: str) -> str:
    return str(PurePosixPath(root) / package)
