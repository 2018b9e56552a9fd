"""`--html FILE`: whether the file can be written is known before the work begins."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bugbash.errors import UsageProblem


def writable(path: Path, option: str = "--html") -> Path:
    """The file that is meant, links followed. Raises UsageProblem where it can't be written."""
    said = f"{option} {path}"
    try:
        found = path.expanduser().resolve()
        if str(path) == "-" or (found.exists() and not found.is_file()):
            raise UsageProblem(f"{said}: is no file; name one, such as {option} scan.html.")
        if not found.parent.is_dir():
            raise UsageProblem(f"{said}: there is no folder {found.parent}; make it first.")
        if found.exists() and not os.access(found, os.W_OK):
            raise UsageProblem(f"{said}: may not be written; name another file.")
        tempfile.TemporaryFile(dir=found.parent).close()
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageProblem(f"{said}: can't be written ({why}); name another file.") from error
    return found
