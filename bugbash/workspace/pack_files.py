"""What lies in a pack around the workspace: how to start, what to install, how to hand in."""

from __future__ import annotations

import json
import re
from importlib import resources

from bugbash.serving.serve import Served
from bugbash.targets.console_scripts import console_scripts
from bugbash.targets.environment import needs_only_pytest
from bugbash.workspace.make import REPORT, leaving_out_plugin
from bugbash.workspace.plain_files import wheel
from bugbash.workspace.roster import Student
from bugbash.workspace.submission_script import PACK

README = "README-START.md"
REQUIREMENTS = "requirements.txt"
SUBMIT = "submit.py"
RECORDER_WHEEL = "bugbash_recorder-1-py3-none-any.whl"
_VERSION = re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?")


def files_beside(served: Served, student: Student, recorded: bool) -> dict[str, bytes]:
    """The files of a pack beside its workspace, by name."""
    pointer, pointer_wheel = _pointer(served)
    wheels = {pointer: pointer_wheel}
    if recorded:
        wheels[RECORDER_WHEEL] = _recorder()
    return {
        README: _readme(served, student, recorded, pointer).encode(),
        REQUIREMENTS: _requirements(served, sorted(wheels)).encode(),
        SUBMIT: _source("bugbash.workspace", "submission_script.py").encode(),
        **wheels,
    }


def _source(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text("utf-8")


def _recorder() -> bytes:
    files = {
        "bugbash_recorder.py": _source("bugbash.recording", "recorder.py"),
        "bugbash_journal.py": _source("bugbash.recording", "journal.py"),
        "bugbash_recorder.json": json.dumps({"pack": PACK}),
    }
    return wheel("bugbash_recorder", "1", files, "[pytest11]\nbugbash = bugbash_recorder\n")


def _pointer(served: Served) -> tuple[str, bytes]:
    """A wheel with the target's name and version that points to the workspace's code.

    It stands for an editable install, for which the target's build system would be needed. It
    finds the code from the environment, which lies in the workspace.
    """
    spec = served.target.spec
    name = re.sub(r"[-_.]+", "_", spec.name)
    version = spec.version if _VERSION.fullmatch(spec.version) else "0"
    files = {f"{name}_code.pth": "".join(map(_path_line, spec.source_roots))}
    entry_points = spec.entry_points
    for plugin in leaving_out_plugin(served.scenario, spec):
        files.update(plugin.files)
        entry_points = f"{entry_points}\n[pytest11]\n{plugin.entry} = {plugin.module}\n"
    return f"{name}-{version}-py3-none-any.whl", wheel(name, version, files, entry_points)


def _path_line(root: str) -> str:
    """A line of a .pth: the code's folder beside the environment, wherever both lie."""
    where = "os.path.dirname(sys.prefix)"
    place = where if root == "." else f"os.path.join({where}, *{root.split('/')!r})"
    return f"import os, sys; sys.path.append({place})\n"


def _requirements(served: Served, wheels: list[str]) -> str:
    lock = f"{served.scenario.lock_text.strip()}\n"
    needed = "pytest\n" if needs_only_pytest(served.target) else lock
    return needed + "".join(f"./{name}\n" for name in wheels)


def _readme(served: Served, student: Student, recorded: bool, pointer: str) -> str:
    spec, scenario = served.target.spec, served.scenario
    name = scenario.name
    shown = scenario.shown_tests
    arguments = "".join(f" {word}" for word in spec.pytest_args)
    text = _source("bugbash.workspace", "start.md")
    sections = text.split("<!-- recorded -->")
    kept = "".join(sections if recorded else sections[::2])
    return kept.format(
        student=student.called,
        name=name,
        python=f"Python {spec.python}" if spec.python else _python(spec.requires_python),
        report=REPORT,
        pointer=pointer,
        recorder=RECORDER_WHEEL,
        timeline=f"{name}/{PACK}/timeline",
        arguments=arguments,
        heading="See it fail" if shown else "Run the tests",
        failing=_failing(shown) + _commands(spec.entry_points),
    )


def _python(needed: str | None) -> str:
    if not needed:
        return "Python"
    version = re.fullmatch(r">=\s*([\d.]+)", needed.strip())
    return f"Python {version[1]} or newer" if version else f"Python {needed}"


def _commands(entry_points: str) -> str:
    names = [f"`.venv/bin/{one.name}`" for one in console_scripts(entry_points)]
    return f"\n\nThe project's own commands lie beside pytest: {', '.join(names)}." if names else ""


def _failing(tests: tuple[str, ...]) -> str:
    if not tests:
        return (
            "They pass, and the bug is there all the same: the report is all you have. Write the "
            "test that catches it."
        )
    count = "One test fails" if len(tests) == 1 else f"{len(tests)} tests fail"
    return "\n".join([f"{count}:", "", *(f"- `{test}`" for test in tests)])
