"""What bugbash knows about a vendored target that the target's own files must not say."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from bugbash.errors import EnvironmentProblem
from bugbash.resources import shipped


@dataclass(frozen=True)
class Equivalent:
    """A mutant that no test can kill, named by its text, and why it is none."""

    mutator: str
    file: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class About:
    """`scenarios/<target>/about.toml`."""

    systems: tuple[str, ...] = ()
    """The systems of the interview guide that the project holds."""
    first: bool = True
    """False where it is served only after something else was played."""
    equivalent: tuple[Equivalent, ...] = ()


def about(target: str) -> About:
    """What is known about a vendored target; nothing where it has no such file."""
    path = shipped("scenarios") / target / "about.toml"
    try:
        value = tomllib.loads(path.read_text("utf-8"))
        return About(
            systems=tuple(value["systems"]),
            first=value.get("first", True),
            equivalent=tuple(Equivalent(**one) for one in value.get("equivalent", ())),
        )
    except FileNotFoundError:
        return About()
    except (ValueError, KeyError, TypeError) as error:
        raise EnvironmentProblem(f"{path} is damaged ({error}): install bugbash again.") from error
