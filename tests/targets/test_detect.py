"""What is detected in small trees of every layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.errors import UsageProblem
from bugbash.targets.detect import check_python, detect
from bugbash.targets.detection import pytest_config
from bugbash.targets.spec import TargetSpec

Tree = Callable[..., Path]

TEST = "def test_it():\n    assert True\n"
PROJECT = '[project]\nname = "wares"\nversion = "1.2"\n'


def _layout(spec: TargetSpec) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return spec.source_roots, spec.sources, spec.tests


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"pyproject.toml": PROJECT, "src/wares/__init__.py": "", "tests/test_a.py": TEST},
            (("src",), ("src/wares",), ("tests",)),
            id="src layout",
        ),
        pytest.param(
            {"pyproject.toml": PROJECT, "wares/__init__.py": "", "test/test_a.py": TEST},
            ((".",), ("wares",), ("test",)),
            id="flat layout",
        ),
        pytest.param(
            {"pyproject.toml": PROJECT, "wares.py": "", "test_wares.py": TEST, "other.py": ""},
            ((".",), ("wares.py",), ("test_wares.py",)),
            id="a single module and a single test file",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT,
                "wares/__init__.py": "",
                "wares/test_tools.py": "class Helper: ...\n",
                "wares/x/tests/test_a.py": TEST,
            },
            ((".",), ("wares",), ("wares/x/tests",)),
            id="tests inside the package",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT + '[tool.setuptools.package-dir]\n"" = "code"\n',
                "code/wares/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            (("code",), ("code/wares",), ("tests",)),
            id="setuptools package-dir",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT + '[tool.setuptools.packages.find]\nwhere = ["code"]\n',
                "code/wares/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            (("code",), ("code/wares",), ("tests",)),
            id="setuptools packages.find.where",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT
                + '[tool.hatch.build.targets.wheel]\npackages = ["backend/goods"]\n',
                "backend/goods/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            (("backend",), ("backend/goods",), ("tests",)),
            id="hatch packages",
        ),
        pytest.param(
            {
                "pyproject.toml": '[tool.poetry]\nname = "wares"\nversion = "1"\n'
                'packages = [{ include = "goods", from = "lib" }]\n',
                "lib/goods/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            (("lib",), ("lib/goods",), ("tests",)),
            id="poetry packages",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT + '[tool.flit.module]\nname = "goods"\n',
                "goods/__init__.py": "",
                "stray/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            ((".",), ("goods",), ("tests",)),
            id="flit module",
        ),
        pytest.param(
            {
                "setup.py": "from setuptools import setup, find_packages\n"
                "setup(name='wares', package_dir={'': 'code'}, packages=find_packages('code'))\n",
                "code/wares/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            (("code",), ("code/wares",), ("tests",)),
            id="setup.py alone",
        ),
        pytest.param(
            {
                "setup.cfg": "[metadata]\nname = wares\n[options]\npackage_dir =\n    =code\n",
                "code/wares/__init__.py": "",
                "tests/test_a.py": TEST,
            },
            (("code",), ("code/wares",), ("tests",)),
            id="setup.cfg",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT + '[tool.pytest.ini_options]\ntestpaths = ["checks"]\n',
                "wares/__init__.py": "",
                "checks/test_a.py": TEST,
                "tests/test_b.py": TEST,
            },
            ((".",), ("wares",), ("checks",)),
            id="testpaths win over names",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT + '[tool.pytest.ini_options]\ntestpaths = ["wares"]\n',
                "wares/__init__.py": "",
                "wares/tests/test_a.py": TEST,
                "wares/sub/test_b.py": TEST,
            },
            ((".",), ("wares",), ("wares/sub/test_b.py", "wares/tests")),
            id="testpaths that name the package itself",
        ),
        pytest.param(
            {"pyproject.toml": PROJECT, "wares/__init__.py": "", "tests/tests.py": TEST},
            ((".",), ("wares",), ("tests/tests.py",)),
            id="a test file with another name",
        ),
        pytest.param(
            {"pyproject.toml": PROJECT, "src/ns/wares/__init__.py": "", "tests/test_a.py": TEST},
            (("src",), ("src/ns",), ("tests",)),
            id="a namespace package",
        ),
        pytest.param(
            {
                "pyproject.toml": PROJECT,
                "wares/__init__.py": "",
                "tests/test_a.py": TEST,
                "docs/test_docs.py": TEST,
                "examples/test_demo.py": TEST,
            },
            ((".",), ("wares",), ("tests",)),
            id="examples and docs are no suite",
        ),
    ],
)
def test_layout(make_tree: Tree, files: dict[str, str], expected: object) -> None:
    assert _layout(detect(make_tree(files), "wares")) == expected


def _with(pyproject: str = "", test: str = TEST, **files: str) -> dict[str, str]:
    base = {
        "pyproject.toml": PROJECT + pyproject,
        "wares/__init__.py": "",
        "tests/test_a.py": test,
    }
    return base | {name.replace("__", "/").replace("_txt", ".txt"): f for name, f in files.items()}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(_with('dependencies = ["idna>=2"]\n'), {"idna>=2", "pytest"}, id="runtime"),
        pytest.param(
            _with('[dependency-groups]\nbase = ["mock"]\ntests = [{ include-group = "base" }]\n'),
            {"mock", "pytest"},
            id="a group that includes a group",
        ),
        pytest.param(
            _with('[project.optional-dependencies]\ntest = ["trio"]\ndocs = ["furo"]\n'),
            {"trio", "pytest"},
            id="an extra named test",
        ),
        pytest.param(
            _with('[project.optional-dependencies]\na = ["six"]\ntests = ["wares[a]"]\n'),
            {"six", "pytest"},
            id="an extra that names an extra of its own project",
        ),
        pytest.param(
            _with('[dependency-groups]\ndev = ["ruff", "mypy", "sphinx", "trio", "tox"]\n'),
            {"trio", "pytest"},
            id="dev without its tools",
        ),
        pytest.param(
            _with('[tool.hatch.envs.hatch-test]\nextra-dependencies = ["trio"]\n'),
            {"trio", "pytest"},
            id="hatch environment",
        ),
        pytest.param(
            _with('[tool.poetry.group.test.dependencies]\ntrio = "^0.22"\n'),
            {"trio>=0.22", "pytest"},
            id="poetry group",
        ),
        pytest.param(
            _with('[tool.pdm.dev-dependencies]\ntest = ["trio"]\n'),
            {"trio", "pytest"},
            id="pdm group",
        ),
        pytest.param(
            _with(
                requirements__tests_txt="-r base.txt\ntrio  # why\n", requirements__base_txt="six"
            ),
            {"six", "trio", "pytest"},
            id="requirements files with includes",
        ),
        pytest.param(
            _with() | {"tox.ini": "[testenv]\ndeps =\n    trio\n    py38: mock\n"},
            {"trio", "pytest"},
            id="tox",
        ),
        pytest.param(
            _with(
                '[project.optional-dependencies]\nbig = ["trio", "six"]\n', "import trio\n" + TEST
            ),
            {"trio", "six", "pytest"},
            id="features where nothing is said about tests",
        ),
        pytest.param(
            _with('[dependency-groups]\ntest = ["mock"]\nother = ["trio>=1"]\n', "import trio\n"),
            {"mock", "trio>=1", "pytest"},
            id="what tests import, from wherever it is declared",
        ),
        pytest.param(
            _with(test="import yaml\nimport freezegun\nimport unheard_of\n"),
            {"PyYAML", "freezegun", "pytest"},
            id="well-known libraries that nothing declares, and no unknown ones",
        ),
        pytest.param(
            _with(test="def test_it(mocker): ...\n"), {"pytest-mock", "pytest"}, id="a fixture"
        ),
        pytest.param(
            _with('[tool.pytest.ini_options]\naddopts = "--cov=wares -n 4"\n'),
            {"pytest-cov", "pytest-xdist", "pytest"},
            id="plugins that the configured options need",
        ),
        pytest.param(
            _with('[dependency-groups]\ntest = ["wares", "pytest-xdist"]\n'),
            {"pytest"},
            id="never the target itself",
        ),
    ],
)
def test_dependencies(make_tree: Tree, files: dict[str, str], expected: set[str]) -> None:
    assert {r.lower() for r in detect(make_tree(files), "wares").dependencies} == {
        r.lower() for r in expected
    }


def test_options_that_disturb_a_trial_are_calmed(make_tree: Tree) -> None:
    options = '[tool.pytest.ini_options]\naddopts = "--cov -n 4"\n'
    spec = detect(make_tree(_with(options, "def test_it(benchmark): ...\n")), "wares")

    assert spec.pytest_args == ("--benchmark-disable", "--no-cov", "-n0")


def test_metadata_comes_from_the_project_table(make_tree: Tree) -> None:
    table = 'requires-python = ">=3.9"\n[project.scripts]\nwares = "wares:main"\n'
    spec = detect(make_tree(_with(table)), "folder")

    assert (spec.name, spec.version, spec.requires_python) == ("wares", "1.2", ">=3.9")
    assert spec.entry_points == "[console_scripts]\nwares = wares:main\n"


def test_version_from_the_source(make_tree: Tree) -> None:
    files = {"wares/__init__.py": "__version__ = '3.4'\n", "tests/test_a.py": TEST}

    assert detect(make_tree(files), "wares").version == "3.4"


def test_sdist_metadata(make_tree: Tree) -> None:
    headers = (
        "Metadata-Version: 2.1\nName: wares\nVersion: 9\nRequires-Dist: idna\n"
        'Requires-Dist: trio; extra == "test"\n'
    )
    files = {"PKG-INFO": headers, "wares/__init__.py": "", "tests/test_a.py": TEST}
    spec = detect(make_tree(files), "wares")

    assert spec.version == "9"
    assert set(spec.dependencies) == {"idna", "trio", "pytest"}


def test_a_setup_py_is_read_and_not_run(make_tree: Tree) -> None:
    script = (
        "from setuptools import setup\nraise SystemExit\nrequires = ['idna']\n"
        "setup(name='wares', version='2', install_requires=requires + ['six'],\n"
        "      extras_require={'test': ['trio']})\n"
    )
    files = {"setup.py": script, "wares/__init__.py": "", "tests/test_a.py": TEST}
    spec = detect(make_tree(files), "folder")

    assert (spec.name, spec.version) == ("wares", "2")
    assert set(spec.dependencies) == {"idna", "six", "trio", "pytest"}


def test_a_tree_without_code_is_refused(make_tree: Tree) -> None:
    with pytest.raises(UsageProblem, match="No Python code"):
        detect(make_tree({"README.md": "hello"}), "wares")


def test_another_python_is_refused() -> None:
    with pytest.raises(UsageProblem, match=r"needs Python <3, and bugbash runs on 3\."):
        check_python(TargetSpec("wares", requires_python="<3"))


@pytest.mark.parametrize(
    ("files", "file"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"pytest.ini": ""}, "pytest.ini", id="an empty pytest.ini counts"),
        pytest.param({"tox.ini": "[tox]\n"}, None, id="a tox.ini without a section does not"),
        pytest.param({"tox.ini": "[pytest]\na = 1\n"}, "tox.ini", id="tox.ini"),
        pytest.param({"setup.cfg": "[tool:pytest]\na = 1\n"}, "setup.cfg", id="setup.cfg"),
        pytest.param(
            {"pyproject.toml": "[tool.pytest.ini_options]\nx = 1\n", "tox.ini": "[pytest]\na=1\n"},
            "pyproject.toml",
            id="pyproject.toml before tox.ini",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.pytest]\nminversion = '9'\n"},
            "pyproject.toml",
            id="the table of pytest 9",
        ),
    ],
)
def test_pytest_configuration(make_tree: Tree, files: dict[str, str], file: str | None) -> None:
    assert pytest_config.read(make_tree({"x": "", **files})).file == file
