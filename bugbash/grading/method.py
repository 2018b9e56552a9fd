"""How the bug was gone about: reproduce, isolate, hypothesise, verify, each with its evidence.

Everything is read from the timeline: which tests ran over which tree, and what was stated when.
What people write is never judged, only that it is there, when, and what became of it.
"""

from __future__ import annotations

from bugbash.grading.edits import Change, Look
from bugbash.grading.places import changed_near
from bugbash.grading.rubric import METHOD, STEP_PARTS, Marks, unseen
from bugbash.grading.seen import Seen, numbered
from bugbash.recording.timeline import Hypothesis, Run, Timeline
from bugbash.words import counted, since_start

_HALF = STEP_PARTS / 2
_LATE = 4.0
"""For a failure that was first seen after an edit."""
_FILE_ALONE = 4.0
"""For a run of one file of tests, where a few tests would do."""
_TRY, _OFF_PATH, _SHOTGUN = 2.0, 3.0, 3
_STATED, _TESTED, _CLOSED = 6.0, 3.0, 3.0
_GREEN, _FULL, _NEW_TEST = 4.0, 5.0, 3.0
_FULL_WITH_PRINTS = 3.0
_FEW_TESTS = 5
_NEAR = 2
"""So many lines from the one that was named an edit is at the same place."""
_ONE_IN = 10


def method_of(seen: Seen) -> dict[str, Marks]:
    """The four steps that the timeline shows; each says so where it shows nothing."""
    why = _blind_spot(seen.timeline)
    if why:
        return dict.fromkeys(METHOD, unseen(*why))
    return {
        "reproduce": _reproduce(seen),
        "isolate": _isolate(seen),
        "hypothesis": _hypothesis(seen),
        "verify": _verify(seen),
    }


def _blind_spot(timeline: Timeline) -> tuple[str, str] | None:
    """Why nothing can be said about the method, and what to do, or None."""
    if not timeline.recorded or not timeline.start_tree:
        return "nothing was recorded", "leave recording on: without it the method earns nothing"
    if timeline.altered:
        return "the timeline was altered", "leave the timeline alone: bugbash writes it"
    if not timeline.runs:
        told = "run the tests with `.venv/bin/pytest` or `bugbash test`: others are not seen"
        return "no test run was recorded", told
    return None


def _reproduce(seen: Seen) -> Marks:
    """A run saw the failing tests fail before any edit; each bug counts alike."""
    untouched = seen.untouched
    if untouched:
        parts = STEP_PARTS * _bugs_seen(seen, untouched) / len(seen.scenario.bugs)
        run = untouched[0].run
        assert run is not None
        count = len(run.failed & seen.targets)
        failed = f"{counted(count, 'test')} failed as reported"
        told = f"{numbered(seen, run)}: {failed}, the code untouched"
        missing = (
            "write a test for every bug of the report before the first edit"
            if seen.scenario.blind
            else "see every failing test fail before the first edit"
        )
        return Marks(parts, (told,), missing if parts < STEP_PARTS else "")
    first_edit = seen.history.first_edit
    when = f"first edit at {since_start(first_edit)}" if first_edit is not None else "no edit"
    first = (
        "write a test that fails as the report says, and run it,"
        if seen.scenario.blind
        else "run the failing tests"
    )
    advice = f"{first} before you edit anything: you know then what you look for"
    late = next(iter(seen.failing_before(seen.green_at)), None)
    if late is None or late.run is None:
        return Marks(0.0, (f"{when}; no run saw a failing test fail",), advice)
    told = f"{when}, before any run saw the failure ({numbered(seen, late.run)})"
    return Marks(_LATE, (told,), advice)


def _bugs_seen(seen: Seen, looks: list[Look]) -> int:
    failed = {test for look in looks if look.run for test in look.run.failed}
    own = bool(failed & set(seen.proof.reproducing))
    return sum(own or bool(set(bug.fail_to_pass) & failed) for bug in seen.scenario.bugs)


def _isolate(seen: Seen) -> Marks:
    """Six parts for closing in on the place, six for editing there and nowhere else."""
    tries = _unexplained(seen)
    if len(tries) >= _SHOTGUN:
        stated = f"no hypothesis {_stated_for(seen, tries)}"
        told = f"{len(tries)} edits were tried and taken back with {stated}"
        when = f"the first at {since_start(tries[0].at)}"
        advice = "stop editing at random: look at values on the way to the failure, then edit once"
        return Marks(0.0, (f"{told} ({when})",), advice)
    narrow, narrowed, how = _narrowed(seen)
    edits, where, place = _edited_on_path(seen, tries)
    return Marks(narrow + edits * seen.share, (narrowed, where), how or place)


def _narrowed(seen: Seen) -> tuple[float, str, str]:
    """How near the runs came before the fix: parts, evidence, advice."""
    looks = list(seen.failing_before(seen.green_at))
    which = "your failing test" if seen.scenario.blind else "one failing test"
    advice = f"run {which} alone, or stop in a debugger on its way, before you edit"
    best, told = 0.0, "no run came closer to the failure than the whole suite"
    for look in looks:
        assert look.run is not None
        parts, words = _nearness(seen, look, look.run)
        if parts > best:
            best, told = parts, f"{numbered(seen, look.run)}: {words}"
    return best, told, "" if best >= _HALF else advice


def _nearness(seen: Seen, look: Look, run: Run) -> tuple[float, str]:
    total = len(seen.scenario.fail_to_pass) + len(seen.scenario.pass_to_pass)
    if run.debuggers:
        return _HALF, f"a failing test in a debugger ({', '.join(sorted(set(run.debuggers)))})"
    shown = sorted(look.state.looked_at & seen.path)
    if shown:
        return _HALF, f"a failing test with prints in {shown[0]}"
    count = len(run.tests)
    if count <= max(_FEW_TESTS, total // _ONE_IN) and count < total:
        return _HALF, _alone(len(run.outcomes), len(run.failed))
    if count <= total // 2:
        return _FILE_ALONE, f"{count} of {total} tests, a failing one among them"
    return 0.0, ""


def _alone(count: int, failing: int) -> str:
    """ "1 test alone, failing", "3 tests alone, 1 of them failing"."""
    which = "failing" if count == 1 else "all failing" if failing == count else ""
    return f"{counted(count, 'test')} alone, {which or f'{failing} of them failing'}"


def _edited_on_path(seen: Seen, tries: list[Change]) -> tuple[float, str, str]:
    """Whether the edits went where the failing tests run: parts, evidence, advice."""
    history = seen.history
    if not seen.fixed:
        return 0.0, seen.standing.unfixed("no edit has fixed anything yet"), ""
    if not seen.untouched:
        told = "the first edit was made before there was a failure to follow"
        return 0.0, told, "let a failing test show the way before the first edit"
    off = sorted({f for change in history.changes for f in change.files} - seen.path)
    parts = _HALF - _TRY * len(tries) - (_OFF_PATH if off else 0.0)
    said = ["the edits lie on the failing tests' path"] if not off else []
    advice = ""
    if off:
        said.append(f"{off[0]} was edited, which no failing test runs")
        which = "your failing test runs" if seen.scenario.blind else "the failing tests run"
        advice = f"edit only what {which}: leave other changes for later"
    if tries:
        edits = "edit was" if len(tries) == 1 else "edits were"
        when = ", ".join(since_start(change.at) for change in tries)
        stated = f"no hypothesis {_stated_for(seen, tries)}"
        said.append(f"{len(tries)} {edits} tried and taken back, {stated} ({when})")
        advice = advice or "state what you suspect before an edit that only tries something"
    return max(0.0, parts), "; ".join(said), advice


def _stated_for(seen: Seen, tries: list[Change]) -> str:
    """Each hypothesis accounts for one edit: somebody who stated some has none left for these."""
    if not seen.timeline.hypotheses:
        return "stated"
    return "of its own stated for it" if len(tries) == 1 else "of their own stated for them"


def _unexplained(seen: Seen) -> list[Change]:
    """Edits that were tried and taken back with no hypothesis for them.

    Each accounts for one edit, and while it is open for every one at the very line that it names.
    """
    open_ones = list(seen.timeline.hypotheses)
    found = []
    for change in seen.history.tries:
        reason = next((h for h in open_ones if _explains(seen, h, change)), None)
        if reason is not None:
            open_ones.remove(reason)
        elif not any(_at_its_place(seen, one, change) for one in seen.timeline.hypotheses):
            found.append(change)
    return found


def _explains(seen: Seen, hypothesis: Hypothesis, change: Change) -> bool:
    if hypothesis.at > change.at or _in_tree(seen, hypothesis, change):
        return False
    return hypothesis.closed_at is None or hypothesis.closed_at >= change.at


def _at_its_place(seen: Seen, hypothesis: Hypothesis, change: Change) -> bool:
    """Whether an edit is at the line that a hypothesis names, which was open then."""
    file, _, number = hypothesis.place.rpartition(":")
    if file not in change.files or not number.isdecimal() or hypothesis.at > change.at:
        return False
    if hypothesis.closed_at is not None and hypothesis.closed_at < change.at:
        return False
    read = seen.timeline.snapshots.read
    named, before, after = (read(tree, file) for tree in (hypothesis.tree, *change.trees))
    if named is None or before is None or after is None:
        return False
    return changed_near(int(number), named, before, after, _NEAR)


def _in_tree(seen: Seen, hypothesis: Hypothesis, change: Change) -> bool:
    """Whether the edit was made already when the hypothesis was stated."""
    state = seen.history.state_at(hypothesis.tree)
    return state is not None and state.key == change.state.key


def _hypothesis(seen: Seen) -> Marks:
    """Stated before the edit that stays, put to a test, and closed as it turned out."""
    stated = seen.timeline.hypotheses
    if not stated:
        advice = 'say what you suspect before you edit: bugbash hypothesis "... because ..."'
        return Marks(0.0, ("none was stated",), advice)
    early, share = _matched(seen)
    if not early:
        told = f"{since_start(stated[0].at)}: stated when the fix was already made"
        return Marks(0.0, (told,), "state it before the edit: afterwards it is an explanation")
    quoted, run = _tested(seen, early)
    said, advice, parts = [f"{since_start(quoted.at)}: stated before the fix"], "", _STATED
    if run is not None:
        parts += _TESTED
        said.append(f"{numbered(seen, run)} could have refuted it")
    else:
        said.append("no run of a failing test followed")
        advice = "after stating it, run a failing test whose result could prove you wrong"
    true = all(_closed_truly(seen, one) for one in early)
    if true:
        parts += _CLOSED
        said.append("closed as it turned out")
    else:
        said.append("it was not closed as it turned out")
        told = 'close it with `bugbash hypothesis --confirmed` or `--refuted "what I saw"`'
        advice = advice or f"{told}, and take a refuted idea back out of the code"
    return Marks(parts * share, tuple(said), advice)


def _matched(seen: Seen) -> tuple[list[Hypothesis], float]:
    """The hypotheses that were stated before a fix, and the part of the bugs that has one."""
    stated = list(seen.timeline.hypotheses)
    if not seen.fixed:
        return stated, 1.0
    by_time = sorted(
        (green for bug, green in zip(seen.verdict.bugs, seen.greens, strict=True) if bug.solved),
        key=lambda green: green.at if green is not None else float("inf"),
    )
    early = []
    for green in by_time:
        one = next((h for h in stated if _before_the_fix(seen, h, green)), None)
        if one is not None:
            stated.remove(one)
            early.append(one)
    share = len(early) / len(seen.verdict.bugs)
    early += [h for h in stated if any(_before_the_fix(seen, h, green) for green in by_time)]
    return sorted(early, key=lambda one: one.at), share


def _before_the_fix(seen: Seen, hypothesis: Hypothesis, green: Look | None) -> bool:
    """Whether the fix was not in the code yet when the hypothesis was stated."""
    if green is not None and hypothesis.at > green.at:
        return False
    fix = green.state if green is not None else seen.history.now
    there = seen.history.state_at(hypothesis.tree)
    return there is None or there.key != fix.key


def _tested(seen: Seen, early: list[Hypothesis]) -> tuple[Hypothesis, Run | None]:
    """The last hypothesis that a run of a failing test followed, with that run; else the last."""
    runs = [look.run for look in seen.history.runs if look.run is not None]
    runs = [run for run in runs if run.outcomes.keys() & seen.targets]
    for one in reversed(early):
        run = next((run for run in runs if run.at >= one.at), None)
        if run is not None:
            return one, run
    return early[-1], None


def _closed_truly(seen: Seen, hypothesis: Hypothesis) -> bool:
    """Confirmed, and the learner's tests pass; or refuted, or left, and nothing of it is there."""
    if hypothesis.verdict == "confirmed":
        return seen.fixed > 0 or seen.standing.only_hidden
    until = hypothesis.closed_at
    following = (one.at for one in seen.timeline.hypotheses if one.at > hypothesis.at)
    last = until if until is not None else next(following, None)
    if last is None:
        return False
    made = [c for c in seen.history.changes if hypothesis.at < c.at <= last]
    if hypothesis.verdict == "refuted":
        return not any(change.kept for change in made)
    return bool(made) and not any(change.kept for change in made)


def _verify(seen: Seen) -> Marks:
    """A failing test green, then everything green, then a test that would catch it again."""
    if not seen.fixed:
        return Marks(0.0, (seen.standing.unfixed("nothing is fixed yet"),), "")
    by_chance = len(_unexplained(seen)) >= _SHOTGUN
    green, told, advice = _by_chance() if by_chance else _turned_green(seen)
    full, also, more = _all_green(seen, by_chance)
    parts = (green + full) * seen.share
    said = [told, also]
    if seen.proof.proved:
        parts += _NEW_TEST * seen.share
        said.append(f"{seen.proof.proved[0]} fails on the broken code alone")
    elif seen.proof.why_not:
        said.append(f"the new test proves nothing: {seen.proof.why_not}")
    last = "add a test that fails on the broken code and passes on yours: it keeps the bug out"
    return Marks(parts, tuple(said), advice or more or last)


def _by_chance() -> tuple[float, str, str]:
    told = "the run that turned green was one more try, not a check of anything"
    return 0.0, told, "say why the last edit helps, then run the tests once more"


def _turned_green(seen: Seen) -> tuple[float, str, str]:
    """A run that saw a failing test pass, with the code as it is now."""
    failed: set[str] = set()
    advice = "run the failing test again when you have made the last edit"
    for look in seen.history.runs:
        run = look.run
        assert run is not None
        passed = {test for test in run.passed & seen.targets & failed if look.state.says(test)}
        if passed and look.state.key == seen.history.now.key:
            return (
                _GREEN,
                f"{numbered(seen, run)}: {counted(len(passed), 'test')} that failed passed",
                "",
            )
        failed |= run.failed
    same = [look for look in seen.history.runs if look.state.key == seen.history.now.key]
    passes = [(look, t) for look in same if look.run for t in look.run.passed & seen.targets]
    if any(look.state.says(test) for look, test in passes):
        told = "the failing tests pass, but no run saw them fail before"
        return 0.0, told, "see a test fail before you trust that it passes"
    if passes:
        told = "the failing tests pass, and are not what they were: that shows nothing"
        return 0.0, told, "put the tests back (`git checkout`), then run them again"
    return 0.0, "no run of a failing test since the last edit", advice


def _all_green(seen: Seen, by_chance: bool) -> tuple[float, str, str]:
    """Whether every known test ran and passed, with the code as it is now.

    Where it came about `by_chance`, the run that found it does not count.
    """
    advice = "run the whole suite when you have made the last edit"
    rest = "" if seen.fixed == len(seen.verdict.bugs) else " but for what is not fixed yet"
    now = seen.history.now
    same = [look for look in seen.history.runs if look.state.key == now.key]
    counted = same[by_chance:]
    if _suite_passed(seen, [look for look in counted if look.state.whole == now.whole]):
        return _FULL, f"the whole suite passed after the last edit{rest}", ""
    if _suite_passed(seen, counted):
        told = f"the whole suite passed{rest}, and prints were put in or taken out since"
        return _FULL_WITH_PRINTS, told, advice
    if _suite_passed(seen, same):
        return 0.0, f"the whole suite passed in that try{rest}, and was not run again", advice
    changed = next((one.told for look in same for one in look.state.weakened), "")
    if changed:
        told = f"the whole suite did not pass with its tests as they were served ({changed})"
        return 0.0, told, "put the tests back, then run the whole suite"
    return 0.0, "the whole suite did not pass since the last edit", advice


def _suite_passed(seen: Seen, looks: list[Look]) -> bool:
    """Whether these runs, together, saw all tests that can pass; the last word counts.

    Those of a bug that is not fixed can't, nor those that the verdict left out: the tests of a
    real bug that its clean code skips here. A test that was changed says nothing.
    """
    last: dict[str, str] = {}
    for look in looks:
        for test, outcome in look.run.outcomes.items() if look.run else ():
            if look.state.says(test):
                last[test] = outcome
    bugs = zip(seen.scenario.bugs, seen.verdict.bugs, strict=True)
    open_ones = [test for bug, found in bugs if not found.solved for test in bug.fail_to_pass]
    held = seen.verdict.pass_to_pass.known
    known = {*held, *seen.scenario.fail_to_pass}.difference(seen.scenario.withheld, open_ones)
    return bool(known) and all(last.get(test) == "passed" for test in known)
