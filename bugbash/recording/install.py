"""Putting the recorder into a workspace."""

from __future__ import annotations

import json
from pathlib import Path

from bugbash.recording.timeline import folder_of, is_recorded
from bugbash.targets.venv import PytestPlugin, site_packages

ENTRY = "bugbash"
"""`pytest -p no:bugbash` runs without the recorder."""


def recorder_plugin(attempt: str, venv: Path) -> tuple[PytestPlugin, ...]:
    """The recorder for the workspace around `venv`; nothing where the attempt is not recorded."""
    if not is_recorded(attempt):
        return ()
    here = Path(__file__).parent
    up = len(site_packages(venv).relative_to(venv.parent).parts)
    settings = {"timeline": str(folder_of(attempt)), "up": up}
    files = (
        ("bugbash_recorder.py", (here / "recorder.py").read_text("utf-8")),
        ("bugbash_journal.py", (here / "journal.py").read_text("utf-8")),
        ("bugbash_recorder.json", json.dumps(settings)),
    )
    return (PytestPlugin(ENTRY, "bugbash_recorder", files),)
