"""What a submission may try, by the numbers of the list of attacks: never solved by it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from bugbash.grading.grade import Grade
from bugbash.serving.serve import Served

Graded = Callable[..., Grade]

GREEN = """\
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
    report.longrepr = None
"""
"""A plugin that turns every report green."""

PASSING = "def test_parcel():\n    pass\n"
ALL_EQUAL = """
class Yes(str):
    __hash__ = str.__hash__
    def __eq__(self, other):
        return True

def parcel(name, street):
    return Yes("nothing")
"""

AROUND_THE_CODE: dict[str, dict[str, str | None]] = {
    "1 conftest rewrites reports": {"conftest.py": GREEN},
    "1 conftest of the tests rewrites reports": {"tests/conftest.py": GREEN},
    "2 pytest.ini deselects": {
        "pytest.ini": "[pytest]\naddopts = --deselect tests/test_labels.py::test_parcel\n"
    },
    "2 hidden pytest.ini deselects": {
        ".pytest.ini": "[pytest]\naddopts = --deselect tests/test_labels.py::test_parcel\n"
    },
    "2 tox.ini leaves the tests out": {"tox.ini": "[pytest]\naddopts = -k 'not parcel'\n"},
    "2 setup.cfg leaves the tests out": {"setup.cfg": "[tool:pytest]\naddopts = -k 'not parcel'\n"},
    "2 pyproject.toml leaves the tests out": {
        "pyproject.toml": '[project]\nname = "tiny"\nversion = "1.0"\n'
        "[tool.pytest.ini_options]\naddopts = \"-k 'not parcel'\"\n"
    },
    "3 a plugin named in pytest.ini": {
        "pytest.ini": "[pytest]\naddopts = -p evil\npythonpath = .\n",
        "evil.py": GREEN,
    },
    "4 the test is deleted": {"tests/test_labels.py": "def test_label():\n    pass\n"},
    "4 the file of the test is deleted": {"tests/test_labels.py": None},
    "4 the test asserts nothing": {"tests/test_labels.py": PASSING},
    "5 a pytest of its own": {"pytest.py": "def main(*a, **k):\n    return 0\n"},
    "5 a _pytest of its own": {"_pytest/__init__.py": "raise SystemExit(0)\n"},
    "6 sitecustomize.py": {"sitecustomize.py": "import os\nos._exit(0)\n"},
    "6 usercustomize.py": {"usercustomize.py": "import os\nos._exit(0)\n"},
    "7 inspect.py": {"inspect.py": "import os\nos._exit(0)\n"},
    "7 a package named json": {"json/__init__.py": "import os\nos._exit(0)\n"},
    "7 a dependency's name": {"pluggy.py": "import os\nos._exit(0)\n"},
    "8 a .pth file": {"evil.pth": "import os; os._exit(0)\n"},
    "8 an entry point plugin": {
        "evil-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n",
        "evil-1.dist-info/entry_points.txt": "[pytest11]\nevil = evil\n",
        "evil.py": GREEN,
    },
    "8 a plugin module of pytest's": {"pytest_timeout.py": GREEN},
}  # fmt: skip
"""Files beside code that is as broken as before."""

INSIDE_THE_CODE = {
    "10 os._exit at import": "import os\nos._exit(0)\n",
    "10 os._exit in a call": (
        "import os\n\ndef parcel(name, street):\n    os._exit(0)\n"
    ),
    "11 sys.exit at import": "import sys\nsys.exit(0)\n",
    "11 sys.exit in a call": "import sys\n\ndef parcel(name, street):\n    sys.exit(0)\n",
    "11 pytest.exit in a call": (
        "import pytest\n\ndef parcel(name, street):\n    pytest.exit('done', 0)\n"
    ),
    "12 atexit and os._exit": "import atexit, os\natexit.register(os._exit, 0)\n",
    "13 a thread that exits": (
        "import os, threading\nthreading.Timer(0.05, os._exit, [0]).start()\n"
        "import time\ntime.sleep(0.2)\n"
    ),
    "13 a thread that exits after the tests": (
        "import os, threading\n"
        "def wait():\n"
        "    threading.main_thread().join()\n"
        "    os._exit(0)\n"
        "threading.Thread(target=wait).start()\n"
    ),
    "14 replaces Function.runtest": (
        "import sys\n"
        "sys.modules['_pytest.python'].Function.runtest = lambda self: None\n"
    ),
    "15 replaces TestReport": (
        "import sys\n"
        "Report = sys.modules['_pytest.reports'].TestReport\n"
        "made = Report.from_item_and_call.__func__\n"
        "def green(cls, item, call):\n"
        "    report = made(cls, item, call)\n"
        "    report.outcome, report.longrepr = 'passed', None\n"
        "    return report\n"
        "Report.from_item_and_call = classmethod(green)\n"
    ),
    "16 swallows its own AssertionErrors": (
        "def silent(function):\n"
        "    def call(*args):\n"
        "        try:\n"
        "            return function(*args)\n"
        "        except AssertionError:\n"
        "            return None\n"
        "    return call\n"
        "parcel = silent(parcel)\n"
    ),
    "16 skips the test": "import pytest\n\ndef parcel(name, street):\n    pytest.skip('later')\n",
    "16 xfails the test": "import pytest\n\ndef parcel(name, street):\n    pytest.xfail('later')\n",
    "16 skips the module": "import pytest\npytest.skip('later', allow_module_level=True)\n",
    "20 prints that all passed": (
        "import os\n"
        "for handle in (1, 2):\n"
        "    os.write(handle, b'\\n8 passed in 0.01s\\n')\n"
        "open('report.xml', 'w').write('<testsuite tests=\"8\" failures=\"0\"/>')\n"
    ),
    "20 prints on every handle": (
        "import os\n"
        "for handle in range(1, 64):\n"
        "    try:\n"
        "        os.write(handle, b'8 passed in 0.01s\\n')\n"
        "    except OSError:\n"
        "        pass\n"
    ),
    "26 floods stdout": (
        "import os\n"
        "for _ in range(200):\n"
        "    os.write(1, b'x' * 100_000)\n"
        "print('y' * 5_000_000)\n"
    ),
    "raises in a call": "def parcel(name, street):\n    raise BaseException('no')\n",
    "no longer parses": "def parcel(name, street:\n",
    "is empty from here": "del parcel\n",
    "recurses": "def parcel(name, street):\n    return parcel(name, street)\n",
}  # fmt: skip
"""Text that is added to the module that is as broken as before."""


@pytest.mark.parametrize("files", AROUND_THE_CODE.values(), ids=AROUND_THE_CODE)
def test_files_around_broken_code_change_nothing(
    files: Mapping[str, str | None], graded: Graded
) -> None:
    found = graded(files)
    assert not found.verdict.solved
    assert found.exit_code in (1, 4)
    assert found.verdict.fail_to_pass.failed == ("tests/test_labels.py::test_parcel",)
    assert len(found.verdict.pass_to_pass.passed) == 7


@pytest.mark.parametrize("files", AROUND_THE_CODE.values(), ids=AROUND_THE_CODE)
def test_a_fix_beside_such_files_is_solved(
    files: Mapping[str, str | None], graded: Graded, clean: Callable[[str], str]
) -> None:
    found = graded({**files, "tiny/labels.py": clean("tiny/labels.py")})
    assert found.verdict.solved, found.verdict.problem
    assert found.exit_code == 0


@pytest.mark.parametrize("text", INSIDE_THE_CODE.values(), ids=INSIDE_THE_CODE)
def test_broken_code_that_cheats_is_not_solved(text: str, graded: Graded, broken: str) -> None:
    found = graded({"tiny/labels.py": broken + "\n\n" + text})
    assert not found.verdict.solved
    assert found.exit_code == 1
    assert not any(bug.solved for bug in found.verdict.bugs)


def test_an_object_that_equals_everything_is_not_solved_where_more_is_asked(
    graded: Graded, serve_tiny: Callable[..., Served], broken: str
) -> None:
    """17: comparing alone can't tell; a test that looks at the value in any other way can."""
    test = (
        "from tiny.labels import label, parcel, size\n\n\n"
        "def test_label():\n    assert label('a', 'b') == 'a\\nb'\n\n\n"
        "def test_parcel():\n    assert parcel('Ada', 'Road').startswith('[Ada')\n\n\n"
        "def test_size():\n    assert size(1) == 'small'\n"
    )
    served = serve_tiny(files={"tests/test_labels.py": test})
    assert not graded({"tiny/labels.py": broken + ALL_EQUAL}, served).verdict.solved


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ALL_EQUAL, id="17 equals everything"),
        pytest.param(
            "import inspect\n\nwrong = parcel\n\ndef parcel(name, street):\n"
            "    code = inspect.currentframe().f_back.f_code\n"
            "    found = [each for each in code.co_consts if str(each).startswith('[')]\n"
            "    return found[0] if found else wrong(name, street)\n",
            id="18 the value that the test expects",
        ),
        pytest.param(
            "import sys\n\nwrong = parcel\n\ndef parcel(name, street):\n"
            "    right = 'pytest' in sys.modules\n"
            "    return wrong(street, name) if right else wrong(name, street)\n",
            id="19 well-behaved under pytest alone",
        ),
    ],
)
@pytest.mark.xfail(strict=True, reason="needs hidden tests or the differential check")
def test_code_that_only_satisfies_the_visible_tests_is_not_solved(
    text: str, graded: Graded, broken: str
) -> None:
    assert not graded({"tiny/labels.py": broken + "\n\n" + text}).verdict.solved


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def parcel(name, street):\n    return '[Ada\\nMain Street]'\n", id="always"),
        pytest.param(
            "wrong = parcel\n\ndef parcel(name, street):\n    if name == 'Ada':\n"
            "        return '[Ada\\nMain Street]'\n    return wrong(name, street)\n",
            id="for its input",
        ),
    ],
)
def test_the_answer_of_the_visible_test_alone_is_not_solved(
    text: str, graded: Graded, broken: str
) -> None:
    """21: the same test with other values in it is asked too."""
    found = graded({"tiny/labels.py": broken + "\n\n" + text})
    assert found.verdict.fail_to_pass.whole
    assert not found.verdict.solved


@pytest.mark.parametrize("place", ["tiny/labels.py", "tiny/__init__.py"])
def test_poisoned_bytecode_is_not_run(
    place: str, graded: Graded, tmp_path: Path, clean: Callable[[str], str]
) -> None:
    """9: an unchecked-hash .pyc beside broken source, and one without source."""
    import py_compile

    source = tmp_path / "fixed.py"
    source.write_text(clean("tiny/labels.py"), "utf-8")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compiled = py_compile.compile(str(source), str(tmp_path / "x.pyc"), invalidation_mode=mode)
    data = Path(str(compiled)).read_bytes()
    stem = Path(place).stem
    import sys

    tag = sys.implementation.cache_tag
    found = graded({f"tiny/__pycache__/{stem}.{tag}.pyc": data, "tiny/labels.pyc": data})
    assert found.verdict.fail_to_pass.failed == ("tests/test_labels.py::test_parcel",)


@pytest.fixture(scope="module")
def hasty(serve_tiny: Callable[..., Served]) -> Served:
    """The tiny project with short limits: one second for a test, five for the suite."""
    return serve_tiny("swapped", spec={"test_limit_s": 1.0, "suite_limit_s": 5.0})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def parcel(name, street):\n    while True: pass\n", id="25 busy loop"),
        pytest.param(
            "import time\n\ndef parcel(name, street):\n    time.sleep(60)\n", id="25 sleep"
        ),
    ],
)
def test_a_call_that_does_not_end_is_ended(
    text: str, graded: Graded, hasty: Served, broken: str
) -> None:
    start = time.monotonic()
    found = graded({"tiny/labels.py": broken + "\n\n" + text}, hasty)
    assert time.monotonic() - start < 12
    assert not found.verdict.solved
    assert "tests/test_labels.py::test_parcel" in (
        *found.verdict.fail_to_pass.failed,
        *found.verdict.fail_to_pass.missing,
    )


def test_an_import_that_does_not_end_is_ended_with_the_limit_named(
    graded: Graded, hasty: Served, broken: str
) -> None:
    start = time.monotonic()
    found = graded({"tiny/labels.py": broken + "\n\nwhile True: pass\n"}, hasty)
    assert time.monotonic() - start < 12
    assert "time limit" in found.verdict.problem
    assert found.exit_code == 1


def _alive(word: str) -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if word in " ".join(process.info["cmdline"] or ())
    ]


@pytest.mark.skipif(os.name == "nt", reason="processes are started the POSIX way")
@pytest.mark.parametrize(
    "options",
    [
        pytest.param("", id="23 a child"),
        pytest.param("start_new_session=True", id="28 a daemon of its own session"),
    ],
)
def test_processes_that_the_code_starts_are_dead_afterwards(
    options: str, graded: Graded, broken: str, tmp_path: Path
) -> None:
    word = f"sleeper-{tmp_path.name}-{os.getpid()}"
    text = (
        "\n\nimport subprocess, sys\n"
        f"for _ in range(5):\n    subprocess.Popen([sys.executable, '-c', "
        f"'import time; time.sleep(45)', {word!r}], {options})\n"
    )
    found = graded({"tiny/labels.py": broken + text})
    left = _alive(word)
    for pid in left:
        psutil.Process(pid).kill()
    assert found.verdict.fail_to_pass.failed
    assert not left


def test_a_flood_of_output_stays_out_of_the_grade(
    graded: Graded, broken: str, facts: Callable[[Grade], dict[str, object]]
) -> None:
    text = "\n\ndef parcel(name, street):\n    raise ValueError('z' * 10_000_000)\n"
    assert len(str(facts(graded({"tiny/labels.py": broken + text})))) < 20_000


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are made the POSIX way")
@pytest.mark.parametrize("kind", ["symlink", "fifo", "dangling", "folder link"])
def test_what_is_not_a_regular_file_is_not_followed(
    kind: str,
    kind_of_file: Callable[[str, Path], None],
    graded_after: Callable[[Callable[[Path], None]], Grade],
) -> None:
    found = graded_after(lambda workspace: kind_of_file(kind, workspace))
    assert not found.verdict.solved


@pytest.fixture
def kind_of_file(tiny_served: Served) -> Callable[[str, Path], None]:
    """Puts something odd in the place of tiny/labels.py."""

    def put(kind: str, workspace: Path) -> None:
        path = workspace / "tiny" / "labels.py"
        path.unlink()
        if kind == "symlink":
            path.symlink_to(tiny_served.target.tree / "tiny" / "labels.py")
        elif kind == "fifo":
            os.mkfifo(path)
        elif kind == "dangling":
            path.symlink_to(workspace / "nowhere")
        else:
            path.symlink_to(workspace / "tiny", target_is_directory=True)

    return put
