"""The closing words of an interview: where the time went, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from bugbash.grading.grade import Grade
from bugbash.recording.timeline import Run, Timeline
from bugbash.words import clock, counted


def debrief(timeline: Timeline, grade: Grade) -> tuple[str, ...]:
    """One line of summary, then one for each of the five steps; shorter where nothing was seen.

    The time of diagnosis ends when a run first saw the fix.
    """
    story = _Story(timeline, grade)
    if not timeline.recorded:
        return (story.summary(), "How it was found was not recorded.")
    return (story.summary(), *story.steps())


class _Story:
    """What a timeline says about an attempt that was graded."""

    def __init__(self, timeline: Timeline, grade: Grade) -> None:
        self._timeline = timeline
        self._grade = grade
        self._end = grade.elapsed_s if timeline.solved_at is None else timeline.solved_at
        self._edited_at = self._when_edited()
        self._fixed_at = self._when_fixed()

    def summary(self) -> str:
        """ "Fix 2 lines, diagnosis 31 of 38 minutes"."""
        grade, total = self._grade, _minutes(self._end)
        if not grade.verdict.solved:
            fixed = sum(bug.solved for bug in grade.verdict.bugs)
            some = f", {fixed} of {len(grade.verdict.bugs)} bugs fixed" if fixed else ""
            return f"Not solved after {total} min{some}."
        lines = max(grade.difference.added, grade.difference.removed)
        fix = f"Fix {counted(lines, 'line')}"
        if self._fixed_at is None:
            return f"{fix}, solved after {total} min."
        return f"{fix}, diagnosis {min(_minutes(self._fixed_at), total)} of {total} min."

    def steps(self) -> Iterator[str]:
        yield f"Reproduction: {self._reproduction()}."
        yield f"Isolation: {self._isolation()}."
        yield f"Hypothesis: {self._hypothesis()}."
        yield f"Verification: {self._verification()}."
        yield f"Clean-up: {self._clean_up()}."

    def _reproduction(self) -> str:
        red = next((run for run in self._timeline.runs if run.failed), None)
        if red is None:
            return "no run showed the failure"
        before = self._edited_at is None or red.at < self._edited_at
        when = (
            "before any edit"
            if before
            else f"after the first edit at {clock(self._edited_at or 0.0)}"
        )
        return f"the failure was seen at {clock(red.at)}, {when}"

    def _isolation(self) -> str:
        until = self._fixed_at
        runs = [run for run in self._timeline.runs if until is None or run.at < until]
        red = [run for run in runs if run.failed]
        if not red:
            return "no failing run to narrow down"
        fewest = min(len(run.tests) for run in red)
        narrow = next(run for run in red if len(run.tests) == fewest)
        most = max(len(run.tests) for run in red)
        if fewest == most and most > 1:
            return f"{counted(len(runs), 'run')} before the fix, none narrower than {most} tests"
        tests = counted(fewest, "test")
        return f"down to {tests} at {clock(narrow.at)}, {counted(len(runs), 'run')} before the fix"

    def _hypothesis(self) -> str:
        said = self._timeline.hypotheses
        if not said:
            return "none was stated"
        first = said[0].at
        early = self._edited_at is None or first < self._edited_at
        words = ("confirmed", "refuted")
        closed = [(word, sum(one.verdict == word for one in said)) for word in words]
        counts = [f"{number} {word}" for word, number in closed if number]
        order = "before the first edit" if early else "after the first edit"
        return ", ".join([f"{len(said)} stated", *counts, f"the first at {clock(first)}, {order}"])

    def _verification(self) -> str:
        if self._fixed_at is None:
            return "there was no fix to verify"
        after = [run for run in self._timeline.runs if run.at >= self._fixed_at]
        widest = max((len(run.tests) for run in self._timeline.runs), default=0)
        full = next((run for run in after if _whole(run, widest)), None)
        if full is None:
            runs = counted(len(after), "run") if after else "no run"
            return f"{runs} after the fix, none of the whole suite"
        result = "it passed" if not full.failed else f"{counted(len(full.failed), 'test')} failed"
        return f"the whole suite ran at {clock(full.at)}, and {result}"

    def _clean_up(self) -> str:
        found = self._grade.clean_up
        left = [*found.leftovers, *found.scratch]
        parts = [f"{counted(len(left), 'thing')} left behind" if left else "nothing left behind"]
        if found.weakened:
            parts.append("tests were changed")
        parts.append("committed" if found.committed else "not committed")
        return ", ".join(parts)

    def _when_edited(self) -> float | None:
        """When the code was first seen to differ from what was served, tests aside."""
        start = self._timeline.start_tree
        mine = set(self._grade.difference.files)
        for at, tree in self._timeline.trees:
            if mine & set(self._timeline.snapshots.changed(start, tree)):
                return at
        return None

    def _when_fixed(self) -> float | None:
        """When what was red was first green again for good, or else the change was all there."""
        if not self._grade.verdict.solved or self._edited_at is None:
            return None
        wrong = [check.at for check in self._timeline.checks if not check.solved]
        red: set[str] = set()
        for run in self._timeline.runs:
            was_red = bool(red)
            red = (red - run.passed) | run.failed
            late = run.at >= self._edited_at and run.at > max(wrong, default=-1.0)
            if was_red and not red and late:
                return run.at
        return self._when_complete()

    def _when_complete(self) -> float | None:
        """When every file of the change was first seen as it is now, never to change again."""
        files = self._grade.difference.files
        trees = self._timeline.trees
        if not files or not trees:
            return None
        last = self._contents(trees[-1][1], files)
        found = None
        for at, tree in reversed(trees):
            if self._contents(tree, files) != last:
                break
            found = at
        return found

    def _contents(self, tree: str, files: tuple[str, ...]) -> list[str | None]:
        names = self._timeline.snapshots.tree(tree)
        return [names.get(file) for file in files]


def _whole(run: Run, widest: int) -> bool:
    return run.ended_at is not None and len(run.tests) >= widest > 0


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
