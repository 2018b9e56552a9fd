"""Makes docs/pictures/first-minute.svg: a real terminal, typed by this script.

python docs/make_pictures.py [TARGET] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bugbash.store import Store
from bugbash.workspace.attempt import find, target_of

PICTURE = Path(__file__).parent / "pictures" / "first-minute.svg"
WIDTH = 104
MENDED_BEFORE = 2
"""The step before which the bug is fixed."""


def typed(command: str, cwd: Path, environment: dict[str, str]) -> str:
    """What a terminal shows for one command, colours included."""
    import pty

    chunks: list[bytes] = []
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        # Progress on stderr moves the cursor: in a still picture it has no place.
        os.execvpe("sh", ["sh", "-c", f"{command} 2>/dev/null"], environment)
    try:
        while chunk := os.read(handle, 65536):
            chunks.append(chunk)
    except OSError:
        pass  # Linux reports the other end's close so
    os.waitpid(pid, 0)
    return b"".join(chunks).decode("utf-8", "replace").replace("\r\n", "\n")


def shown(text: str, folder: Path) -> str:
    """The same without this machine's paths."""
    text = re.sub(r"\x1b\[[0-9]*[ABGKJ]|\x1b\[\?25[lh]|\r", "", text)
    return text.replace(str(folder), "~")


def mend(workspace: Path, environment: dict[str, str]) -> None:
    """Make the right fix, as a learner would have, without asking for the answer."""
    os.environ["BUGBASH_HOME"] = environment["BUGBASH_HOME"]
    attempt = find(Store(), workspace)
    clean = target_of(attempt.scenario).tree
    for bug in attempt.scenario.bugs:
        shutil.copyfile(clean / bug.edit.file, workspace / bug.edit.file)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="?", default="billcycle")
    parser.add_argument("--seed", default="6")
    arguments = parser.parse_args()
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115, PTH123
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        scripts = str(Path(sys.executable).parent)
        environment = {
            **{k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "NO_COLOR")},
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "HOME": name,
            "TERM": "xterm-256color",
            "COLUMNS": str(WIDTH),
            "BUGBASH_HOME": str(folder / ".local" / "share" / "bugbash"),
        }
        where = folder / arguments.target
        steps = [
            (f"bugbash new {arguments.target} --seed {arguments.seed} --dir {where}", folder),
            (".venv/bin/pytest -q --no-header --tb=no", where),
            ("git commit --quiet --all --message 'Say what was wrong and why'", where),
            ("bugbash check", where),
        ]
        for number, (command, cwd) in enumerate(steps):
            if number == MENDED_BEFORE:
                mend(where, environment)
            said = typed(command, cwd, environment)
            line = shown(command.replace(f" --dir {where}", ""), folder)
            console.print(Text("$ ", style="bold green").append(line, style="bold"))
            console.print(Text.from_ansi(shown(said, folder).strip("\n")))
            console.print()
    PICTURE.parent.mkdir(exist_ok=True)
    console.save_svg(str(PICTURE), title="bugbash")
    return 0


if __name__ == "__main__":
    sys.exit(main())
