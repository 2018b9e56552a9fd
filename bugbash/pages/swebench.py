"""Instances as rows of SWE-bench and of SWE-smith, field by field.

The fields, and what they mean, are those of `swebench.types.SWEbenchInstance` (swebench 5.0) and of
`swesmith.harness.gather` (swesmith 0.0.9), with the `problem_statement` that the published data
set of SWE-smith has beside them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from bugbash.workspace.commits import Commits
from bugbash.workspace.instances import Instance

Format = Literal["swebench", "swesmith"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True)
class Row:
    """One instance in one format."""

    values: dict[str, Any]

    @property
    def id(self) -> str:
        found: str = self.values["instance_id"]
        return found

    @property
    def repo(self) -> str:
        """OWNER/NAME."""
        found: str = self.values["repo"]
        return found

    def line(self) -> str:
        """The row as a line of JSON, in ASCII: their loaders take U+2028 for the end of a line."""
        return json.dumps(self.values)


def row(format: Format, instance: Instance, commits: Commits, owner: str) -> Row:
    """The row of an instance. `owner` is under whose name the repositories are published."""
    values = swebench if format == "swebench" else swesmith
    return Row(values(instance, commits, owner))


def swebench(instance: Instance, commits: Commits, owner: str) -> dict[str, Any]:
    """A row of SWE-bench: the base commit is broken, `patch` mends it, the lists are JSON texts.

    A real bug is told in its own repository; another has one commit of its own as its base, which
    is its environment's too.
    """
    upstream = instance.upstream
    repo = "/".join(_called(instance, owner))
    base = upstream.base_commit if upstream else commits.base
    return {
        "repo": repo,
        "instance_id": f"{repo.replace('/', '__')}-{instance.id}",
        "base_commit": base,
        "patch": upstream.fix if upstream else commits.fix_patch,
        "test_patch": upstream.tests if upstream else commits.test_patch,
        "problem_statement": instance.report,
        "hints_text": "\n\n".join(instance.hints),
        "created_at": _time(instance.when),
        "version": _minor(instance.version),
        "FAIL_TO_PASS": json.dumps(instance.fail_to_pass),
        "PASS_TO_PASS": json.dumps(instance.pass_to_pass),
        "environment_setup_commit": base,
    }


def swesmith(instance: Instance, commits: Commits, owner: str) -> dict[str, Any]:
    """A row of SWE-smith: `patch` makes the bug, whose commit on top of the clean one is the base.

    Eight digits of the clean commit name the repository and the image, as they do there.
    """
    whose, name = _called(instance, owner)
    short = commits.clean[:8]
    kind = instance.kind.replace("-", "_")
    return {
        "instance_id": f"{whose}__{name}.{short}.{kind}__{instance.id}",
        "repo": f"{owner}/{whose}__{name}.{short}",
        "patch": commits.break_patch,
        "FAIL_TO_PASS": list(instance.fail_to_pass),
        "PASS_TO_PASS": list(instance.pass_to_pass),
        "created_at": _time(instance.when),
        "image_name": f"{owner}/swesmith.x86_64.{whose}_1776_{name}.{short}".lower(),
        "base_commit": commits.bug,
        "problem_statement": instance.report,
    }


def _called(instance: Instance, owner: str) -> tuple[str, str]:
    """Owner and name of the repository that an instance is of."""
    if instance.upstream is None or not instance.upstream.repo:
        return owner, instance.project
    whose, _, name = instance.upstream.repo.partition("/")
    return whose, name


def _time(when: int) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minor(version: str) -> str:
    """A version as SWE-bench has it: its first two numbers."""
    return ".".join(version.split(".")[:2])
