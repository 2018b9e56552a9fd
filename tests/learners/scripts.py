"""What each scripted learner does, from the first look to the last: one function a learner."""

from __future__ import annotations

from bugbash.recording.journal import EVENTS
from tests.learners.desk import Desk


def textbook(desk: Desk) -> None:
    """Reproduces, narrows, says what is wrong, fixes, proves it, adds a test, commits."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.confirmed()
    desk.add_regression_test(bug)
    desk.pytest(bug.test_file)
    desk.pytest()
    desk.commit("Put the fault right that the ticket names\n\nWith a test that shows it.")


def test_first(desk: Desk) -> None:
    """Writes the test that catches the fault before touching the code."""
    bug = desk.bug
    desk.pytest()
    desk.pytest("-x", bug.test_file)
    desk.add_regression_test(bug)
    desk.pytest(bug.test_file)
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.pytest(bug.test_file)
    desk.pytest()
    desk.confirmed()
    desk.commit("Fix the reported fault, with its test")


def adds_to_the_tests(desk: Desk) -> None:
    """Adds a case to a test that was there, a name to its imports and a test that needs it."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.edit(bug.test_file, *bug.test_import)
    desk.edit(bug.test_file, *bug.test_row)
    desk.append(bug.test_file, bug.importing_test)
    desk.pytest(bug.test_file)
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.pytest(bug.test_file)
    desk.confirmed()
    desk.pytest()
    desk.commit("Fix the reported fault, with tests")


def prints(desk: Desk) -> None:
    """Prints everywhere, understands, takes it all out again."""
    bug = desk.bug
    desk.bugbash_test()
    desk.pytest(bug.test)
    for number, (before, after) in enumerate(bug.prints):
        desk.edit(bug.file, before, after)
        if number:
            desk.pytest("-s", bug.test)
    desk.hypothesis(bug)
    desk.pytest("-s", bug.test)
    for before, after in bug.prints:
        desk.edit(bug.file, after, before)
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.bugbash_test()
    desk.confirmed()
    desk.commit("Fix what the ticket says")


def debugger(desk: Desk) -> None:
    """Stops where the test fails and looks around."""
    bug = desk.bug
    desk.pytest()
    desk.pytest("--pdb", bug.test, typed=f"l\np {bug.shown}\nw\nq\n")
    desk.hypothesis(bug)
    desk.pytest("--trace", bug.test, typed=f"n\nn\nn\np {bug.shown}\nc\n")
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.confirmed()
    desk.pytest()
    desk.commit("Fix the fault of the ticket")


def stash(desk: Desk) -> None:
    """Tries the fix, puts it away, sees the failure come back, takes the fix out again."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.git("stash")
    desk.pytest(bug.test)
    desk.git("stash", "pop")
    desk.pytest()
    desk.confirmed()
    desk.commit("Fix the fault of the ticket")


def editor(desk: Desk) -> None:
    """Clicks at one test after the other; the editor lists the tests at every save."""
    bug = desk.bug
    desk.editor_collects()
    for test in bug.tests:
        desk.editor_runs(test)
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.editor_collects()
    for test in bug.tests:
        desk.editor_runs(test)
    desk.confirmed()
    desk.editor_runs("tests")
    desk.commit("Fix the fault of the ticket")


def next_day(desk: Desk) -> None:
    """Stops in the evening with a suspicion, and ends in order on the next day."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.hypothesis(bug)
    desk.note("it is late, tomorrow I try it")
    desk.sleep(hours=15)
    desk.pytest(bug.test)
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.confirmed()
    desk.pytest()
    desk.commit("Fix the fault of the ticket")


def wrong_first(desk: Desk) -> None:
    """Is wrong once, sees it, takes the change back, and is right the second time."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.suspects(bug.wrong_idea)
    desk.edit(bug.file, *bug.wrong_fix)
    desk.pytest(bug.test)
    desk.git("restore", bug.file)
    desk.refuted("the test fails as before")
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.confirmed()
    desk.pytest()
    desk.commit("Fix the fault of the ticket")


def both_in_order(desk: Desk) -> None:
    """Takes two bugs one after the other, each with the whole method and a commit of its own."""
    desk.pytest()
    for bug in desk.case.bugs:
        desk.pytest(bug.test)
        desk.hypothesis(bug)
        desk.fix(bug)
        desk.pytest(bug.test)
        desk.confirmed()
        desk.add_regression_test(bug)
        desk.pytest(bug.test_file)
        desk.commit(f"Fix {bug.file}")
    desk.pytest()


def reads_then_fixes(desk: Desk) -> None:
    """Sees it fail, reads, fixes, runs everything, commits; never says what is suspected."""
    bug = desk.bug
    desk.pytest()
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.pytest()
    desk.commit("Fix the fault of the ticket")


def refactors(desk: Desk) -> None:
    """Knows what is wrong, and rewrites the module while at it; trusts the tests of that file."""
    bug = desk.bug
    desk.pytest()
    desk.hypothesis(bug)
    for before, after in bug.refactored:
        desk.edit(bug.file, before, after)
    desk.pytest(bug.test_file)
    desk.commit("Refactor")


def leaves_prints(desk: Desk) -> None:
    """Finds it with prints, fixes it, runs everything and walks away as it stands."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    for before, after in bug.prints:
        desk.edit(bug.file, before, after)
    desk.pytest("-s", bug.test)
    desk.fix(bug)
    desk.pytest()


def edits_first(desk: Desk) -> None:
    """Changes what the ticket seems to mean, and only then runs a test."""
    bug = desk.bug
    desk.edit(bug.file, *bug.wrong_fix)
    desk.pytest()
    desk.git("restore", bug.file)
    desk.fix(bug)
    desk.pytest()


def lucky(desk: Desk) -> None:
    """One edit, one run, done."""
    desk.fix(desk.bug)
    desk.pytest()


def shotgun(desk: Desk) -> None:
    """Ten edits at random, each tried and undone, until all is green."""
    bug = desk.bug
    desk.pytest("-x")
    for before, after in bug.guesses:
        desk.edit(bug.file, before, after)
        desk.pytest("-x")
        desk.edit(bug.file, after, before)
    desk.fix(bug)
    desk.pytest("-x")


def gives_up(desk: Desk) -> None:
    """Searches well and finds nothing in time; leaves the code as it was."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.suspects(bug.wrong_idea)
    desk.edit(bug.file, *bug.wrong_fix)
    desk.pytest(bug.test)
    desk.git("restore", bug.file)
    desk.refuted("the test fails as before")
    desk.pytest(bug.test)


def one_of_two(desk: Desk) -> None:
    """Fixes the first of two bugs at once and takes the other for somebody else's."""
    bug = desk.bug
    desk.pytest()
    desk.fix(bug)
    desk.pytest(bug.test)


def unrecorded(desk: Desk) -> None:
    """Works like the textbook, after `new --no-record`."""
    textbook(desk)


def half_in_order(desk: Desk) -> None:
    """Takes the first of two bugs with the whole method, and stops there."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.hypothesis(bug)
    desk.fix(bug)
    desk.pytest(bug.test)
    desk.confirmed()
    desk.pytest()
    desk.commit("Fix the fault of the first ticket")


def fixes_and_weakens(desk: Desk) -> None:
    """Makes the failing tests content first, then fixes the code too, and commits both."""
    desk.pytest()
    for file, before, after in desk.bug.weakened:
        desk.edit(file, before, after)
    desk.pytest()
    desk.fix(desk.bug)
    desk.pytest()
    desk.commit("Fix the fault of the ticket")


def weakens_the_test(desk: Desk) -> None:
    """Makes the failing tests content with what the code does."""
    desk.pytest()
    desk.pytest(desk.bug.test)
    for file, before, after in desk.bug.weakened:
        desk.edit(file, before, after)
    desk.pytest()
    desk.commit("Fix the tests")


def deletes_the_test(desk: Desk) -> None:
    """Takes the failing tests out."""
    desk.pytest()
    desk.pytest(desk.bug.test)
    for file, text in desk.bug.deleted:
        desk.edit(file, text, "")
    desk.pytest()
    desk.commit("Remove tests that are out of date")


def special_case(desk: Desk) -> None:
    """Answers the very inputs of the failing tests and leaves the fault to all others."""
    bug = desk.bug
    desk.pytest()
    desk.pytest(bug.test)
    desk.edit(bug.file, *bug.special_case)
    desk.pytest(bug.test)
    desk.pytest()
    desk.commit("Handle the reported cases")


def skips_the_tests(desk: Desk) -> None:
    """Tells pytest to leave the failing tests out."""
    desk.pytest()
    desk.pytest(desk.bug.test)
    paths = 'testpaths = ["tests"]\n'
    left_out = " ".join(f"--deselect {test}" for test in desk.bug.tests)
    desk.edit("pyproject.toml", paths, f'{paths}addopts = "{left_out}"\n')
    desk.pytest()
    desk.commit("Tidy the configuration")


def rewrites_the_timeline(desk: Desk) -> None:
    """Repairs nothing; opens the record of the runs in an editor and lets the last one pass."""
    desk.pytest()
    desk.pytest(desk.bug.test)
    events = desk.timeline / EVENTS
    text = events.read_text("ascii")
    *others, last = text.split('"exit": 1')
    events.write_text('"exit": 1'.join(others) + '"exit": 0' + last, "ascii")
