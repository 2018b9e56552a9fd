"""Where a real bug comes from: its fix and its issues, with addresses to read on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from bugbash.serving.scenario import Origin

_GITLAB = re.compile(r"(?:^|\.)gitlab\.")
_GITHUB = re.compile(r"(?:^|\.)github\.")


def origin_json(origin: Origin | None) -> dict[str, Any] | None:
    """The part `origin` of `bugbash/answer/v1`; None for a bug that was made."""
    if origin is None:
        return None
    return {
        "name": origin.name,
        "repository": origin.url,
        "commit": origin.fix_commit,
        "commit_url": commit_url(origin) or None,
        "base_commit": origin.base_commit,
        "date": day_of(origin),
        "issues": [
            {"number": number, "url": issue_url(origin, number) or None} for number in origin.issues
        ],
    }


def commit_url(origin: Origin) -> str:
    """The page of the fix; empty where the address of the repository tells no forge."""
    page, below = _forge(origin.url)
    return f"{page}{below}/commit/{origin.fix_commit}" if page else ""


def issue_url(origin: Origin, number: int) -> str:
    """The page of an issue, or of a pull request: forges lead from the one to the other."""
    page, below = _forge(origin.url)
    return f"{page}{below}/issues/{number}" if page else ""


def day_of(origin: Origin) -> str:
    return datetime.fromtimestamp(origin.when, UTC).date().isoformat()


def _forge(url: str) -> tuple[str, str]:
    """The page of a repository, and what stands between it and the rest of an address.

    >>> _forge("git@gitlab.example.org:group/project.git")
    ('https://gitlab.example.org/group/project', '/-')
    """
    match = re.fullmatch(r"(?:https?|ssh|git)://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.+)", url)
    match = match or re.fullmatch(r"[^@/\s]+@([^/:\s]+):(.+)", url)
    if match is None:
        return "", ""
    page = f"https://{match[1]}/{match[2].rstrip('/').removesuffix('.git')}"
    if _GITHUB.search(match[1]):
        return page, ""
    return (page, "/-") if _GITLAB.search(match[1]) else ("", "")
