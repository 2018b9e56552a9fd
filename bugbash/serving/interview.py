"""Interview rounds: what is asked of a candidate, and in which codebase."""

from __future__ import annotations

from dataclasses import dataclass

from bugbash.errors import UsageProblem
from bugbash.targets.overrides import NOTHING


@dataclass(frozen=True)
class Round:
    """One form of the debugging round."""

    name: str
    """As a scenario's `mode` has it."""
    typed: tuple[str, ...]
    """The options that ask for it."""
    minutes: int
    least: int
    most: int
    """How many bugs there are."""

    def bugs(self, seed: int) -> int:
        """How many bugs a seed gives."""
        return self.least + seed % (self.most - self.least + 1)


ROUNDS = {
    "plain": Round("interview", ("--interview",), 45, 1, 1),
    "stripe": Round("stripe", ("--interview", "stripe"), 60, 2, 3),
}
"""By the word behind `--interview`; `stripe` is the round as candidates of Stripe report it."""


def real_package(played: dict[str, float]) -> str:
    """A real package that can be served without a network, the one played longest ago.

    `played`: names of targets, and when. Raises UsageProblem where none was fetched yet.
    """
    from bugbash.targets import pinned

    ready = [name for name in pinned.names() if _is_ready(name)]
    if not ready:
        raise UsageProblem(
            "this round takes a real package and none was fetched yet: name one, as in `bugbash "
            "new itsdangerous --interview stripe`. That needs a network once; the clock starts "
            f"when the workspace is there. There are {', '.join(pinned.names())}."
        )
    return min(ready, key=lambda name: (played.get(name, 0.0), name))


def _is_ready(name: str) -> bool:
    from bugbash.targets import pinned, results
    from bugbash.targets.environment import existing_environment

    found = results.load(f"pypi:{name}=={pinned.values(name)['version']}", NOTHING)
    return found is not None and existing_environment(found) is not None
