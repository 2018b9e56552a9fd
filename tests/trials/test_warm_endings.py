"""How warm work can end early, and what is kept of it: nothing wrong, nothing left behind."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from bugbash.files import tree_digest
from bugbash.mutation.sites import Mutant
from bugbash.serving.survey import audited, finding_of
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target
from bugbash.trials.audit import agree
from bugbash.trials.auto import AutoEngine
from bugbash.trials.baseline import baseline_of
from bugbash.trials.line import can_fork
from bugbash.trials.outcome import Trial
from bugbash.trials.scan import Engine, MutantTrial, try_mutants
from bugbash.trials.workers import HaltedRun
from tests.trials.test_scan import mutant

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")

LABELS = "tiny/labels.py"
TOTAL = "tests/test_prices.py::test_total"
KILLED = ("return sum(prices)", "return sum(prices) + 1")
IMPORT = ("def total(prices: list[int])", "def total(prices: list[int], rate: int)")
HANGS = ("return sum(prices)", "__import__('time').sleep(60)")

AutoOf = Callable[..., AutoEngine]


class ColdCounter(AutoEngine):
    """Counts its cold runs."""

    runs = 0

    def run(self, *args: Any, **kwargs: Any) -> Trial:
        self.runs += 1
        return super().run(*args, **kwargs)


@pytest.fixture
def auto_of(engine_of: Callable[..., Engine]) -> Iterator[AutoOf]:
    """Makes a prepared engine over the tiny project with some files changed."""
    made: list[AutoEngine] = []

    def make(
        changes: Mapping[str, str] | None = None, exact: bool = True, jobs: int = 1, **spec: Any
    ) -> AutoEngine:
        engine = engine_of(changes, kind=ColdCounter, **spec)
        assert isinstance(engine, AutoEngine)
        made.append(engine)
        engine.prepare(jobs, exact=exact)
        return engine

    yield make
    for engine in made:
        engine.close()


def found(engine: Engine, texts: tuple[str, str]) -> tuple[str, str, tuple[str, ...]]:
    trial = engine.try_mutant(mutant(engine.target, *texts))
    return trial.engine, trial.outcome, trial.fail_to_pass


def zygotes(parent: int | None = None) -> list[psutil.Process]:
    """The processes of warm engines below a process, the one before the first import first."""
    found = []
    for one in psutil.Process(parent).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # gone, or a zombie, by now
            found += [one] if any("zygote.py" in part for part in one.cmdline()) else []
    return found


@pytest.mark.parametrize("which", [0, 1, 2], ids=["fresh", "collected", "gate"])
def test_a_worker_whose_process_is_killed_answers_cold_and_begins_again(
    which: int, auto_of: AutoOf
) -> None:
    engine = auto_of()
    assert found(engine, KILLED) == ("swap", "killed", (TOTAL,))
    zygotes()[which].kill()
    if which:
        texts = KILLED if which == 1 else IMPORT
        assert found(engine, texts) == ("cold", "killed", (TOTAL,))
    assert found(engine, KILLED)[1:] == ("killed", (TOTAL,))
    assert found(engine, KILLED) == ("swap", "killed", (TOTAL,))
    assert len(zygotes()) == 3
    assert found(engine, IMPORT) == ("reimport", "killed", (TOTAL,))
    assert engine.has_gate


def test_a_suite_that_knows_its_process_is_run_from_the_start(auto_of: AutoOf) -> None:
    conftest = "import os\n\n\ndef pytest_configure(config): config.loaded_by = os.getpid()\n"
    asks = (
        "import os\n\n\ndef test_own(pytestconfig): assert pytestconfig.loaded_by == os.getpid()\n"
    )
    engine = auto_of({"tests/conftest.py": conftest, "tests/test_own.py": asks})
    assert engine.why_cold == ""
    assert engine.fresh_only == "its clean suite fails in a session that was collected before"
    assert not engine.has_gate
    assert found(engine, IMPORT) == ("reimport", "killed", (TOTAL,))
    assert found(engine, KILLED) == ("reimport", "killed", (TOTAL,))


def test_a_run_that_was_halted_answers_no_later_question(auto_of: AutoOf) -> None:
    engine = auto_of(test_limit_s=50.0)
    halt = threading.Event()
    timer = threading.Timer(1.0, halt.set)
    timer.start()
    with pytest.raises(HaltedRun):
        engine.try_mutant(mutant(engine.target, *HANGS), halt=halt)
    assert zygotes() == []
    first, second = found(engine, KILLED), found(engine, KILLED)
    assert (first[1:], second) == (("killed", (TOTAL,)), ("swap", "killed", (TOTAL,)))


def test_an_engine_that_is_closed_leaves_no_process(auto_of: AutoOf) -> None:
    engine = auto_of()
    assert len(zygotes()) == 3
    engine.close()
    assert zygotes() == []


def test_what_a_mutant_does_to_the_project_is_gone_before_the_next(auto_of: AutoOf) -> None:
    reads = (
        "from pathlib import Path\ndef test_read(): assert Path('README.md').stat().st_size > 9\n"
    )
    engine = auto_of({"tests/test_read.py": reads})
    writes = "__import__('pathlib').Path('{}').write_text('x'); return sum(prices) + 1"
    for file in ("README.md", "new.md"):
        engine.try_mutant(mutant(engine.target, "return sum(prices)", writes.format(file)))
        assert found(engine, KILLED) == ("swap", "killed", (TOTAL,))


def test_a_test_named_after_the_time_of_day_stops_no_swap(auto_of: AutoOf) -> None:
    clock = (
        "import time\nimport pytest\n\n\n"
        "@pytest.mark.parametrize('now', [time.time_ns()])\ndef test_now(now): assert now\n"
    )
    engine = auto_of({"tests/test_now.py": clock}, jobs=2)
    assert engine.fresh_only == ""
    assert found(engine, KILLED) == ("swap", "killed", (TOTAL,))


def tried(engine: Engine, mutants: list[Mutant]) -> list[tuple[Mutant, MutantTrial]]:
    return list(try_mutants(engine, mutants))


def test_results_are_kept_and_used_again(auto_of: AutoOf) -> None:
    engine = auto_of()
    mutants = [mutant(engine.target, *KILLED), mutant(engine.target, "percent < 0", "percent < -0")]
    first = tried(engine, mutants)
    again = ColdCounter(engine.target, engine.environment, engine.baseline, engine.store)
    again.why_cold = "it was never prepared"
    assert tried(again, mutants) == first
    assert again.runs == 0


def test_the_cold_engine_ignores_what_the_warm_one_found(auto_of: AutoOf) -> None:
    engine = auto_of()
    one = mutant(engine.target, *KILLED)
    tried(engine, [one])
    cold = Engine(engine.target, engine.environment, engine.baseline, engine.store)
    assert engine.known(one, 0) is not None
    assert cold.known(one, 0) is None
    ((_, trial),) = tried(cold, [one])
    assert trial.engine == "cold"
    known = engine.known(one, 0)
    assert known is not None
    assert known.engine == "cold"


def test_a_changed_file_has_its_own_mutants_tried_again_and_no_others(
    auto_of: AutoOf, target_of: Callable[..., Target], environment: Environment, store: Store
) -> None:
    engine = auto_of()
    ours = mutant(engine.target, *KILLED)
    theirs = mutant(engine.target, 'return "large"', 'return "huge"', LABELS)
    tried(engine, [ours, theirs])
    folder = engine.target.tree
    with (folder / LABELS).open("a") as file:
        file.write("\n\nMORE = 1\n")
    target = target_of(folder)
    changed = ColdCounter(
        target, environment, baseline_of(target, environment, store), engine.store
    )
    changed.why_cold = "not prepared"
    tried(changed, [ours])
    assert changed.runs == 0
    tried(changed, [theirs])
    assert changed.runs == 1


class Liar(AutoEngine):
    """Says of every mutant that it survived."""

    def try_mutant(
        self, mutant: Mutant, maxfail: int = 0, halt: threading.Event | None = None
    ) -> MutantTrial:
        return MutantTrial(mutant.id, "survived", (), True, 0.1, True, engine="swap")


def test_an_engine_that_lies_is_found_out_and_the_cold_answer_counts(
    engine_of: Callable[..., Engine],
) -> None:
    engine = engine_of(kind=Liar)
    mutants = [mutant(engine.target, *KILLED), mutant(engine.target, "percent < 0", "percent < -0")]
    lies = [finding_of(engine, *one) for one in tried(engine, mutants)]
    findings, made = audited(engine, lies, 0, 1, 0, lambda done, of: None)
    assert made.asked == 2
    assert [(one.mutant, one.said.outcome, one.cold.outcome) for one in made.differ] == [
        (mutants[0], "survived", "killed")
    ]
    assert [one.trial.outcome for one in findings] == ["killed", "survived"]
    assert findings[0].trial.fail_to_pass == (TOTAL,)
    kept = engine.known(mutants[0], 0)
    assert kept is not None
    assert (kept.engine, kept.outcome) == ("cold", "killed")
    assert engine.store is not None
    fact = engine.store.fact("audit", engine.suite_key)
    assert fact == {"asked": 2, "differ": [mutants[0].id]}


AGREE: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "the same": ({}, {}, True),
    "another outcome": ({"outcome": "survived"}, {}, False),
    "another set": ({"fail_to_pass": ("b",)}, {}, False),
    "another set, stopped early": ({"fail_to_pass": ("b",), "complete": False}, {}, True),
}


@pytest.mark.parametrize("case", AGREE)
def test_when_two_trials_agree(case: str) -> None:
    usual = {"mutant": "m", "outcome": "killed", "fail_to_pass": ("a",), "complete": True}
    usual |= {"seconds": 0.0, "servable": True}
    said, cold, same = AGREE[case]
    assert agree(MutantTrial(**{**usual, **said}), MutantTrial(**{**usual, **cold})) is same


SLEEPY = """\
import time
import pytest


@pytest.fixture(autouse=True)
def rest():
    time.sleep(0.2)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill -9"])
def test_a_scan_that_is_ended_leaves_no_process_and_no_changed_file(
    number: int,
    tiny_project: Callable[..., Path],
    run: Callable[..., subprocess.CompletedProcess[str]],
    bugbash_home: Path,
) -> None:
    folder = tiny_project({"tests/conftest.py": SLEEPY})
    target = resolve(str(folder))
    before = tree_digest(folder), tree_digest(target.tree)
    command = [sys.executable, "-m", "bugbash", "scan", str(folder), "--jobs", "2", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    started = psutil.Process(process.pid).children(recursive=True)
    assert zygotes(process.pid)
    process.send_signal(number)
    process.communicate(timeout=60)
    _, alive = psutil.wait_procs(started, timeout=20)
    assert alive == []
    assert not [one for one in psutil.process_iter(["environ"]) if _is_inside(one, bugbash_home)]
    assert (tree_digest(folder), tree_digest(target.tree)) == before
    if number == signal.SIGINT:
        assert process.returncode == 130
    done = run("scan", folder, "--json", code=0)
    again = [json.loads(line) for line in done.stdout.splitlines()]
    assert again[:3] == [json.loads(line) for line in lines]
    assert tree_digest(folder) == before[0]


def _is_inside(process: psutil.Process, home: Path) -> bool:
    """Whether a process is one of a suite that runs in a slot of this BUGBASH_HOME."""
    environ = process.info["environ"] or {}
    return str(environ.get("HOME", "")).startswith(f"{home}/slots")
