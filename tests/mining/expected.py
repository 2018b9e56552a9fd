"""What mining is to say of each commit of tests.mining.history, by name."""

VALID = (
    "fix-rounding",
    "fix-parameters",
    "fix-hang",
    "fix-branch",
    "fix-binary-data",
    "fix-conftest",
    "fix-crlf",
)
LATER = {
    "refactoring": "no-fail-to-pass",
    "small-feature": "breaks-collection",
    "unfinished": "fix-fails",
    "unstable-ids": "unstable-ids",
}
FELL_OUT = {
    "first": "first-commit",
    "docs": "docs",
    "types": "typing",
    "layout": "formatting",
    "docstrings": "docs",
    "feature": "too-large",
    "move": "moved-files",
    "deletion": "deleted-files",
    "second-root": "first-commit",
    "submodule": "submodule",
    "lfs": "lfs",
    "logo": "docs",
    "settings": "test-configuration",
    "link": "links",
    "many-files": "too-many-files",
    "untested": "no-tests",
    "tests-only": "no-source",
    "tests-comment": "no-tests",
    "new-module": "new-files",
    "odd-bytes": "docs",
    "odd-bytes-gone": "docs",
    "finished": "no-source",
    "stable-ids": "no-source",
    "newest": "docs",
}
"""What is in neither is a merge."""
