"""How long a test or a run may take: far above what was measured, never above the suite's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bugbash.targets.spec import TargetSpec

SPARE_S = 20.0
"""What a fork gets beyond what its tests may take, before it is ended."""
_LEAST_S = 1.0
_TIMES = 20


@dataclass(frozen=True)
class Limits:
    """`suite_s` is what the whole suite took, `tests_s` what each test took alone, or nothing
    where that was not measured. All limits are in seconds."""

    spec: TargetSpec
    suite_s: float
    tests_s: Sequence[float]

    def of_test(self, index: int) -> float:
        """The limit of one test."""
        return self._of(self.tests_s[index]) if self.tests_s else self.spec.test_limit_s

    def of_any(self) -> float:
        """A limit that serves for every test."""
        return self._of(max(self.tests_s, default=self.spec.test_limit_s))

    def of_tests(self, indices: Iterable[int]) -> float:
        """After how long a fork that runs these tests is ended."""
        if not self.tests_s:
            return self.of_suite()
        return SPARE_S + 10 * sum(self.tests_s[index] for index in indices)

    def of_suite(self) -> float:
        """After how long a run of the whole suite is ended."""
        return min(SPARE_S + 10 * self.suite_s, self.spec.suite_limit_s)

    def _of(self, seconds: float) -> float:
        return min(self.spec.test_limit_s, _LEAST_S + _TIMES * seconds)
