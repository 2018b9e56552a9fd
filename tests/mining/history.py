"""A small project with a past: a git repository with commits of every kind that mining meets.

`build(folder)` makes it with `git fast-import`: the same ids on every machine. `past.Past`
alone makes other histories, a commit a call. The project is `reckon`, plain Python without
dependencies, and its suite passes at the newest commit; each commit has a name,
`project.commits["fix-rounding"]`.

VALID are fixes that can be replayed; FELL_OUT says the word with which each other commit falls
out before anything is run; LATER are candidates that only a run shows to be none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.mining import reckon
from tests.mining.expected import FELL_OUT as FELL_OUT
from tests.mining.expected import LATER as LATER
from tests.mining.expected import VALID as VALID
from tests.mining.past import Link, Past, Submodule


@dataclass(frozen=True)
class Project:
    """The repository that `build` made."""

    folder: Path
    commits: dict[str, str]

    def name_of(self, commit: str) -> str:
        """The name of a commit, from its id."""
        return {full: name for name, full in self.commits.items()}[commit]


def build(folder: Path, *, bare: bool = False) -> Project:
    """The project `reckon` with its past, in `folder`, which must not exist or be empty."""
    past = Past()
    for chapter in (_beginnings, _fixes, _branches, _awkward, _limits, _late):
        chapter(past)
    return Project(past.write(folder, bare=bare), past.commits)


def _beginnings(past: Past) -> None:
    past.commit(
        "first",
        "Import the project",
        {
            "pyproject.toml": reckon.PYPROJECT,
            "README.md": "# reckon\n",
            "reckon/__init__.py": "",
            "reckon/money.py": reckon.MONEY,
            "reckon/paging.py": reckon.PAGING,
            "reckon/names.py": reckon.NAMES,
            "reckon/old.py": reckon.OLD,
            "reckon/windows.py": reckon.WINDOWS,
            "tests/test_money.py": reckon.TEST_MONEY,
            "tests/test_paging.py": reckon.TEST_PAGING,
            "tests/test_names.py": reckon.TEST_NAMES,
            "tests/test_old.py": reckon.TEST_OLD,
            "tests/test_windows.py": reckon.TEST_WINDOWS,
        },
    )
    past.commit("docs", "Fix a wrong word in the readme", {"README.md": "# reckon\n\nIt counts.\n"})
    past.commit(
        "types",
        "Fix the types of first_row (#2)",
        past.edited(
            "reckon/paging.py",
            ("def first_row(page, size):", "def first_row(page: int, size: int) -> int:"),
        )
        | past.edited("tests/test_paging.py", ("def test_pages():", "def test_pages() -> None:")),
    )
    past.commit(
        "layout",
        "Run the formatter (#3)",
        past.edited("reckon/names.py", ('"Dear " + name', "'Dear '  +  name"))
        | past.edited("tests/test_names.py", ('"Dear Ada"', "'Dear Ada'")),
    )
    past.commit(
        "docstrings",
        "Say what greeting does (#4)",
        past.edited(
            "reckon/names.py",
            ("(name):\n    return 'D", '(name):\n    """Polite."""\n    return \'D'),
        )
        | past.edited(
            "tests/test_names.py", ("test_greeting():", 'test_greeting():\n    """So."""')
        ),
    )


def _fixes(past: Past) -> None:
    past.commit(
        "fix-rounding",
        "Fix rounding of negative amounts (#12)\n\nFixes #11, see GH-7 too.\n",
        past.edited(
            "reckon/money.py",
            (
                "    return int(amount + 0.5)",
                reckon.ROUNDED,
            ),
        )
        | past.edited(
            "tests/test_money.py",
            (
                "def test_split",
                "def test_rounding_of_debts():\n    assert rounded(-1.5) == -2\n\n\ndef test_split",
            ),
        )
        | {"CHANGES.md": "- Debts are rounded away from zero: `rounded` lacked a branch.\n"},
    )
    past.commit(
        "feature",
        "Add totals (#13)",
        {
            **past.edited("reckon/money.py", ("def split(", reckon.TOTALS + "def split(")),
            "tests/test_totals.py": reckon.TEST_TOTALS,
        },
    )
    past.commit(
        "fix-parameters",
        "Wrong cents below ten (#15)",
        past.edited("reckon/money.py", ('"%d.%d"', '"%d.%02d"'))
        | past.edited("tests/test_money.py", ('(99, "0.99")', '(99, "0.99"), (105, "1.05")')),
    )
    past.commit(
        "fix-hang",
        "pages() no longer hangs without a size\n\nCloses https://forge.invalid/reckon/issues/21.\n",
        past.edited(
            "reckon/paging.py",
            (
                "    count = 0\n",
                reckon.CHECKED_SIZE,
            ),
        )
        | past.edited(
            "tests/test_paging.py",
            ("from reckon", "import pytest\n\nfrom reckon"),
            (
                "def test_first_row",
                reckon.TEST_NO_SIZE,
            ),
        ),
    )


def _branches(past: Past) -> None:
    past.commit(
        "fix-branch",
        "Fix the remainder that split() lost",
        past.edited(
            "reckon/money.py",
            (
                "    return [share] * people",
                reckon.SHARES,
            ),
        )
        | past.edited(
            "tests/test_money.py",
            (
                "    assert sum(split(9, 3)) == 9\n",
                "    assert sum(split(9, 3)) == 9\n    assert sum(split(10, 3)) == 10\n",
            ),
        ),
    )
    branch = past.files
    past.commit(
        "tests-only", "More tests", {"tests/test_more.py": reckon.TEST_MORE}, parents=("fix-hang",)
    )
    past.commit(
        "merge", "Merge the branch of the remainder", branch, parents=("tests-only", "fix-branch")
    )
    past.commit(
        "second-root", "A site of its own", {"site/index.html": "<p>reckon</p>\n"}, parents=()
    )
    site = past.files
    past.commit("merge-root", "Merge the site", site, parents=("merge", "second-root"))


def _awkward(past: Past) -> None:
    moved = past.files["reckon/old.py"]
    past.commit(
        "move",
        "Move old to legacy",
        {
            "reckon/old.py": None,
            "reckon/legacy.py": moved,
            "tests/test_old.py": reckon.TEST_OLD.replace("reckon.old", "reckon.legacy"),
        },
    )
    past.commit(
        "deletion",
        "Remove legacy, fixes #30",
        {
            "reckon/legacy.py": None,
            "tests/test_old.py": None,
            "tests/test_gone.py": reckon.TEST_GONE,
        },
    )
    past.commit(
        "submodule",
        "Fix greeting, and move the shared rates",
        {
            ".gitmodules": '[submodule "rates"]\n\tpath = rates\n\turl = https://forge.invalid/rates\n',
            "rates": Submodule(),
            **past.edited("reckon/names.py", ("'Dear '  +  name", "'Dear ' + name.strip()")),
            **past.edited("tests/test_more.py", ('greeting("")', 'greeting(" ")')),
        },
    )
    past.commit(
        "lfs",
        "Fix first_row for page 0",
        {
            ".gitattributes": "*.table filter=lfs diff=lfs merge=lfs -text\n",
            "tests/data/rows.table": "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + "0" * 64
            + "\nsize 12345\n",
            **past.edited(
                "reckon/paging.py", ("(page - 1) * size + 1", "max(page - 1, 0) * size + 1")
            ),
            **past.edited(
                "tests/test_paging.py",
                (
                    "    assert first_row(2, 10) == 11\n",
                    "    assert first_row(2, 10) == 11\n    assert first_row(0, 10) == 1\n",
                ),
            ),
        },
    )
    past.commit("logo", "A logo", {"docs/logo.png": b"\x89PNG\r\n\x1a\n\0\0\0"})
    past.commit(
        "fix-binary-data",
        "Fix initials of names with several spaces",
        {
            **past.edited("reckon/names.py", ('name.split(" ")', "name.split()")),
            "tests/data/names.bin": b"Ada  Lovelace\0Alan   Turing\0",
            **past.edited(
                "tests/test_names.py",
                ("from reckon", "from pathlib import Path\n\nfrom reckon"),
                ("def test_greeting", reckon.TEST_BINARY + "def test_greeting"),
            ),
        },
    )
    past.commit(
        "link",
        "Fix the alias",
        {"reckon/alias.py": Link("names.py"), "tests/test_more.py": reckon.TEST_MORE},
    )
    past.commit(
        "odd-bytes",
        b"caf\xe9 and no\xebl\r\n\r\nmore\r\n",
        {"notes/caf\udce9\n\tnew.txt": b"no line end"},
    )
    past.commit("odd-bytes-gone", "", {"notes/caf\udce9\n\tnew.txt": None})


def _limits(past: Past) -> None:
    past.commit(
        "fix-conftest",
        "Fix greeting of blank names",
        {
            "tests/conftest.py": reckon.CONFTEST,
            **past.edited("pyproject.toml", ('version = "1.0"', 'version = "1.1"')),
            **past.edited(
                "reckon/names.py",
                ("'Dear ' + name.strip()", "'Dear ' + (name.strip() or 'customer')"),
            ),
            "tests/test_more.py": reckon.TEST_BLANK,
        },
    )
    past.commit(
        "settings",
        "Fix pages of a fraction",
        {
            **past.edited(
                "pyproject.toml",
                ('testpaths = ["tests"]', 'testpaths = ["tests"]\naddopts = "--strict-markers"'),
            ),
            **past.edited("reckon/paging.py", ("if size <= 0", "if size < 1")),
            **past.edited(
                "tests/test_paging.py", ("        pages(10, 0)\n", "        pages(10, 0.5)\n")
            ),
        },
    )
    windows = past.files["reckon/windows.py"]
    assert isinstance(windows, str)
    past.commit(
        "fix-crlf",
        "Fix line ends of old Macs\r\n\r\nThey have only a carriage return.\r\n",
        {
            "reckon/windows.py": windows.replace(
                "text.count", "text.replace('\\r\\n', '\\n').replace('\\r', '\\n').count"
            ),
            "tests/test_windows.py": reckon.TEST_WINDOWS
            + '\n\ndef test_line_ends_of_old_macs():\n    assert line_ends("a\\rb\\r\\n") == 2',
        },
    )
    past.commit(
        "many-files",
        "Fix all modules (#40)",
        past.edited("reckon/names.py", ("'customer'", "'friend'"))
        | past.edited("reckon/paging.py", ("must be positive", "has to be positive"))
        | past.edited(
            "reckon/money.py",
            (
                "def highest(amounts):\n    return max(amounts)",
                "def highest(amounts):\n    return max(amounts, default=0)",
            ),
        )
        | past.edited("tests/test_more.py", ("customer", "friend")),
    )
    past.commit(
        "untested",
        "Fix the crash of mean",
        past.edited("reckon/money.py", ("if not amounts", "if len(amounts) == 0")),
    )
    past.commit(
        "tests-comment",
        "Fix mean once more",
        past.edited("reckon/money.py", ("if len(amounts) == 0", "if not list(amounts)"))
        | past.edited(
            "tests/test_totals.py", ("def test_totals():", "def test_totals():\n    # all three")
        ),
    )
    past.commit(
        "new-module",
        "Add taxes",
        {
            "reckon/taxes.py": "RATE = 19\n",
            "tests/test_taxes.py": reckon.TEST_TAXES,
        },
    )


def _late(past: Past) -> None:
    """What looks like a fix until it is run."""
    past.commit(
        "refactoring",
        "Refactor total (#41)",
        past.edited(
            "reckon/money.py", ("        result += amount\n", "        result = result + amount\n")
        )
        | past.edited(
            "tests/test_totals.py",
            (
                "def test_totals",
                "def test_total_of_nothing():\n    assert total([]) == 0\n\n\ndef test_totals",
            ),
        ),
    )
    past.commit(
        "small-feature",
        "Add lowest",
        past.edited(
            "reckon/money.py",
            ("def highest(", "def lowest(amounts):\n    return min(amounts)\n\n\ndef highest("),
        )
        | past.edited(
            "tests/test_totals.py",
            ("import highest, mean", "import highest, lowest, mean"),
            (
                "def test_totals",
                "def test_lowest():\n    assert lowest([2, 1]) == 1\n\n\ndef test_totals",
            ),
        ),
    )
    past.commit(
        "unfinished",
        "Fix lowest of nothing, work in progress",
        past.edited("reckon/money.py", ("min(amounts)", "min(amounts, default=1)"))
        | past.edited(
            "tests/test_totals.py",
            (
                "def test_totals",
                "def test_lowest_of_nothing():\n    assert lowest([]) == 0\n\n\ndef test_totals",
            ),
        ),
    )
    past.commit(
        "finished",
        "The lowest of nothing is 1",
        past.edited("tests/test_totals.py", ("lowest([]) == 0", "lowest([]) == 1")),
    )
    past.commit(
        "unstable-ids",
        "Fix the highest of nothing",
        {
            **past.edited(
                "reckon/money.py", ("max(amounts, default=0)", "max(amounts, default=1)")
            ),
            "tests/test_highest.py": reckon.TEST_HIGHEST,
        },
    )
    past.commit(
        "stable-ids",
        "Plain ids",
        {
            "tests/test_highest.py": reckon.TEST_HIGHEST.replace("time.time_ns()", "0").replace(
                "import time\n\n", ""
            )
        },
    )
    past.commit("newest", "Say more", {"README.md": "# reckon\n\nIt counts, and rounds.\n"})
