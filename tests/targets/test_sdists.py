"""Targets from a registry: a folder on this disk stands in for it, through uv itself."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import walk
from bugbash.targets.resolve import Overrides, resolve

MakeSdist = Callable[..., Path]

FILES = {"wares/__init__.py": "ONE = 1\n", "tests/test_a.py": "def test_a(): ...\n"}


def make_wheel(folder: Path, name: str, version: str, files: dict[str, str], tag: str) -> Path:
    """Writes a wheel with these files into the registry's folder."""
    stem = f"{name}-{version}"
    metadata = f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n"
    content = {
        **files,
        f"{stem}.dist-info/METADATA": metadata,
        f"{stem}.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
        f"{stem}.dist-info/entry_points.txt": "[console_scripts]\nwares = wares:main\n",
    }
    content[f"{stem}.dist-info/RECORD"] = "".join(f"{path},,\n" for path in content)
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in content.items():
            archive.writestr(member, text)
    return path


def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "an empty cache"))


def test_the_newest_release_with_its_tests(make_sdist: MakeSdist) -> None:
    make_sdist("wares", "1.0", FILES)
    make_sdist("wares", "1.1", FILES)
    target = resolve("pypi:Wares")

    assert target.argument == "pypi:wares==1.1"
    assert (target.sort, target.spec.version, target.spec.tests) == ("pypi", "1.1", ("tests",))
    assert resolve("pypi:wares==1.0").spec.version == "1.0"


def test_a_second_time_needs_no_network(
    make_sdist: MakeSdist, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_sdist("wares", "1.0", FILES)
    first = resolve("pypi:wares")
    _offline(monkeypatch, tmp_path)
    notes: list[str] = []

    assert resolve("pypi:wares", note=notes.append) == first
    assert notes == ["no network: wares means 1.0, which was downloaded before"]
    assert resolve("pypi:wares==1.0") == first
    assert resolve("pypi:wares", Overrides(with_=("six",))).spec.dependencies[-1] == "six"


def test_without_a_network_the_first_time(
    registry_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert registry_folder
    _offline(monkeypatch, tmp_path)

    with pytest.raises(EnvironmentProblem, match=r"wares has not been downloaded yet\. .*network"):
        resolve("pypi:wares")


def test_compiled_and_generated_files_come_from_the_wheel(
    make_sdist: MakeSdist, registry_folder: Path
) -> None:
    make_sdist("wares", "1.0", FILES | {"wares/pure.py": "", "wares/data.txt": "from the sdist"})
    from packaging.tags import sys_tags

    files = {
        "wares/__init__.py": "OTHER = 1\n",
        "wares/_version.py": "version = '1.0'\n",
        "wares/_fast.abi3.so": "machine code",
        "wares/pure.abi3.so": "would hide pure.py",
        "wares/data.txt": "from the wheel",
        "wares.libs/libc.so": "machine code",
        "tests/test_z.py": "",
    }
    make_wheel(registry_folder, "wares", "1.0", files, str(next(sys_tags())))
    target = resolve("pypi:wares")

    assert target.overlay == ("wares.libs/libc.so", "wares/_fast.abi3.so", "wares/_version.py")
    assert (target.tree / "wares/__init__.py").read_text() == "ONE = 1\n"
    assert (target.tree / "wares/data.txt").read_text() == "from the sdist"
    assert target.spec.entry_points == "[console_scripts]\nwares = wares:main\n"
    assert {str(path) for path in walk(target.tree / "tests")} == {"test_a.py"}


def test_generated_files_can_be_declined(
    make_sdist: MakeSdist, registry_folder: Path, tmp_path: Path
) -> None:
    make_sdist("wares", "1.0", FILES)
    make_wheel(registry_folder, "wares", "1.0", {"wares/_version.py": ""}, "py3-none-any")
    (tmp_path / "spec.toml").write_text("generated = false\n")

    assert resolve("pypi:wares", Overrides(spec_file=tmp_path / "spec.toml")).overlay == ()


def test_refused_packages(make_sdist: MakeSdist, registry_folder: Path) -> None:
    make_sdist("bare", "1.0", {"bare.py": ""})
    make_wheel(registry_folder, "nosdist", "1.0", {"nosdist.py": ""}, "py3-none-any")
    cases = {
        "pypi:nosuchthing": "no package nosuchthing",
        "pypi:clikc": "Did you mean 'click'",
        "pypi:bare==7": "no bare 7",
        "pypi:bare": "has no tests",
        "pypi:nosdist": "has no sdist",
        "pypi:pytest": "pytest itself needs it",
        "pypi:Pygments==2": "pytest itself needs it",
        "pypi:": "not of the form",
        "pypi:a>=2": "not of the form",
        "pypi:a==1; x": "not of the form",
    }
    for argument, reason in cases.items():
        with pytest.raises(UsageProblem, match=reason):
            resolve(argument)


def test_a_damaged_sdist(make_sdist: MakeSdist) -> None:
    path = make_sdist("wares", "1.0", FILES)
    with pytest.raises(EnvironmentProblem, match=r"can't be|damaged|could not"):
        path.write_bytes(path.read_bytes()[:200])
        resolve("pypi:wares")


def test_a_tree_that_was_deleted_is_made_again(make_sdist: MakeSdist) -> None:
    import shutil

    make_sdist("wares", "1.0", FILES)
    target = resolve("pypi:wares==1.0")
    shutil.rmtree(target.tree)

    assert resolve("pypi:wares==1.0") == target
    assert target.tree.is_dir()


def test_nothing_half_made_is_left(make_sdist: MakeSdist, home: Path) -> None:
    make_sdist("wares", "1.0", FILES)
    resolve("pypi:wares")

    assert not list((home / "trees").glob(".*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["itsdangerous", "mako"])
def test_a_shipped_spec_from_the_registry(name: str) -> None:
    target = resolve(name)

    assert target.spec.released is not None
    assert target.argument.startswith(f"pypi:{name}==")
