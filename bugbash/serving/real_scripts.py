"""Running the scripts of a report over the clean and the broken code of a real bug."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bugbash.files import copy_tree
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target

_PROBE = Path(__file__).with_name("real_probe.py")
_LIMIT_S = 15.0
_NETWORK = "bugbash: the network is closed"
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
Answer = dict[str, Any]
"""What a script printed, the error that ended it, and the values that it recorded."""


@dataclass(frozen=True)
class Stage:
    """Two places where scripts can be run: with the clean code, and with the broken."""

    clean: tuple[Path, ...]
    broken: tuple[Path, ...]
    python: Path
    folder: Path

    def run(self, scripts: Sequence[str]) -> list[tuple[Answer, Answer]]:
        """What each script does (clean, broken); none where it needs more than a script has."""
        with ThreadPoolExecutor(2) as pool:
            clean, broken = pool.map(self._answers, (self.clean, self.broken), (scripts, scripts))
        pairs = list(zip(clean, broken, strict=False))
        return [] if any(_NETWORK in json.dumps(pair) for pair in pairs) else pairs

    def _answers(self, paths: tuple[Path, ...], scripts: Sequence[str]) -> list[Answer]:
        asked = {"paths": [str(path) for path in paths], "scripts": list(scripts)}
        own = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        place = {name: str(self.folder) for name in ("HOME", "TMPDIR", "TEMP", "TMP")}
        usual = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1"}
        try:
            done = subprocess.run(
                [str(self.python), "-B", str(_PROBE)],
                input=json.dumps(asked).encode(),
                capture_output=True,
                cwd=self.folder,
                env={**own, **place, **usual},
                timeout=_LIMIT_S,
                check=False,
                start_new_session=sys.platform != "win32",
            )
            answers: list[Answer] = json.loads(done.stdout)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return []
        return answers


@contextmanager
def stage_of(
    target: Target, environment: Environment, changes: Mapping[str, bytes]
) -> Iterator[Stage]:
    """Where scripts run over the target's clean tree, and over one with these files changed."""
    spec = target.spec
    with tempfile.TemporaryDirectory(prefix="bugbash-steps-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        broken = folder / "broken"
        for source in spec.sources:
            if (target.tree / source).is_dir():
                copy_tree(target.tree / source, broken / source)
        for file, data in changes.items():
            (broken / file).parent.mkdir(parents=True, exist_ok=True)
            (broken / file).unlink(missing_ok=True)
            (broken / file).write_bytes(data)
        told = folder / "told" / f"{spec.name.replace('-', '_')}-{spec.version}.dist-info"
        told.mkdir(parents=True)
        head = f"Metadata-Version: 2.1\nName: {spec.name}\nVersion: {spec.version}\n"
        (told / "METADATA").write_text(head, "utf-8")
        (folder / "here").mkdir()
        yield Stage(
            clean=(*(target.tree / root for root in spec.source_roots), told.parent),
            broken=(*(broken / root for root in spec.source_roots), told.parent),
            python=environment.python,
            folder=folder / "here",
        )
