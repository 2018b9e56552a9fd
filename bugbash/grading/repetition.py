"""What to practise next: Leitner's boxes over the families, and the step that is skipped most.

S. Leitner, So lernt man lernen (1972): what was known moves up a box and comes back later, what was
not known goes back to the first. Here a card is a family of bugs, and the boxes come back after 1,
2, 4, 8 and 16 days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from bugbash.errors import UsageProblem
from bugbash.grading.practice import FAMILIES, Record, Skips, finished, skips_of
from bugbash.serving import catalogue
from bugbash.serving.about import about
from bugbash.serving.catalogue import Entry
from bugbash.serving.choosing import Wanted, candidates
from bugbash.serving.levels import LEVELS, Level, level
from bugbash.targets import vendored

DAYS = (1, 2, 4, 8, 16)
"""After how many days a family of each box, from the first, is due again."""
_GOOD = 0.7
"""The share of the points from which a solved attempt moves its families up."""
_LEVELS: tuple[Level, ...] = ("easy", "easy", "medium", "medium", "hard", "hard")
"""The difficulty for each box, from none on."""
_RECENT = 5
_OFTEN = 3
"""A step is worked on when it was skipped in one of so many attempts, the recent ones."""
_WELL_KNOWN = 3
_SEEDS = 200
_BLIND = frozenset({"reproduce", "verify"})
"""Steps that a blind attempt trains: one has to write the test that reproduces the bug."""


@dataclass(frozen=True)
class Card:
    """A family and what is known of it."""

    family: str
    box: int = 0
    """From 1 to 5; 0 before its first attempt."""
    attempts: int = 0
    solved: int = 0
    last: date | None = None
    """The day of its newest finished attempt."""
    unfinished: int = 0

    @property
    def due(self) -> date | None:
        """When it comes back; None before its first attempt: then it is always due."""
        return self.last + timedelta(days=DAYS[self.box - 1]) if self.last else None

    def overdue(self, today: date) -> float:
        """The days since the newest attempt, as a multiple of those that its box waits."""
        if self.last is None:
            return float("inf")
        return (today - self.last).days / DAYS[self.box - 1]


@dataclass(frozen=True)
class Suggestion:
    """The scenario to play, and why it is this one."""

    target: str
    family: str
    difficulty: Level | None
    seed: int
    blind: bool
    interview: bool
    card: Card
    focus: Skips | None
    """The step to work on."""
    cards: tuple[Card, ...]
    """All families, the one needed most first."""
    steps: tuple[Skips, ...]
    """Over the recent attempts, the step skipped most first."""

    @property
    def words(self) -> tuple[str, ...]:
        """The command line that makes it, behind `bugbash`."""
        level_words = ("--difficulty", self.difficulty) if self.difficulty else ()
        modes = (("--blind",) if self.blind else ()) + (("--interview",) if self.interview else ())
        wish = ("--family", self.family, *level_words, *modes, "--seed", str(self.seed))
        return ("new", self.target, *wish)


def cards_of(records: Iterable[Record], today: date) -> tuple[Card, ...]:
    """A card for each family after all its attempts, the one needed most first.

    A good attempt (solved, seven tenths of the points) moves its families up, once a day at most;
    one without a fix puts them into the first box; any other leaves them where they are. An
    attempt without a score can't be a good one. Families of which nothing was finished come first,
    those without an unfinished attempt before the others, then those overdue by the largest factor.
    """
    known = list(records)
    cards = {family: Card(family) for family in FAMILIES}
    for record in finished(known):
        for family in record.families:
            cards[family] = _after(cards.get(family, Card(family)), record)
    for record in known:
        for family in record.families if record.result == "open" else ():
            card = cards.get(family, Card(family))
            cards[family] = replace(card, unfinished=card.unfinished + 1)
    order = {family: number for number, family in enumerate(cards)}

    def need(card: Card) -> tuple[float, int, int, int]:
        waits = card.unfinished if card.last is None else 0
        return -card.overdue(today), waits, card.box, order[card.family]

    return tuple(sorted(cards.values(), key=need))


def _after(card: Card, record: Record) -> Card:
    day = datetime.fromtimestamp(record.ended).date()
    solved = record.result == "solved"
    good = solved and record.share is not None and record.share >= _GOOD
    if not solved:
        box = 1
    elif good and (card.last is None or day > card.last):
        box = min(card.box + 1, len(DAYS))
    else:
        box = max(card.box, 1)
    return Card(card.family, box, card.attempts + 1, card.solved + solved, day)


def suggestion_of(records: list[Record], today: date) -> Suggestion:
    """What is needed most on a day, among our own projects; the same records give the same.

    Raises UsageProblem where no project with a catalogue ships with this bugbash.
    """
    cards = cards_of(records, today)
    over = finished(records)
    steps = skips_of([record for record in over if record.steps][-_RECENT:])
    focus = next((one for one in steps if one.skipped * _OFTEN >= one.seen), None)
    solved_before = any(record.result == "solved" for record in over)
    blind = focus is not None and focus.name in _BLIND and solved_before
    interview = focus is None and all(card.box >= _WELL_KNOWN for card in cards)
    for card in cards:
        wish = _LEVELS[card.box]
        found = _pick(records, card.family, wish, blind)
        if found is not None:
            target, difficulty, seed = found
            return Suggestion(
                target=target,
                family=card.family,
                difficulty=difficulty,
                seed=seed,
                blind=blind,
                interview=interview,
                card=card,
                focus=focus,
                cards=cards,
                steps=steps,
            )
    raise UsageProblem(
        "no target project ships with this bugbash: name one, as in `bugbash new pypi:NAME`."
    )


def _pick(
    records: list[Record], family: str, wish: Level, blind: bool
) -> tuple[str, Level, int] | None:
    """A target, level and seed whose first bug was not played yet, the nearest level first.

    The targets go in turns. Where all bugs were played, those of the target played longest ago
    come again. None where no target has a bug of the family.
    """
    played = frozenset(bug.id for record in records for bug in record.bugs)
    targets = _in_turn(records)
    levels = sorted(LEVELS, key=lambda one: abs(LEVELS.index(one) - LEVELS.index(wish)))
    for without in (played, frozenset[str]()):
        for difficulty in levels:
            for target in targets:
                seed = _seed(target, family, difficulty, without, blind)
                if seed is not None:
                    return target, difficulty, seed
    return None


def _in_turn(records: list[Record]) -> list[str]:
    """Targets with a catalogue, the one played longest ago first."""
    last: dict[str, float] = {}
    for record in records:
        last[record.target] = max(record.started, last.get(record.target, 0.0))
    names = [name for name in vendored.names() if catalogue.path_of(name).is_file()]
    if not records:
        names = [name for name in names if about(name).first] or names
    return sorted(names, key=lambda name: (last.get(name, 0.0), name))


@cache
def _known(target: str) -> catalogue.Catalogue | None:
    return catalogue.load(target)


def _fits(entry: Entry, family: str, difficulty: Level) -> bool:
    measured = entry.bug.difficulty
    return entry.bug.family == family and measured is not None and level(measured) == difficulty


def _seed(
    target: str, family: str, difficulty: Level, played: frozenset[str], blind: bool
) -> int | None:
    """The smallest seed that serves a bug which was not played; None where none is left."""
    known = _known(target)
    fitting = [one for one in known.entries if _fits(one, family, difficulty)] if known else []
    if known is None or all(one.bug.id in played for one in fitting):
        return None
    for seed in range(1, _SEEDS):
        found = candidates(known, Wanted(seed, families=(family,), levels=(difficulty,)))
        if blind:  # as `new` orders them then
            found.sort(key=lambda entry: entry.ticket.source == "ci")
        if found[0].bug.id not in played:
            return seed
    return None


def days_since(day: date, today: date) -> str:
    """When a day was, in words.

    >>> days_since(date(2026, 3, 1), date(2026, 3, 4))
    '3 days ago'
    """
    days = (today - day).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def reasons(suggestion: Suggestion, today: date) -> Iterator[str]:
    """One or two sentences that say why it is this one."""
    card, focus = suggestion.card, suggestion.focus
    if card.due is None or card.last is None:
        done = "finished" if card.unfinished else "played"
        yield f"You have not {done} a {card.family} bug yet."
    else:
        wait = DAYS[card.box - 1]
        so_far = f"{card.solved} of {card.attempts} solved, the last {days_since(card.last, today)}"
        back = f"box {card.box} of {len(DAYS)} comes back after {wait} day{'s' * (wait > 1)}"
        if card.due > today:
            yield f"Nothing is due today; {card.family} comes first: {so_far}, and {back}."
        else:
            yield f"{card.family.capitalize()} bugs are due: {so_far}, and {back}."
    if focus is not None:
        when = "your last attempt"
        if focus.seen > 1:
            when = f"{focus.skipped} of {focus.seen} recent attempts"
        yield f"You skipped `{focus.name}` in {when}{f': {focus.advice}' if focus.advice else ''}."
    elif suggestion.interview:
        yield "You know every family and skip no step: take it as an interview."
