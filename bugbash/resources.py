"""Where things lie: what ships with bugbash, and what it keeps for the user."""

from __future__ import annotations

import os
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.files import unusable_name


def shipped(folder: str) -> Path:
    """The shipped folder `mutators`, `scenarios` or `target_projects`.

    Inside the package in a wheel, beside it in a checkout or an editable install.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / folder, package.parent / folder):
        if candidate.is_dir():
            return candidate
    raise EnvironmentProblem(f"bugbash's own folder {folder!r} is missing: install bugbash again.")


def home() -> Path:
    """BUGBASH_HOME, else the platform's folder for a user's data; made when it is missing."""
    given = os.environ.get("BUGBASH_HOME")
    if given:
        path = Path(given).expanduser().absolute()
    else:
        import platformdirs

        path = Path(platformdirs.user_data_dir("bugbash", appauthor=False))
    why = unusable_name(path)
    if why:
        raise EnvironmentProblem(f"{path} {why}: set BUGBASH_HOME to another folder.")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(
            f"bugbash can't keep its data in {path} ({error.strerror}): set BUGBASH_HOME to a "
            "folder that you can write to."
        ) from error
    return path
