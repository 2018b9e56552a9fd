"""The access log: a file for each day (UTC), a JSON object for each request."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from .moments import UTC


def append_access(folder: Path, moment: datetime, **entry: Any) -> None:
    moment = moment.astimezone(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": f"{moment:%H:%M:%S}", **entry}, ensure_ascii=False)
    file = folder / f"access-{moment:%Y-%m-%d}.log"
    with file.open("a", encoding="utf-8", newline="\n") as log:
        log.write(line + "\n")
