"""The clean suite: what can't be relied on is left out with a reason; what is unfair is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.baseline import Baseline, baseline_of, measure
from bugbash.trials.condition import CONDITIONS
from bugbash.trials.scan import Engine

MakeTarget = Callable[..., Target]

UNRELIABLE = {
    "test_hash_seed": "assert hash('bugbash') % 2 == PARITY[os.environ['PYTHONHASHSEED']]",
    "test_set_order": "assert os.environ['PYTHONHASHSEED'] != '1'",
    "test_zone": "assert time.localtime(0).tm_hour == 0",
    "test_listing": "assert os.listdir(HERE)[0] < os.listdir(HERE)[-1]",
    "test_locale": "assert os.environ['LC_ALL'] == 'C.UTF-8'",
    "test_folder": "assert '/one/' in HERE",
    "test_failing": "assert 1 == 2, 'sums differ'",
    "test_network": "assert socket.socket().connect_ex(('192.0.2.1', 80))",
    "test_lookup": "socket.getaddrinfo('example.com', 80)",
    "test_slow": "time.sleep(30)",
}
SOURCE = "import os, socket, time\nHERE = os.path.dirname(__file__)\nPARITY = {'0': 2}\n"
IDS = """\
import os, time
import pytest

@pytest.mark.parametrize("where", [os.path.basename(os.path.dirname(os.getcwd()))])
def test_path(where): pass

@pytest.mark.parametrize("when", [str(time.time_ns())])
def test_time(when): pass

@pytest.mark.xfail
def test_unexpected(): pass

@pytest.mark.xfail
def test_expected(): assert False

@pytest.mark.skip
def test_skipped(): pass
"""


@pytest.fixture
def mixed(tiny_target: MakeTarget, environment: Environment) -> Baseline:
    """The baseline of a suite with every kind of unreliable test, and reliable ones."""
    lines = [f"def {name}(): {body}\n" for name, body in UNRELIABLE.items()]
    many = "import pytest\n@pytest.mark.parametrize('n', range(12))\ndef test_n(n): pass\n"
    files = {
        "tests/test_unreliable.py": SOURCE + "".join(lines),
        "tests/test_ids.py": IDS,
        "tests/test_many.py": many,
        "tests/test_broken.py": "import no_such_module\n",
    }
    return measure(tiny_target(files, test_limit_s=2.0), environment)


def test_what_can_not_be_relied_on_is_left_out_with_the_reason(mixed: Baseline) -> None:
    why = {item.id.split("::")[1].split("[")[0]: item.why for item in mixed.left_out}
    assert set(UNRELIABLE) | {"test_path", "test_time", "test_unexpected"} == set(why)
    assert why["test_failing"].startswith("fails on the clean code")
    assert "sums differ" in why["test_failing"]
    assert {why["test_network"], why["test_lookup"]} == {"needs the network"}
    assert why["test_slow"] == "took longer than the limit for one test"
    assert why["test_path"] == why["test_time"]
    assert "another id" in why["test_path"]
    assert why["test_unexpected"] == "was expected to fail and passed"
    assert [file.id for file in mixed.ignored_files] == ["tests/test_broken.py"]
    assert "no_such_module" in mixed.ignored_files[0].why


def test_the_rest_counts(mixed: Baseline) -> None:
    reliable = {name for name in mixed.passing if "test_many" not in name}
    assert len(mixed.passing) == 8 + 12
    assert {name.split("::")[0] for name in reliable} == {
        "tests/test_prices.py",
        "tests/test_labels.py",
    }
    assert mixed.skipped == 2
    assert mixed.passing == tuple(sorted(mixed.passing))


def test_tests_that_are_now_and_then_red_are_left_out(
    tiny_target: MakeTarget, environment: Environment, tmp_path: Path
) -> None:
    """Each counts its own runs in a file outside of the tree, and fails in one of them."""
    body = "".join(
        f"""
def test_run_{number}():
    note = Path({str(tmp_path)!r}, "runs-{number}")
    count = len(note.read_text()) if note.exists() else 0
    note.write_text("x" * (count + 1))
    assert count != {number}
"""
        for number in range(2)
    )
    found = measure(
        tiny_target({"tests/test_runs.py": "from pathlib import Path\n" + body}), environment
    )
    left_out = {item.id.split("::")[1] for item in found.left_out}
    assert left_out == {"test_run_0", "test_run_1"}
    assert len(found.passing) == 8


REFUSED: dict[str, tuple[dict[str, str | None], dict[str, object], str]] = {
    "no tests": (
        {"tests/test_prices.py": "", "tests/test_labels.py": ""},
        {},
        "no tests that pytest finds",
    ),
    "every test fails": (
        {"tiny/prices.py": "def total(*_): pass\ndiscounted = is_free = total\n",
         "tiny/labels.py": "def label(*_): pass\nparcel = size = label\n"},
        {},
        "under half",
    ),
    "under half usable": ({"tests/test_half.py": "\n".join(
        f"def test_{n}(): assert False" for n in range(9))}, {}, "under half"),
    "nothing can be imported": (
        {"tiny/__init__.py": "import no_such_module\n"},
        {},
        "can't be collected",
    ),
    "it never ends": (
        {"tests/test_hang.py": "import time\ntime.sleep(60)\n"},
        {"suite_limit_s": 2.0},
        "narrow it with --tests",
    ),
    "it dies": ({"tests/test_a.py": "import os\ndef test_a(): os._exit(1)\n"}, {}, "test_a.py"),
    "unknown option": ({}, {"pytest_args": ("--no-such-option",)}, "--no-such-option"),
    "broken conftest": ({"conftest.py": "import no_such_module\n"}, {}, "no_such_module"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_suite_that_is_of_no_use_is_refused_in_one_sentence(
    case: str, tiny_target: MakeTarget, environment: Environment, own_store: Store
) -> None:
    changes, spec, told = REFUSED[case]
    with pytest.raises(EnvironmentProblem) as caught:
        baseline_of(tiny_target(changes, **spec), environment, own_store)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_exactly_half_is_enough(
    tiny_target: MakeTarget, environment: Environment, own_store: Store
) -> None:
    failing = "\n".join(f"def test_{n}(): assert False" for n in range(8))
    found = baseline_of(tiny_target({"tests/test_half.py": failing}), environment, own_store)
    assert len(found.passing) == 8


def test_a_baseline_is_measured_once_and_read_back_as_it_was(
    tiny_target: MakeTarget, environment: Environment, own_store: Store
) -> None:
    titles: list[str] = []

    def watch(title: str) -> Callable[[int, int], None]:
        titles.append(title)
        return lambda done, total: None

    target = tiny_target()
    first = baseline_of(target, environment, own_store, watch)
    measured = len(titles)
    assert measured >= len(CONDITIONS)
    assert baseline_of(target, environment, own_store, watch) == first
    assert len(titles) == measured
    assert first.reach.lines["tiny/prices.py"][13].bit_count() == 2


def test_a_source_that_is_a_single_file_is_measured_alone(
    engine_of: Callable[..., Engine],
) -> None:
    reach = engine_of(sources=("tiny/prices.py",)).baseline.reach
    assert list(reach.lines) == ["tiny/prices.py"]
    assert reach.lines["tiny/prices.py"][13].bit_count() == 2


def test_a_spec_that_runs_other_tests_has_a_baseline_of_its_own(
    tiny_target: MakeTarget, environment: Environment, own_store: Store
) -> None:
    size = "tests/test_labels.py::test_size"
    specs: list[Mapping[str, object]] = [
        {},
        {"deselect": (size,)},
        {"pytest_args": ("--deselect", "tests/test_prices.py")},
    ]
    found = [baseline_of(tiny_target(**spec), environment, own_store) for spec in specs]
    assert [len(baseline.passing) for baseline in found] == [8, 7, 3]


LISTENING = """\
import socket, time

def test_listening():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 47311))
        server.listen()
        time.sleep(1.5)
"""


def test_runs_that_listen_on_a_fixed_port_take_turns(
    tiny_target: MakeTarget, environment: Environment
) -> None:
    assert not measure(tiny_target({}), environment).alone
    found = measure(tiny_target({"tests/test_listening.py": LISTENING}), environment)
    assert found.alone
    assert "tests/test_listening.py::test_listening" in found.passing
