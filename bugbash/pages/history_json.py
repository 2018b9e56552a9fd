"""The history for other programs: one object, JSON lines, CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bugbash.grading.practice import STEPS, History, Record, Skips, Tally

_RECORD = "bugbash/record/v1"
_COLUMNS = (
    *("attempt", "target", "families", "mutators", "difficulty", "blind", "mode", "result"),
    *("started", "ended", "seconds", "score", "max_score", "checks", "hints"),
)


def history_json(
    history: History,
    families: Sequence[str],
    targets: Sequence[str],
    since: str | None,
    unfinished: int,
) -> dict[str, Any]:
    """`bugbash history --json`: means of scores are of 100, times are medians in seconds."""
    return {
        "schema": "bugbash/history/v1",
        "filters": {"families": list(families), "targets": list(targets), "since": since},
        "unfinished": unfinished,
        **_counts(history.all),
        "steps": [skips_json(one) for one in history.all.skips],
        "families": [_tally(one) for one in history.families],
        "mutators": [_tally(one) for one in history.mutators],
        "targets": [_tally(one) for one in history.targets],
        "trend": [
            {
                "attempt": record.attempt,
                "ended": _time(record.ended),
                "solved": record.result == "solved",
                "score": None if record.share is None else round(100 * record.share, 1),
            }
            for record in history.records
        ],
    }


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "attempts": tally.attempts,
        "solved": tally.solved,
        "scored": tally.scored,
        "score": None if tally.score is None else round(100 * tally.score, 1),
        "seconds": tally.seconds,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    skips = [skips_json(one) for one in tally.skips if one.skipped]
    return {"name": tally.name, **_counts(tally), "skipped": skips}


def skips_json(skips: Skips) -> dict[str, Any]:
    """How often a step was skipped, as JSON has it."""
    return asdict(skips)


def record_json(record: Record) -> dict[str, Any]:
    """One line of an export; `steps` has the points of those that were seen."""
    return {
        "schema": _RECORD,
        "attempt": record.attempt,
        "target": record.target,
        "families": list(record.families),
        "mutators": list(record.mutators),
        "difficulty": record.difficulty,
        "blind": record.blind,
        "mode": record.mode or None,
        "result": record.result,
        "started": _time(record.started),
        "ended": _time(record.ended),
        "seconds": record.seconds,
        "score": record.score,
        "max_score": record.max_score,
        "checks": record.checks,
        "hints": record.hints,
        "steps": {
            step.name: {"points": step.points, "max": step.max, "skipped": step.skipped}
            for step in record.steps
        },
    }


def as_json_lines(records: Iterable[Record]) -> str:
    """One object a line."""
    lines = (json.dumps(record_json(record), ensure_ascii=False) for record in records)
    return "".join(f"{line}\n" for line in lines)


def as_csv(records: Iterable[Record]) -> str:
    """A header and a row for each; lists have ; between their words, what is unknown is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*_COLUMNS, *STEPS])
    for record in records:
        value = record_json(record)
        points = {step.name: step.points for step in record.steps}
        writer.writerow(
            [*(_cell(value[name]) for name in _COLUMNS), *(points.get(name, "") for name in STEPS)]
        )
    return file.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def is_export(line: bytes) -> bool:
    """Whether this is the first line of a file that was exported before."""
    text = line.decode("utf-8", "replace")
    return text.startswith((f'{{"schema": "{_RECORD}"', ",".join(_COLUMNS)))


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
