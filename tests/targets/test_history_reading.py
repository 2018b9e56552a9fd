"""Reading a git history: whatever the repository holds is read, and nothing of it runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.targets.history.changes import Change, change_of, changes, read_blobs
from bugbash.targets.history.repository import exists, full_id, name_of, open_history
from tests.mining.history import Project, build
from tests.mining.past import Past


def quiet(_: str) -> None:
    """Notes are of no matter here."""


def git(*arguments: str | Path, cwd: Path) -> str:
    """The user's own git."""
    done = subprocess.run(
        ["git", *map(str, arguments)], cwd=cwd, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return build(tmp_path_factory.mktemp("past") / "reckon")


def by_name(project: Project, where: Path | None = None) -> dict[str, Change]:
    history = open_history(str(where or project.folder), quiet)
    return {project.name_of(change.commit): change for change in changes(history)}


def as_is(folder: Path, _: Path) -> Path:
    return folder


def git_folder(folder: Path, _: Path) -> Path:
    return folder / ".git"


def bare(folder: Path, aside: Path) -> Path:
    git("clone", "-q", "--bare", folder, aside / "bare", cwd=folder)
    return aside / "bare"


def linked(folder: Path, aside: Path) -> Path:
    git("worktree", "add", "-q", "--detach", aside / "linked", cwd=folder)
    return aside / "linked"


def borrowing(folder: Path, aside: Path) -> Path:
    git("clone", "-q", "--shared", folder, aside / "one", cwd=folder)
    git("clone", "-q", "--shared", aside / "one", aside / 'a "b" #\nc', cwd=folder)
    return aside / 'a "b" #\nc'


def packed(folder: Path, aside: Path) -> Path:
    git("clone", "-q", "--no-local", folder, aside / "packed", cwd=folder)
    git("pack-refs", "--all", cwd=aside / "packed")
    return aside / "packed"


def linked_folder(folder: Path, aside: Path) -> Path:
    (aside / "link").symlink_to(folder)
    return aside / "link"


FORMS = [as_is, git_folder, bare, linked, borrowing, packed, linked_folder]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_of_a_repository_has_the_same_history(
    form: Callable[[Path, Path], Path], project: Project, tmp_path: Path
) -> None:
    assert by_name(project, form(project.folder, tmp_path)) == by_name(project)


def test_a_url_is_cloned_and_has_the_same_history(project: Project) -> None:
    url = project.folder.as_uri()
    history = open_history(f"git+{url}", quiet)
    assert (history.url, history.name) == (url, "reckon")
    mine = open_history(str(project.folder), quiet)
    assert history.head == mine.head and list(changes(history)) == list(changes(mine))


def test_commits_come_newest_first_without_merges(project: Project) -> None:
    names = list(by_name(project))
    assert names[0] == "newest" and names[-1] == "first"
    assert sorted(names) == sorted(set(project.commits) - {"merge", "merge-root"})


def test_a_change_tells_what_git_tells(project: Project) -> None:
    change = by_name(project)["fix-rounding"]
    assert change.subject == "Fix rounding of negative amounts (#12)"
    assert change.body == "Fixes #11, see GH-7 too."
    assert change.parents == (project.commits["docstrings"],)
    told = git("show", "--format=", "--numstat", change.commit, cwd=project.folder).splitlines()
    assert [f"{f.added}\t{f.removed}\t{f.path}" for f in change.files] == told
    assert change.when == int(git("show", "-s", "--format=%ct", change.commit, cwd=project.folder))


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("move", {"reckon/legacy.py": "A", "reckon/old.py": "D", "tests/test_old.py": "M"}),
        (
            "deletion",
            {"reckon/legacy.py": "D", "tests/test_gone.py": "A", "tests/test_old.py": "D"},
        ),
        ("odd-bytes", {"notes/caf\udce9\n\tnew.txt": "A"}),
        ("second-root", {"site/index.html": "A"}),
    ],
)
def test_paths_and_what_became_of_them(name: str, files: dict[str, str], project: Project) -> None:
    assert {f.path: f.status for f in by_name(project)[name].files} == files


def test_modes_and_binaries_are_told(project: Project) -> None:
    read = by_name(project)
    assert [f.mode_after for f in read["submodule"].files if f.path == "rates"] == ["160000"]
    assert [f.mode_after for f in read["link"].files if f.path == "reckon/alias.py"] == ["120000"]
    assert [(f.added, f.removed) for f in read["logo"].files] == [(None, None)]


@pytest.mark.parametrize(
    ("name", "subject", "body"),
    [
        ("odd-bytes", "caf\ufffd and no\ufffdl", "more"),
        ("odd-bytes-gone", "", ""),
        ("fix-crlf", "Fix line ends of old Macs", "They have only a carriage return."),
    ],
)
def test_messages_of_every_sort(name: str, subject: str, body: str, project: Project) -> None:
    change = by_name(project)[name]
    assert (change.subject, change.body) == (subject, body)


def test_files_are_read_byte_for_byte(project: Project) -> None:
    history = open_history(str(project.folder), quiet)
    change = change_of(history, project.commits["fix-crlf"])
    blobs = read_blobs(history, [f.after for f in change.files])
    texts = {f.path: blobs[f.after] for f in change.files}
    assert texts["reckon/windows.py"].count(b"\r\n") == 2
    assert not texts["reckon/windows.py"].endswith(b"\n")
    with pytest.raises(EnvironmentProblem, match="lacks the file 123412341234"):
        read_blobs(history, ["1234" * 10])


def test_one_commit_by_the_start_of_its_id(project: Project) -> None:
    history = open_history(str(project.folder), quiet)
    commit = project.commits["fix-hang"]
    assert change_of(history, commit[:10]) == by_name(project)["fix-hang"]
    assert exists(history, commit) and full_id(history, commit[:8]) == commit
    merge = change_of(history, project.commits["merge"])
    assert len(merge.parents) == 2
    assert {f.path for f in merge.files} == {
        "reckon/money.py",
        "tests/test_money.py",
    }
    for wrong in ("0" * 40, "main", "--all", "HEAD^", ""):
        assert not exists(history, wrong)
        with pytest.raises(UsageProblem, match="has no commit"):
            change_of(history, wrong)


def test_what_came_before_a_commit_is_left_out(project: Project) -> None:
    history = open_history(str(project.folder), quiet)
    found = [project.name_of(c.commit) for c in changes(history, project.commits["stable-ids"])]
    assert found == ["newest"]
    with pytest.raises(UsageProblem, match="has no commit"):
        next(changes(history, "0" * 40))


def test_grafts_and_replacements_are_ignored(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    git("clone", "-q", project.folder, folder, cwd=tmp_path)
    before = by_name(project, folder)
    git("replace", project.commits["fix-hang"], project.commits["docs"], cwd=folder)
    (folder / ".git" / "info" / "grafts").write_text(f"{project.commits['newest']}\n")
    assert len(git("log", "--format=%H", cwd=folder).splitlines()) == 1
    assert by_name(project, folder) == before


def test_new_commits_are_seen_when_it_is_opened_again(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    git("clone", "-q", project.folder, folder, cwd=tmp_path)
    first = open_history(str(folder), quiet)
    git("commit", "-q", "--allow-empty", "-m", "One more", cwd=folder)
    again = open_history(str(folder), quiet)
    assert next(changes(again)).subject == "One more"
    assert again.repository == first.repository


def test_the_remote_names_the_project(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    git("clone", "-q", project.folder, folder, cwd=tmp_path)
    git(
        "remote", "set-url", "origin", "https://me:secret@forge.invalid/team/Reckon.git", cwd=folder
    )
    history = open_history(str(folder), quiet)
    assert (history.name, history.url) == ("Reckon", "https://forge.invalid/team/Reckon.git")
    assert open_history(str(folder), quiet, "other").name == "other"


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("https://forge.invalid/psf/requests.git", "requests"),
        ("clones/httpx/.git/", "httpx"),
        ("ssh://git@forge.invalid/a b", "a-b"),
        ("/", "repository"),
        ("C:\\clones\\mako", "mako"),
    ],
)
def test_names(where: str, name: str) -> None:
    assert name_of(where) == name


def shallow(folder: Path, aside: Path) -> Path:
    git("clone", "-q", "--depth=2", folder.as_uri(), aside / "x", cwd=aside)
    return aside / "x"


def partial(folder: Path, aside: Path) -> Path:
    git("config", "uploadpack.allowFilter", "true", cwd=folder)
    git("clone", "-q", "--filter=blob:none", "--bare", folder.as_uri(), aside / "x", cwd=aside)
    return aside / "x"


def partial_without_configuration(folder: Path, aside: Path) -> Path:
    (partial(folder, aside) / "config").unlink()
    return aside / "x"


def empty(_: Path, aside: Path) -> Path:
    git("init", "-q", aside / "x", cwd=aside)
    return aside / "x"


def no_repository(_: Path, aside: Path) -> Path:
    (aside / "x").mkdir()
    return aside / "x"


def no_folder(_: Path, aside: Path) -> Path:
    return aside / "x"


def reftable(_: Path, aside: Path) -> Path:
    git("init", "-q", aside / "x", cwd=aside)
    (aside / "x" / ".git" / "reftable").mkdir()
    return aside / "x"


def lacking(folder: Path, aside: Path) -> Path:
    git("init", "-q", aside / "x", cwd=aside)
    (aside / "x" / ".git" / "refs" / "heads" / "main").write_text("12" * 20)
    return aside / "x"


def links_in_a_ring(_: Path, aside: Path) -> Path:
    git("init", "-q", aside / "x", cwd=aside)
    (aside / "x" / ".git" / "HEAD").write_text("ref: refs/heads/a\n")
    (aside / "x" / ".git" / "refs" / "heads" / "a").write_text("ref: refs/heads/a\n")
    return aside / "x"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (shallow, "shallow clone.*--unshallow"),
        (partial, "partial clone.*without --filter"),
        (partial_without_configuration, "partial clone.*without --filter"),
        (empty, "no commits yet"),
        (no_repository, "no git repository: name the folder of a clone"),
        (no_folder, "neither a folder nor a URL"),
        (reftable, "reftable.*migrate"),
        (lacking, "does not hold its own newest commit 121212121212"),
        (links_in_a_ring, "no commits yet"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_can_not_be_read_is_told_in_a_line(
    make: Callable[[Path, Path], Path], told: str, project: Project, tmp_path: Path
) -> None:
    with pytest.raises(UsageProblem, match=told) as caught:
        open_history(str(make(project.folder, tmp_path)), quiet)
    assert "\n" not in str(caught.value)


TRAPS = ("hooks", "clean", "smudge", "textconv", "external", "fsmonitor", "pager", "ssh", "include")


def trapped(folder: Path, mark: Path) -> None:
    """Whatever a repository may name for git to run: each writes a file whose name tells which."""
    own = folder / ".git" if (folder / ".git").is_dir() else folder
    programs = {}
    for name in TRAPS:
        script = own / f"trap-{name}"
        script.write_text(f"#!/bin/sh\ntouch '{mark}/{name}'\ncat\n")
        script.chmod(0o755)
        programs[name] = script
    hooks = own / "hooks"
    hooks.mkdir(exist_ok=True)
    listed = ("post-checkout", "pre-auto-gc", "post-index-change", "reference-transaction")
    for hook in (*listed, "fsmonitor-watchman", "post-rewrite", "pre-commit"):
        (hooks / hook).write_text(programs["hooks"].read_text())
        (hooks / hook).chmod(0o755)
    more = own / "more"
    more.write_text(f"[core]\n\tfsmonitor = {programs['include']}\n")
    with (own / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {programs['fsmonitor']}\n\tpager = {programs['pager']}\n"
            f"\thooksPath = {hooks}\n\tsshCommand = {programs['ssh']}\n"
            f"\tattributesFile = {own}/attributes\n"
            f'[filter "x"]\n\tclean = {programs["clean"]}\n\tsmudge = {programs["smudge"]}\n'
            f'[diff "x"]\n\ttextconv = {programs["textconv"]}\n\tcommand = {programs["external"]}\n'
            f"[diff]\n\texternal = {programs['external']}\n[log]\n\tshowSignature = true\n"
            f"[gpg]\n\tprogram = {programs['external']}\n[include]\n\tpath = more\n"
        )
    (own / "info").mkdir(exist_ok=True)
    (own / "info" / "attributes").write_text("* filter=x diff=x\n")
    (own / "attributes").write_text("* filter=x diff=x\n")


@pytest.mark.parametrize("form", [as_is, bare, linked], ids=lambda form: form.__name__)
def test_nothing_of_a_repository_runs_while_it_is_read(
    form: Callable[[Path, Path], Path], tmp_path: Path
) -> None:
    own = build(tmp_path / "reckon")
    where = form(own.folder, tmp_path)
    mark = tmp_path / "ran"
    mark.mkdir()
    trapped(own.folder, mark)
    if form is bare:
        trapped(where, mark)
    if form is not bare:
        git("diff", "HEAD~1", "--stat", cwd=where)
    git("log", "-p", "--ext-diff", "-2", cwd=where)
    assert list(mark.iterdir()), "the traps are no traps"
    for file in mark.iterdir():
        file.unlink()
    history = open_history(str(where), quiet)
    for change in changes(history):
        read_blobs(history, [f.after for f in change.files if f.mode_after.startswith("100")])
    change_of(history, own.commits["merge"])
    list(changes(open_history(where.as_uri(), quiet)))
    assert [file.name for file in mark.iterdir()] == []


def test_git_ends_when_the_reading_stops(tmp_path: Path) -> None:
    long_history(tmp_path / "long", 3_000)
    reading = changes(open_history(str(tmp_path / "long"), quiet))
    next(reading)
    reading.close()
    assert children() == []


def children() -> list[str]:
    import psutil

    return [child.name() for child in psutil.Process().children() if child.name() == "git"]


def long_history(folder: Path, count: int) -> None:
    """A repository of `count` commits with long messages; each hundredth may be a fix."""
    git("init", "-q", "--bare", "--initial-branch=main", folder, cwd=folder.parent)
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE
    ) as importing:
        assert importing.stdin is not None
        for number in range(count):
            words = f"Change {number}\n\n{'Some words. ' * 20}".encode()
            text = f"value = {number}\n".encode()
            importing.stdin.write(
                b"commit refs/heads/main\ncommitter A <a@b.invalid> %d +0000\ndata %d\n%s\n"
                b"M 100644 inline pkg/m%d.py\ndata %d\n%s\n"
                b"M 100644 inline %s\ndata %d\n%s\n"
                % (
                    1_600_000_000 + number,
                    len(words),
                    words,
                    number % 50,
                    len(text),
                    text,
                    b"tests/test_m.py" if number % 100 == 0 else b"NEWS",
                    len(text),
                    text,
                )
            )
    assert importing.returncode == 0


@pytest.mark.slow
def test_fifty_thousand_commits_stream_in_flat_memory(tmp_path: Path) -> None:
    import tracemalloc

    from bugbash.mining.candidates import judged

    long_history(tmp_path / "long", 50_000)
    history = open_history(str(tmp_path / "long"), quiet)
    tracemalloc.start()
    try:
        reading = changes(history)
        answers = judged(reading, history)
        next(answers)
        assert children() == ["git"], "the log goes on while the first answer is there"
        first = tracemalloc.get_traced_memory()[1]
        assert sum(1 for _ in answers) == 49_999
        # Python's table of interned names, where pathlib puts its parts, may double meanwhile.
        assert tracemalloc.get_traced_memory()[1] < first + 16_000_000
    finally:
        tracemalloc.stop()


def test_a_sha256_repository_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "long-ids"
    git("init", "-q", "--object-format=sha256", folder, cwd=tmp_path)
    (folder / "a.py").write_text("a = 1\n")
    git("add", ".", cwd=folder)
    git("commit", "-q", "-m", "First", cwd=folder)
    (change,) = changes(open_history(str(folder), quiet))
    assert len(change.commit) == 64 and change.files[0].path == "a.py"


def test_the_environment_can_not_redirect_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_name(project)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("GIT_GRAFT_FILE", str(tmp_path / "grafts"))
    (tmp_path / "grafts").write_text(f"{project.commits['newest']}\n")
    assert by_name(project) == before
    assert os.environ["GIT_DIR"] == str(tmp_path)


def test_a_past_can_be_written_bare(tmp_path: Path) -> None:
    past = Past()
    past.commit("one", "One", {"a.py": "a = 1\n"})
    where = past.write(tmp_path / "bare", bare=True)
    assert next(changes(open_history(str(where), quiet))).commit == past.commits["one"]
