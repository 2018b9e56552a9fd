"""The four steps that only a timeline shows: what earns points, with which evidence and advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.grading.grade import Grade, grade
from bugbash.grading.rubric import Dimension
from bugbash.recording import journal
from bugbash.recording.timeline import folder_of, tell
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt, find
from tests.grading.playing import LABELS, PARCEL, RIGHT, WRONG, Player

Play = Callable[[Player], None]
Played = Callable[..., Grade]
TESTS = "tests/test_labels.py"
HEAD = "def test_parcel():\n"
SIZE = f"{TESTS}::test_size"


@pytest.fixture
def played(make_attempt: Callable[..., Attempt], tiny_served: Served, store: Store) -> Played:
    """The grade of a new attempt after a play."""

    def judge(play: Play, served: Served = tiny_served) -> Grade:
        attempt = make_attempt(served)
        play(Player(attempt))
        return grade(find(store, attempt.workspace), served.target, served.environment, store=store)

    return judge


def row(found: Grade, name: str) -> Dimension:
    return next(d for d in found.dimensions if d.name == name)


def in_order(player: Player) -> None:
    """The whole method but for a test of one's own and the commit."""
    player.run()
    player.run(PARCEL)
    player.suspect()
    player.fix()
    player.run(PARCEL)
    player.run()
    player.close()


def guesses(count: int, explained: bool = False) -> Play:
    """So many edits that are tried and taken back, between a failing run and the fix."""

    def play(player: Player) -> None:
        player.run()
        player.run(PARCEL)
        for number in range(count):
            if explained:
                player.suspect()
            player.edit("grams < 2000", f"grams < 77{number}")
            player.run(PARCEL)
            player.edit(f"grams < 77{number}", "grams < 2000")
            if explained:
                player.close("refuted")
        player.suspect()
        player.fix()
        player.run()
        player.close()

    return play


def reproduces(*steps: str) -> Play:
    """A play from words: `all`, `one` (a run), `fix`, `wrong`, `print`, `unfix`, ..."""
    words: Mapping[str, Play] = {
        "all": lambda p: p.run(),
        "one": lambda p: p.run(PARCEL),
        "other": lambda p: p.run(SIZE),
        "fix": lambda p: p.fix(),
        "unfix": lambda p: p.unfix(),
        "wrong": lambda p: p.edit("grams < 2000", "grams < 3000"),
        "right again": lambda p: p.edit("grams < 3000", "grams < 2000"),
        "print": lambda p: p.edit('    return f"[{', '    print(name)\n    return f"[{'),
        "no print": lambda p: p.edit("    print(name)\n", ""),
        "comment": lambda p: p.add(LABELS, "# nothing to see\n"),
        "suspect": lambda p: p.suspect(),
        "confirm": lambda p: p.close(),
        "refute": lambda p: p.close("refuted"),
        "debug": lambda p: p.run(failed=[PARCEL], debugger="pdb"),
        "file": lambda p: p.run(*[t for t in p.scenario.pass_to_pass if "labels" in t], PARCEL),
        "prices": lambda p: p.add("tiny/prices.py", "VAT = 19\n"),
        "weaken": lambda p: p.edit(HEAD, f"{HEAD}    return\n", TESTS),
        "put back": lambda p: p.edit(f"{HEAD}    return\n", HEAD, TESTS),
        "weaken another": lambda p: p.edit("test_size():\n", "test_size():\n    return\n", TESTS),
        "conftest": lambda p: p.add(
            "tests/conftest.py", "def pytest_collection_modifyitems(items):\n    items.clear()\n"
        ),
        "new test": lambda p: p.add(TESTS, "\n\ndef test_more():\n    assert True\n"),
    }

    def play(player: Player) -> None:
        for step in steps:
            words[step](player)

    return play


REPRODUCE = {
    "the suite, then the fix": (("all", "fix", "all"), 12),
    "one failing test is enough": (("one", "fix"), 12),
    "prints and comments are no edits": (("print", "comment", "all", "fix"), 12),
    "an edit comes first": (("wrong", "all", "right again", "fix", "all"), 4),
    "put back, and seen then": (("wrong", "right again", "all", "fix"), 12),
    "edited, put back after a run, and seen then": (
        ("wrong", "other", "right again", "all", "fix"), 4),
    "seen only without the fix, stashed": (("fix", "all", "unfix", "all", "fix"), 0),
    "another test alone": (("other", "fix", "all"), 0),
    "nothing but the fix": (("fix", "all"), 0),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "points"), REPRODUCE.values(), ids=REPRODUCE)
def test_reproduce_is_to_see_it_fail_before_an_edit(
    steps: tuple[str, ...], points: int, played: Played
) -> None:
    found = row(played(reproduces(*steps)), "reproduce")
    assert found.points == points
    assert bool(found.advice) == (points < 12)


def test_the_first_edit_is_named_with_its_time(played: Played) -> None:
    found = row(played(reproduces("fix", "all")), "reproduce")
    assert "first edit at +00:0" in found.evidence[0]


ISOLATE = {
    "one test alone": (("all", "one", "fix", "all"), 12),
    "a debugger": (("all", "debug", "fix", "all"), 12),
    "prints on the path": (("all", "print", "all", "no print", "fix", "all"), 12),
    "one file of tests": (("all", "file", "fix", "all"), 12),
    "no narrowing": (("all", "fix", "all"), 6),
    "one test alone, but after the fix": (("all", "fix", "one", "all"), 6),
    "all tools at once count once": (("one", "debug", "print", "one", "no print", "fix"), 12),
    "an edit where no failing test comes": (("one", "prices", "fix", "all"), 9),
    "an edit before anything failed": (("wrong", "one", "right again", "fix", "all"), 6),
    "nothing fixed": (("all", "one"), 6),
}


@pytest.mark.parametrize(("steps", "points"), ISOLATE.values(), ids=ISOLATE)
def test_isolate_is_to_close_in_and_to_edit_there(
    steps: tuple[str, ...], points: int, played: Played
) -> None:
    assert row(played(reproduces(*steps)), "isolate").points == points


@pytest.mark.parametrize(
    ("play", "points"),
    [
        pytest.param(guesses(1), 10, id="one"),
        pytest.param(guesses(2), 8, id="two"),
        pytest.param(guesses(3), 0, id="three: a shotgun"),
        pytest.param(guesses(10), 0, id="ten"),
        pytest.param(guesses(4, explained=True), 12, id="four with a hypothesis each"),
    ],
)
def test_edits_taken_back_cost_unless_a_hypothesis_was_stated(
    play: Play, points: int, played: Played
) -> None:
    assert row(played(play), "isolate").points == points


def test_a_shotgun_that_turned_green_has_verified_nothing(played: Played) -> None:
    found = played(guesses(5))
    assert row(found, "verify").points == 0
    tried, suite = row(found, "verify").evidence
    assert "one more try" in tried
    assert suite == "the whole suite passed in that try, and was not run again"
    assert row(found, "isolate").evidence[0].count("+00:0") == 1  # the first, not a part of them


def test_one_hypothesis_does_not_explain_ten_edits(played: Played) -> None:
    def play(player: Player) -> None:
        player.run(PARCEL)
        player.suspect()
        for number in range(5):
            player.edit("grams < 2000", f"grams < 77{number}")
            player.run(PARCEL)
            player.edit(f"grams < 77{number}", "grams < 2000")
        player.fix()
        player.run()

    assert row(played(play), "isolate").points == 0


TRIED = "tried and taken back, no hypothesis of"
AT_ITS_PLACE = {
    "the line": ("tiny/labels.py:18", "", 12, ""),
    "the line before": ("tiny/labels.py:17", "", 12, ""),
    "another function": (
        "tiny/labels.py:5",
        "",
        8,
        f"2 edits were {TRIED} their own stated for them",
    ),
    "another file": ("tiny/prices.py:18", "", 8, f"2 edits were {TRIED} their own stated for them"),
    "a file without a line": (
        "tiny/labels.py",
        "",
        8,
        f"2 edits were {TRIED} their own stated for them",
    ),
    "the line, closed after the second": (
        "tiny/labels.py:18",
        "refuted",
        10,
        f"{TRIED} its own stated for it",
    ),
}


@pytest.mark.parametrize(
    ("place", "verdict", "points", "told"), AT_ITS_PLACE.values(), ids=AT_ITS_PLACE
)
def test_edits_at_the_line_that_an_open_hypothesis_names_are_not_random(
    place: str, verdict: str, points: int, told: str, played: Played
) -> None:
    def play(player: Player) -> None:
        player.run(PARCEL)
        player.suspect(place=place)
        for number in range(3):
            player.edit("grams < 2000", f"grams < 77{number}")
            player.run(PARCEL)
            player.edit(f"grams < 77{number}", "grams < 2000")
            if verdict and number == 1:
                player.close(verdict)
        player.suspect()
        player.fix()
        player.run()

    found = row(played(play), "isolate")
    assert found.points == points
    assert told in " ".join(found.evidence)


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ((PARCEL,), "1 test alone, failing"),
        ((PARCEL, SIZE), "2 tests alone, 1 of them failing"),
    ],
    ids=["one", "one of two"],
)
def test_of_a_narrow_run_it_is_told_how_many_failed(
    tests: tuple[str, ...], told: str, played: Played
) -> None:
    found = row(played(lambda player: player.run(*tests)), "isolate")
    assert found.evidence[0].endswith(told)


def test_stashing_and_comparing_is_no_edit(played: Played) -> None:
    def play(player: Player) -> None:
        in_order(player)
        for _ in range(4):
            player.unfix()
            player.run(PARCEL)
            player.fix()
            player.run(PARCEL)

    assert row(played(play), "isolate").points == 12


def test_half_typed_code_is_no_try(played: Played) -> None:
    def play(player: Player) -> None:
        player.run()
        player.run(PARCEL)
        for number in range(4):
            player.edit(WRONG, f"label(({number}")
            player.run(failed=[PARCEL], via="watch")
            player.edit(f"label(({number}", WRONG)
        player.fix()
        player.run()

    assert row(played(play), "isolate").points == 12


HYPOTHESIS = {
    "stated, tried, confirmed": (("one", "suspect", "fix", "one", "confirm"), 12),
    "never": (("one", "fix", "all"), 0),
    "when it was fixed": (("one", "fix", "one", "suspect", "confirm"), 0),
    "when it was fixed, before a run": (("one", "fix", "suspect", "one", "confirm"), 0),
    "not closed": (("one", "suspect", "fix", "one"), 9),
    "no run afterwards": (("one", "suspect", "fix", "confirm"), 9),
    "refuted, and taken back": (
        ("one", "suspect", "wrong", "one", "right again", "refute", "suspect", "fix", "one",
         "confirm"), 12),
    "refuted, and left in": (
        ("one", "suspect", "wrong", "one", "refute", "suspect", "fix", "one", "confirm"), 9),
    "given up after a good search": (
        ("one", "suspect", "wrong", "one", "right again", "refute"), 12),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "points"), HYPOTHESIS.values(), ids=HYPOTHESIS)
def test_a_hypothesis_is_stated_first_tried_and_closed(
    steps: tuple[str, ...], points: int, played: Played
) -> None:
    found = row(played(reproduces(*steps)), "hypothesis")
    assert (found.points, found.observed) == (points, True)


def test_the_run_that_is_named_follows_the_hypothesis_that_is_named(played: Played) -> None:
    refuted = ("suspect", "one", "refute")
    tested = ("one", *refuted, "suspect", "fix", "one", "confirm")
    untested = ("one", *refuted, "suspect", "fix", "confirm")
    runs = [
        row(played(reproduces(*steps)), "hypothesis").evidence[1] for steps in (tested, untested)
    ]
    assert [told.partition(" at ")[0] for told in runs] == ["run 3", "run 2"]


@pytest.mark.parametrize("solved", [True, False], ids=["solved", "not solved"])
def test_who_resets_a_solved_attempt_plays_it_from_the_beginning(
    solved: bool, played: Played
) -> None:
    def play(player: Player) -> None:
        player.fix()
        player.run()
        player.unfix()
        player.run(PARCEL)
        tell(player.attempt.id, "check", player.workspace, solved=solved, score=40)
        tell(player.attempt.id, "reset", player.workspace)
        in_order(player)

    again, once = played(play), played(in_order)
    steps = ("reproduce", "isolate", "hypothesis", "verify")
    same = [row(again, step).points == row(once, step).points for step in steps]
    assert all(same) is solved
    assert "run 5" in " ".join(row(again, "verify").evidence)  # as the page numbers them


def test_what_a_hypothesis_says_does_not_matter(played: Played) -> None:
    def play(text: str) -> Play:
        def steps(player: Player) -> None:
            player.run(PARCEL)
            player.suspect(text)
            player.fix()
            player.run(PARCEL)
            player.close()

        return steps

    vague, precise = played(play("?")), played(play(f"{LABELS} hands {WRONG} on, not {RIGHT}"))
    assert row(vague, "hypothesis") == row(precise, "hypothesis")


VERIFY = {
    "red, green, everything": (("one", "fix", "one", "all"), 9),
    "everything at once": (("all", "fix", "all"), 9),
    "the failing test alone": (("one", "fix", "one"), 4),
    "never seen red": (("fix", "all"), 5),
    "an edit after the suite": (("one", "fix", "all", "prices"), 0),
    "a print taken out after the suite": (("one", "print", "fix", "all", "no print"), 7),
    "nothing fixed": (("all", "one", "all"), 0),
}


@pytest.mark.parametrize(("steps", "points"), VERIFY.values(), ids=VERIFY)
def test_verify_is_the_failing_test_and_then_all_of_them(
    steps: tuple[str, ...], points: int, played: Played
) -> None:
    assert row(played(reproduces(*steps)), "verify").points == points


WEAKENED = {
    "before the fix, and left so": (("all", "weaken", "fix", "all"), 0, "shows nothing"),
    "after the fix was seen to work": (("all", "fix", "all", "weaken", "all"), 9, "passed"),
    "put back before the last run": (
        ("all", "weaken", "fix", "all", "put back", "all"), 9, "passed"),
    "put back, and not run again": (
        ("all", "weaken", "fix", "all", "put back"), 0, "shows nothing"),
    "another test of the file": (("all", "weaken another", "fix", "all"), 4, "passed"),
    "by a conftest.py": (("all", "conftest", "fix", "all"), 0, "shows nothing"),
    "a test is added beside it": (("all", "new test", "fix", "all"), 9, "passed"),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "points", "told"), WEAKENED.values(), ids=WEAKENED)
def test_a_pass_of_a_test_that_was_changed_shows_nothing(
    steps: tuple[str, ...], points: int, told: str, played: Played
) -> None:
    found = row(played(reproduces(*steps)), "verify")
    assert found.points == points
    assert found.evidence[0].endswith(told)


def test_single_tests_that_together_are_the_suite_are_the_suite(played: Played) -> None:
    def play(player: Player) -> None:
        player.run(PARCEL)
        player.fix()
        for test in (*player.scenario.pass_to_pass, PARCEL):
            player.run(test, via="vscode")

    assert row(played(play), "verify").points == 9


NEW_TESTS = {
    "catches it": ('assert parcel("a", "b") == "[a\\nb]"', 12),
    "passes on the broken code": ("assert True", 9),
    "fails on the fixed code": ("assert False", 9),
    "wants what the clean code does not do": ('assert parcel("a", "b") == "[b\\na]"', 9),
    "does not run": ("import no_such_module", 9),
}


@pytest.mark.parametrize(("body", "points"), NEW_TESTS.values(), ids=NEW_TESTS)
@pytest.mark.parametrize("file", ["tests/test_labels.py", "tests/test_mine.py"])
def test_a_new_test_counts_where_it_fails_on_the_broken_code_alone(
    file: str, body: str, points: int, played: Played
) -> None:
    def play(player: Player) -> None:
        in_order(player)
        player.add(
            file, f"\n\ndef test_mine():\n    from tiny.labels import parcel\n\n    {body}\n"
        )

    found = played(play)
    assert row(found, "verify").points == points
    assert found.proof.added == (f"{file}::test_mine",)
    assert found.integrity == ()


def test_no_proof_is_run_where_no_test_was_added(played: Played) -> None:
    assert played(in_order).proof.seconds == 0


def test_a_case_added_to_a_table_is_a_new_test(
    played: Played, serve_tiny: Callable[..., Served]
) -> None:
    table = (
        "import pytest\n\nfrom tiny.labels import parcel\n\n\n"
        '@pytest.mark.parametrize("who", ["a"])\n'
        'def test_same(who):\n    assert parcel(who, who) == f"[{who}\\n{who}]"\n'
    )
    name = "tests/test_table.py"
    served = serve_tiny(files={name: table}, held=(f"{name}::test_same[a]",))

    def play(player: Player) -> None:
        in_order(player)
        player.edit('"who", ["a"]', '"who", ["a", "b"]', name)

    found = played(play, served)
    assert found.proof.added == (f"{name}::test_same[b]",)
    assert found.clean_up.weakened == ()


def test_own_test_written_first_reproduces(played: Played) -> None:
    name = "tests/test_mine.py::test_mine"

    def play(player: Player) -> None:
        player.add(
            "tests/test_mine.py",
            "from tiny.labels import parcel\n\n\n"
            'def test_mine():\n    assert parcel("a", "b") == "[a\\nb]"\n',
        )
        player.run(name, failed=[name])
        player.suspect()
        player.fix()
        player.run(name)
        player.run()
        player.close()

    found = played(play)
    assert [row(found, step).points for step in ("reproduce", "isolate", "verify")] == [12, 12, 12]


def unseen(found: Grade) -> list[bool]:
    return [not d.observed and d.points == 0 for d in found.dimensions[1:5]]


def without_runs(player: Player) -> None:
    player.suspect()
    player.fix()


def altered(player: Player) -> None:
    in_order(player)
    text = player.events.read_text("ascii").replace('"exit": 1', '"exit": 0', 1)
    player.events.write_text(text, "ascii")


def lost(player: Player) -> None:
    in_order(player)
    player.events.unlink()


@pytest.mark.parametrize("play", [without_runs, altered, lost])
def test_what_was_not_observed_is_labelled_and_earns_nothing(play: Play, played: Played) -> None:
    found = played(play)
    assert unseen(found) == [True] * 4
    assert all(d.evidence[0].startswith("not observed") for d in found.dimensions[1:5])
    assert found.seen_max == 52
    assert found.verdict.solved


def test_an_altered_timeline_is_an_integrity_violation(played: Played) -> None:
    def play(player: Player) -> None:
        altered(player)
        player.unfix()

    found = played(play)
    assert any("timeline" in line for line in found.integrity)
    assert found.exit_code == 4


def test_tests_changed_instead_of_the_code_earn_nothing(played: Played) -> None:
    def play(player: Player) -> None:
        player.run()
        player.run(PARCEL)
        player.suspect()
        player.edit(
            "def test_parcel():\n", "def test_parcel():\n    return\n", PARCEL.partition("::")[0]
        )
        player.run(failed=())
        player.close()

    found = played(play)
    assert found.score == 0
    assert found.exit_code == 4


def test_prints_in_a_test_do_not_weaken_it_and_are_leftovers(played: Played) -> None:
    def play(player: Player) -> None:
        in_order(player)
        player.edit(
            "def test_parcel():\n", "def test_parcel():\n    print(1)\n", "tests/test_labels.py"
        )

    found = played(play)
    assert found.integrity == ()
    assert found.clean_up.leftovers == ("tests/test_labels.py:9: print(1)",)


def test_hints_are_subtracted_and_never_below_nothing(played: Played) -> None:
    def hinted(price: int) -> Play:
        def play(player: Player) -> None:
            in_order(player)
            player.take_hint(1, price)

        return play

    free, cheap, dear = played(in_order), played(hinted(6)), played(hinted(900))
    assert (cheap.hints, cheap.price) == (1, 6)
    assert cheap.score == (free.score or 0) - 6
    assert dear.score == 0


def test_a_scenario_weighs_the_steps_as_it_likes(played: Played, tiny_served: Served) -> None:
    weights = {"fix": 10, "hypothesis": 60, "isolate": 0}
    scenario = replace(tiny_served.scenario, weights=weights)
    found = played(in_order, replace(tiny_served, scenario=scenario))
    assert {d.name: d.max for d in found.dimensions} == {
        "fix": 10, "reproduce": 12, "isolate": 0, "hypothesis": 60, "verify": 12, "clean up": 12,
    }  # fmt: skip
    assert row(found, "hypothesis").points == 60
    assert row(found, "fix").points == 10
    assert found.max_score == 106


def test_two_bugs_share_the_steps(played: Played, serve_tiny: Callable[..., Served]) -> None:
    served = serve_tiny("swapped", "limit")
    free = "tests/test_prices.py::test_free_at_the_limit"

    def one(player: Player) -> None:
        player.run(failed=[PARCEL, free])
        player.run(PARCEL)
        player.suspect()
        player.fix()
        player.run(PARCEL)
        player.close()

    def both(player: Player) -> None:
        one(player)
        player.run(free, failed=[free])
        player.suspect()
        player.edit("price > limit", "price >= limit", "tiny/prices.py")
        player.run(failed=())
        player.close()

    def one_and_all(player: Player) -> None:
        one(player)
        player.run(failed=[free])

    def one_and_more_is_red(player: Player) -> None:
        one(player)
        player.run(failed=[free, SIZE])

    half, whole = played(one, served), played(both, served)
    names = ("reproduce", "isolate", "hypothesis", "verify")
    assert [row(half, name).points for name in names] == [12, 9, 6, 2]
    assert [row(whole, name).points for name in names] == [12, 12, 12, 9]
    suite = row(played(one_and_all, served), "verify")
    assert suite.points == 4
    assert suite.evidence[1].endswith("after the last edit but for what is not fixed yet")
    assert row(played(one_and_more_is_red, served), "verify").points == 2


def test_the_workspace_is_left_as_it_is(played: Played, tiny_served: Served) -> None:
    seen: dict[str, bytes] = {}
    folder: list[Path] = []

    def play(player: Player) -> None:
        in_order(player)
        player.add("tests/test_mine.py", "def test_mine():\n    assert True\n")
        folder.append(player.workspace)
        files = (path for path in player.workspace.rglob("*") if path.is_file())
        seen.update({str(path): path.read_bytes() for path in files})

    played(play)
    after = {str(p): p.read_bytes() for p in folder[0].rglob("*") if p.is_file()}
    assert after == seen


def test_a_grade_tells_nothing_to_the_timeline(
    make_attempt: Callable[..., Attempt], tiny_served: Served, store: Store
) -> None:
    attempt = make_attempt()
    player = Player(attempt)
    in_order(player)
    before = player.events.read_bytes()
    grade(find(store, attempt.workspace), tiny_served.target, tiny_served.environment, store=store)
    assert player.events.read_bytes() == before
    assert folder_of(attempt.id).is_dir()


def test_files_that_the_first_look_did_not_read_are_no_edits(
    played: Played, serve_tiny: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {f"tiny/table_{letter}.json": f"{[0] * 999}" for letter in "abcdef"}
    served = serve_tiny("swapped", files=table)
    monkeypatch.setattr(journal, "LARGEST_LOOK", 9000)  # a larger tree is read bit by bit
    found = played(in_order, served)
    assert row(found, "reproduce").points == row(found, "reproduce").max
    assert "edits lie on the failing tests' path" in " ".join(row(found, "isolate").evidence)
