"""Every call of uv goes through here: finding the binary, and making sense of its complaints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.resources import home

_NOT_PASSED_ON = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT")
_NO_NETWORK = re.compile(
    r"error sending request|dns error|tcp connect|failed to fetch|network was disabled"
    r"|not found in the cache|connection (?:refused|reset)|operation timed out",
    re.IGNORECASE,
)
_BOX = re.compile(r"^[\s×╰─▶│├]+|^(?:error|cause|caused by):\s*", re.IGNORECASE)


class UvFailure(EnvironmentProblem):
    """uv said no. `text` is all it said, `offline` whether the network seems to be the reason."""

    def __init__(self, message: str, text: str, offline: bool) -> None:
        super().__init__(message)
        self.text = text
        self.offline = offline


def find() -> Path | None:
    """The uv binary: the one that came with bugbash, else the one on PATH, else None."""
    try:
        from uv import find_uv_bin

        return Path(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
        return Path(found) if found else None


def run(
    arguments: Sequence[str],
    *,
    stdin: str = "",
    cwd: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> str:
    """Run uv and return its stdout. The user's own uv configuration holds.

    Raises UvFailure with uv's reason in one sentence; EnvironmentProblem where there is no uv.
    """
    binary = find()
    if binary is None:
        raise EnvironmentProblem("uv is missing: install bugbash again, or put uv on your PATH.")
    environment = {k: v for k, v in os.environ.items() if k not in _NOT_PASSED_ON}
    environment.setdefault("UV_HTTP_RETRIES", "1")
    environment |= {"NO_COLOR": "1", "UV_NO_PROGRESS": "1", **(variables or {})}
    done = subprocess.run(
        [str(binary), *arguments],
        input=stdin.encode(),
        capture_output=True,
        cwd=cwd or home(),
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        raise failure(done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace")


def failure(text: str) -> UvFailure:
    """The UvFailure for what uv wrote to stderr."""
    offline = bool(_NO_NETWORK.search(text))
    reason = _sentence(text)
    if offline:
        message = f"The package registry can't be reached ({reason}): try again with a network."
    else:
        message = f"uv could not do it: {reason}"
    return UvFailure(message, text, offline)


def _sentence(text: str) -> str:
    """The line that says most: the deepest cause that is not a hint, its parts joined."""
    lines = [_BOX.sub("", _BOX.sub("", line)).strip() for line in _without_hints(text)]
    told = [line for line in lines if line and not line.startswith(("Using ", "warning:"))]
    causes = [line for line in told if line.startswith(("Because", "No solution", "failed to"))]
    chosen = (causes or told or ["it gave no reason"])[-1]
    return chosen if len(chosen) <= 300 else chosen[:297] + "..."


def _without_hints(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if line.strip().startswith("hint:"):
            break
        lines.append(line)
    return lines
