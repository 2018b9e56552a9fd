"""`new --real`: a bug that a library had, on top of its history, from the index to the answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash import git
from bugbash.files import remove_tree
from bugbash.targets.history import index as indexes
from tests.real_bugs import FAIL_TO_PASS, Library, make_library

Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def library(bugbash_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return make_library(tmp_path_factory.mktemp("clones") / "reckon", bugbash_home)


@pytest.fixture
def new(run: Run, library: Library, tmp_path: Path) -> Callable[..., Path]:
    """A workspace of the bug that a commit of the project mended."""

    def new(fix: str, *options: str) -> Path:
        workspace = tmp_path / fix
        name = f"reckon@{library.commit(fix)[:12]}"
        clone = ("--repo", library.project.folder)
        run("new", "--real", name, *clone, "--dir", workspace, *options, code=0)
        return workspace

    return new


def git_says(folder: Path, *words: str) -> str:
    return git.run(words, folder).decode("utf-8", "surrogateescape")


def report_of(workspace: Path) -> str:
    return (workspace / "FAILURE_REPORT.md").read_text("utf-8")


@pytest.mark.parametrize("fix", FAIL_TO_PASS)
def test_a_workspace_fails_exactly_the_tests_of_its_bug(
    fix: str, new: Callable[..., Path], run: Run
) -> None:
    workspace = new(fix)
    found = json.loads(run("check", "--json", cwd=workspace, code=1).stdout)["tests"]
    assert tuple(found["fail_to_pass"]["failed"]) == FAIL_TO_PASS[fix]
    assert not found["pass_to_pass"]["failed"] and not found["pass_to_pass"]["missing"]
    assert found["pass_to_pass"]["passed"] > 1


@pytest.mark.parametrize("fix", FAIL_TO_PASS)
def test_the_maintainers_fix_solves_it(fix: str, new: Callable[..., Path], run: Run) -> None:
    workspace = new(fix)
    words = [sys.executable, "-m", "bugbash", "reveal", "--patch"]
    patch = subprocess.run(words, cwd=workspace, stdout=subprocess.PIPE, check=True).stdout
    git.run(["apply", "--whitespace=nowarn"], workspace, input=patch)  # bytes: it has CR LF
    value = json.loads(run("check", "--json", cwd=workspace, code=0).stdout)
    assert (value["solved"], value["diff"]["equivalent"]) == (True, "ast")


def test_a_patch_that_breaks_something_else_is_no_fix(new: Callable[..., Path], run: Run) -> None:
    workspace = new("fix-rounding")
    path = workspace / "reckon/money.py"
    path.write_text(path.read_text().replace("int(amount + 0.5)", "int(amount - 0.5)"))
    found = json.loads(run("check", "--json", cwd=workspace, code=1).stdout)["tests"]
    assert found["fail_to_pass"]["passed"] and found["pass_to_pass"]["failed"]


@pytest.mark.parametrize("fix", FAIL_TO_PASS)
def test_nothing_of_the_future_is_in_the_repository(
    fix: str, new: Callable[..., Path], library: Library
) -> None:
    workspace = new(fix)
    folder = workspace / ".git"
    everything = git_says(
        workspace, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"
    ).split()
    reachable = {
        line.split()[0]
        for line in git_says(workspace, "rev-list", "--objects", "HEAD").splitlines()
    }
    assert set(everything) == reachable
    original, entry = library.project.folder, library.entry(fix)
    after = {
        git_says(original, "rev-parse", f"{entry.fix_commit}:{name}").strip()
        for name in entry.files
    }
    later = git_says(original, "rev-list", "--all", "--not", entry.base_commit).split()
    assert not set(everything) & {*after, *later}
    assert git_says(workspace, "for-each-ref", "--format=%(refname)") == "refs/heads/main\n"
    left = {path.name for path in folder.rglob("*")}
    assert not left & {"alternates", "logs", "packed-refs", "FETCH_HEAD", "ORIG_HEAD"}
    told = git_says(original, "log", "-1", "--format=%s", entry.fix_commit).strip()
    assert told not in git_says(workspace, "log", "--format=%B")
    assert told not in report_of(workspace)


def test_releases_of_the_past_are_there_as_tags(library: Library, tmp_path: Path) -> None:
    commits = library.project.commits
    original = tmp_path / "tagged"
    git.run(["clone", "-q", "--bare", str(library.project.folder), str(original)])
    for words in (["v1", commits["docs"]], ["-a", "-m", "x", "v2", commits["types"]]):
        git.run(["-c", "user.name=a", "-c", "user.email=a@b.invalid", "tag", *words], original)
    for name, what in {"a-tree": "docs^{tree}", "a-tag": "", "later": "fix-rounding"}.items():
        commit, _, rest = what.partition("^")
        led = "v2" if not what else commits[commit] + (f"^{rest}" if rest else "")
        git.run(["tag", name, led], original)
    base = library.entry("fix-rounding").base_commit
    packed, folder = tmp_path / "packed", tmp_path / "workspace"
    git.pack_past(original, base, packed)
    folder.mkdir()
    (folder / "a.txt").write_text("a\n")
    git.continue_history(folder, packed, base, ["a.txt"], [])
    said = git_says(folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/tags")
    tags = {"a-tag": "types", "v1": "docs", "v2": "types"}
    assert dict(line.split() for line in said.splitlines()) == {
        f"refs/tags/{name}": commits[commit] for name, commit in tags.items()
    }
    assert "-3-g" in git_says(folder, "describe", "--tags")
    git.run(["fsck", "--strict"], folder)


def test_the_past_is_there_to_be_read(new: Callable[..., Path], library: Library) -> None:
    workspace = new("fix-branch")
    entry = library.entry("fix-branch")
    assert git_says(workspace, "rev-parse", "HEAD~1").strip() == entry.base_commit
    blame = git_says(workspace, "blame", "--porcelain", "reckon/money.py")
    assert library.commit("fix-parameters") in blame
    assert not git_says(workspace, "status", "--porcelain")
    changed = git_says(workspace, "diff", "--name-only", "HEAD~1", "HEAD").split()
    assert changed == ["FAILURE_REPORT.md", "tests/test_money.py"]
    author, before, on_top = (
        git_says(workspace, "log", "-1", f"--format={form}", commit).strip()
        for form, commit in (("%an", "HEAD"), ("%ct", "HEAD~1"), ("%ct", "HEAD"))
    )
    assert (author, int(on_top) > int(before)) == ("Maintainer", True)


def test_the_clone_that_is_named_is_not_written_to(
    new: Callable[..., Path], library: Library
) -> None:
    def state() -> dict[str, int]:
        found = library.project.folder.rglob("*")
        return {str(path): path.stat().st_mtime_ns for path in found}

    before = state()
    new("fix-crlf")
    assert state() == before


def test_the_report_is_that_of_a_user(new: Callable[..., Path]) -> None:
    report = report_of(new("fix-rounding"))
    assert "print(rounded(-1.5))" in report
    assert "from reckon.money import rounded" in report
    for value in ("## Expected\n\n```\n-2\n```", "## Actual\n\n```\n-1\n```"):
        assert value in report
    assert "-int(" not in report and "test_rounding" not in report


def test_a_failing_set_of_arguments_is_written_out(new: Callable[..., Path]) -> None:
    report = report_of(new("fix-parameters"))
    assert "print(shown(105))" in report
    assert "1.05" in report and "1.5" in report
    assert "With `cents=1230, text='12.30'` all is well." in report


def test_blind_withholds_the_fixes_tests(new: Callable[..., Path], run: Run) -> None:
    workspace = new("fix-rounding", "--blind")
    assert "test_rounding_of_debts" not in (workspace / "tests/test_money.py").read_text()
    assert "test_rounding_of_debts" not in git_says(workspace, "log", "-p", "HEAD")
    assert json.loads(run("status", "--json", cwd=workspace, code=0).stdout)["fail_to_pass"] == []
    assert "1 failed" not in run("test", "-q", cwd=workspace, code=0).stdout


def test_blind_passes_over_a_fix_whose_other_changes_of_the_tests_would_show(
    run: Run, library: Library, tmp_path: Path
) -> None:
    name = f"reckon@{library.commit('fix-parameters')[:12]}"  # it adds to a test that was there
    clone = ("--repo", library.project.folder, "--dir", tmp_path / "blind")
    done = run("new", "--real", name, *clone, "--blind", code=3)
    assert "its fix changed more of the tests, which the last commit would show" in done.stderr


def test_an_interview_has_prose_alone(new: Callable[..., Path]) -> None:
    report = report_of(new("fix-rounding", "--interview"))
    assert "script" not in report and "rounded" not in report
    assert 'It prints "-1"; it should print "-2".' in report


def test_reset_brings_the_past_back_without_the_clone(
    new: Callable[..., Path], run: Run, bugbash_home: Path, library: Library
) -> None:
    workspace = new("fix-rounding")
    before = git_says(workspace, "rev-parse", "HEAD")
    named = bugbash_home / "repositories"
    away = named.rename(named.with_name("away"))
    try:
        (workspace / "reckon/money.py").write_text("")
        run("reset", "--yes", cwd=workspace, code=0)
    finally:
        remove_tree(named)
        away.rename(named)
    assert git_says(workspace, "rev-parse", "HEAD") == before


def test_reset_without_any_past_removes_nothing(
    new: Callable[..., Path], run: Run, bugbash_home: Path, library: Library
) -> None:
    workspace = new("fix-rounding")
    named = bugbash_home / "repositories"
    away = named.rename(named.with_name("away"))
    try:
        remove_tree(workspace / ".git")
        (workspace / "reckon/money.py").write_text("# mine\n")
        done = run("reset", "--yes", cwd=workspace, code=3)
        assert "the clone of" in done.stderr
        assert (workspace / "reckon/money.py").read_text() == "# mine\n"
        assert (workspace / "tests/test_money.py").is_file()
    finally:
        remove_tree(named)
        away.rename(named)


def test_hints_lead_to_the_place(new: Callable[..., Path], run: Run) -> None:
    workspace = new("fix-rounding")
    said = [run("hint", "--yes", cwd=workspace, code=0).stdout for _ in range(4)]
    assert "reckon/money.py" in said[1] and "rounded" in said[2]


def test_commits_of_the_past_are_not_the_learners(new: Callable[..., Path], run: Run) -> None:
    workspace = new("fix-rounding")
    patch = run("reveal", "--patch", cwd=workspace, code=0).stdout
    git.run(["apply"], workspace, input=patch.encode())
    assert "not committed" in run("check", "--json", cwd=workspace, code=0).stdout
    git.set_identity(workspace)
    git.run(["commit", "-qam", "Round debts away from zero, as amounts are"], workspace)
    assert "committed with a message" in run("check", "--json", cwd=workspace, code=0).stdout


def test_reveal_shows_both_fixes_and_where_to_read_on(
    new: Callable[..., Path], run: Run, library: Library
) -> None:
    workspace = new("fix-rounding")
    path = workspace / "reckon/money.py"
    path.write_text(path.read_text().replace("int(amount + 0.5)", "round(amount)"))
    said = run("reveal", cwd=workspace, code=0).stdout
    assert "return round(amount)" in said and "return -int(0.5 - amount)" in said
    fix = library.commit("fix-rounding")
    page = "https://gitlab.example.invalid/ledgers/reckon/-"
    assert f"{page}/commit/{fix}" in said and f"{page}/issues/11" in said
    assert "Fix rounding of negative amounts" in said
    value = json.loads(run("reveal", "--json", cwd=workspace, code=0).stdout)
    assert value["schema"] == "bugbash/answer/v1"
    assert value["origin"]["commit"] == fix
    assert [issue["number"] for issue in value["origin"]["issues"]] == [11, 7]


def test_the_fix_is_named_to_nobody_who_plays(run: Run, library: Library, tmp_path: Path) -> None:
    made = run("new", "--real", "reckon", "--repo", library.project.folder, "--seed", "3",
               "--dir", tmp_path / "ws", "--json", code=0)  # fmt: skip
    value = json.loads(made.stdout)
    assert value["target"] == "real:reckon"
    said = made.stdout + made.stderr + run("status", "--json", cwd=tmp_path / "ws").stdout
    said += run("check", "--json", cwd=tmp_path / "ws").stdout
    assert not [entry for entry in library.index.entries if entry.fix_commit[:8] in said]


def test_the_line_to_hand_on_gives_the_same_bug(run: Run, library: Library, tmp_path: Path) -> None:
    clone = ("--repo", library.project.folder)
    first, second = tmp_path / "first", tmp_path / "second"
    made = json.loads(
        run("new", "--real", "reckon", *clone, "--dir", first, "--json", code=0).stdout
    )
    again = made["again"].split()[1:]
    other = json.loads(run(*again, "--dir", second, "--json", code=0).stdout)
    assert other["fail_to_pass"] == made["fail_to_pass"]


def test_what_was_not_played_comes_first(run: Run, library: Library, tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_library(tmp_path / "reckon", home)  # the clone's objects are the same
    seen = set()
    for number in range(len(FAIL_TO_PASS)):
        words = ("new", "--real", "reckon", "--repo", library.project.folder)
        done = run(*words, "--dir", tmp_path / f"{number}", "--json",
                   env={"BUGBASH_HOME": str(home)}, code=0)  # fmt: skip
        seen.add(tuple(json.loads(done.stdout)["fail_to_pass"]))
    assert seen == set(FAIL_TO_PASS.values())


def test_a_bug_that_does_not_show_here_is_passed_over(
    run: Run, library: Library, bugbash_home: Path, tmp_path: Path
) -> None:
    green = replace(
        library.entry("fix-rounding"), fail_to_pass=("tests/test_money.py::test_rounding",)
    )
    entries = (green, library.entry("fix-crlf"))
    path = bugbash_home / "real" / "greenish.json"
    indexes.save(replace(library.index, name="greenish", entries=entries), path)
    clone = ("--repo", library.project.folder)
    try:
        for seed in range(3):
            done = run("new", "--real", "greenish", *clone, "--seed", str(seed),
                       "--dir", tmp_path / f"ws-{seed}", "--json", code=0)  # fmt: skip
            assert json.loads(done.stdout)["fail_to_pass"] == [*FAIL_TO_PASS["fix-crlf"]]
            if "passed over" in done.stderr:
                break
        assert "does not show here" in done.stderr
        name = f"greenish@{green.fix_commit[:10]}"
        told = run("new", "--real", name, *clone, "--dir", tmp_path / "no", code=3).stderr
        assert "does not show here: its tests pass" in told
        assert not (tmp_path / "no").exists()
    finally:
        path.unlink()


def test_a_bug_that_was_seen_here_is_not_run_again(
    run: Run, library: Library, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    make_library(tmp_path / "reckon", home)  # the clone's objects are the same
    name = f"reckon@{library.commit('fix-parameters')[:12]}"

    def again(folder: str) -> str:
        words = ("new", "--real", name, "--repo", library.project.folder, "--dir")
        done = run(*words, tmp_path / folder, env={"BUGBASH_HOME": str(home)}, code=0)
        return done.stderr

    assert "looking whether the bug shows here" in again("first")
    remove_tree(home / "slots")
    assert "looking" not in again("second")
    assert not (home / "slots").exists()
    first, second = (tmp_path / folder for folder in ("first", "second"))
    assert git_says(first, "rev-parse", "HEAD") == git_says(second, "rev-parse", "HEAD")
    found = run("check", "--json", cwd=second, env={"BUGBASH_HOME": str(home)}, code=1)
    failed = json.loads(found.stdout)["tests"]["fail_to_pass"]["failed"]
    assert tuple(failed) == FAIL_TO_PASS["fix-parameters"]


def test_what_was_seen_holds_for_what_the_index_said_then(
    run: Run, library: Library, bugbash_home: Path, tmp_path: Path
) -> None:
    entry = library.entry("fix-branch")
    path = bugbash_home / "real" / "altered.json"
    words = ("new", "--real", f"altered@{entry.fix_commit}", "--repo", library.project.folder)
    try:
        indexes.save(replace(library.index, name="altered", entries=(entry,)), path)
        run(*words, "--dir", tmp_path / "first", code=0)
        other = replace(entry, fail_to_pass=("tests/test_money.py::test_rounding",))
        indexes.save(replace(library.index, name="altered", entries=(other,)), path)
        told = run(*words, "--dir", tmp_path / "second", code=3).stderr
    finally:
        path.unlink()
    assert "does not show here" in told


def test_the_past_is_kept_for_the_bugs_that_were_played_last(
    run: Run, library: Library, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    make_library(tmp_path / "reckon", home)
    packs = home / "repositories" / "packs"
    for number in range(1, 11):
        (packs / f"{number}").mkdir(parents=True)
        long_ago = number * 100_000
        os.utime(packs / f"{number}", (long_ago, long_ago))
    words = ("new", "--real", f"reckon@{library.commit('fix-branch')}", "--dir", tmp_path / "ws")
    clone = ("--repo", library.project.folder)
    run(*words, *clone, env={"BUGBASH_HOME": str(home)}, code=0)
    kept = {*map(str, range(4, 11)), library.entry("fix-branch").base_commit}
    assert {path.name for path in packs.iterdir()} == kept


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--real", "rekon"), "Did you mean 'reckon'?"),
        (("--real", "reckon@ffffffff"), "the index has no fix"),
        (("--real", "reckon", "--difficulty", "easy"), "is not measured"),
        (("--real", "reckon", "--mutator", "swap-arguments"), "leave --mutator out"),
        (("--real", "reckon", "--bugs", "2"), "leave --bugs out"),
        (("--real", "reckon", "--with", "attrs"), "leave --with out"),
        (("--real", "reckon", "--interview", "stripe"), "comes alone"),
        (("--real", "reckon", "--family", "configuration"), "no real configuration bug"),
        (("billcycle", "--real", "reckon"), "leave TARGET out"),
        (("--repo", "."), "--repo goes with --real NAME"),
        (("--real", "--repo", "."), "name it"),
        (("--real", "reckon", "--repo", "."), "is no git repository"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_does_not_fit_is_one_line(
    words: tuple[str, ...], told: str, run: Run, library: Library
) -> None:
    done = run("new", *words, code=2)
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_library_that_cannot_be_cloned_says_what_to_do(
    run: Run, library: Library, bugbash_home: Path, tmp_path: Path
) -> None:
    path = bugbash_home / "real" / "farther.json"
    away = replace(library.index, name="farther", url=f"file://{tmp_path}/nothing")
    indexes.save(away, path)
    try:
        told = run("new", "--real", "farther", code=3).stderr.strip().splitlines()[-1]
    finally:
        path.unlink()
    assert "farther can't be cloned" in told and "add --repo PATH" in told
