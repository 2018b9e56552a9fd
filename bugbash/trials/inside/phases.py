"""The three phases of a test, without the reports of those that pass: nobody reads them.

pytest makes a report of the set-up, the call and the tear-down of each test and hands it to a dozen
plugins, which takes longer than most tests do. Where every plugin that would be told is known to do
nothing with the report of a phase that passed, none is made. A phase that does not pass, or that
may count as something else than passed, takes the way of `_pytest.runner`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

TOLD = (
    "pytest_runtest_logstart", "pytest_runtest_logfinish", "pytest_runtest_makereport",
    "pytest_runtest_logreport",
)  # fmt: skip
"""Hooks that are not called for a phase that passes."""
LATE = (
    "pytest_sessionfinish", "pytest_terminal_summary", "pytest_unconfigure", "pytest_cmdline_main",
)  # fmt: skip
"""Hooks of the end of a run: a fork of a collected session never comes to it."""
KNOWN = ("_pytest", "pytest_timeout", "_hypothesis_pytestplugin", "pytest_cov", "xdist")
"""Packages whose impls of these hooks do nothing then, but for what `Phases` does for them."""
_OPTIONS = ("setuponly", "setupshow", "usepdb", "stepwise")


class Passed:
    """Stands for the report of a phase that passed."""

    passed, failed, skipped = True, False, False


class Silent:
    """Stands in for pytest's reporter: has what it has, but hears no hook and prints nothing."""

    def __init__(self, reporter: Any) -> None:
        self._reporter = reporter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reporter, name)


class Phases:
    """A plugin that runs tests. `outcomes` hears all other reports (`observing.Outcomes`)."""

    def __init__(self, outcomes: Any) -> None:
        self._outcomes = outcomes
        self._runner: Any = None
        self._as_pytest: Any = None
        self._item: Any = None
        """The one that is run now."""
        self._reraise: tuple[type[BaseException], ...] = ()
        self._impls: tuple[int, ...] | None = None
        """How many there are of each hook that is known to be harmless; None where one is not."""

    def settle(self, config: Any) -> None:
        """All plugins are known: find out whether reports can be left out."""
        self._runner = sys.modules["_pytest.runner"]
        if any(config.getoption(name, False) for name in _OPTIONS):
            return
        if all(map(_is_known, _impls(config, TOLD))) and _runners(config) == [self, self._runner]:
            self._impls = _counts(config)
            self._reraise = (sys.modules["_pytest.outcomes"].Exit, KeyboardInterrupt)
            self._as_pytest = self._runner.call_and_report
            self._runner.call_and_report = self._phase

    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> bool | None:
        """Run a test as `_pytest.runner` does, or leave it to that."""
        if self._impls is None or self._impls != _counts(item.config):
            return None
        self._item = item
        try:
            self._outcomes.started(item.nodeid)
            self._runner.runtestprotocol(item, nextitem=nextitem)
            self._outcomes.ended()
        finally:
            self._item = None
        return True

    def _phase(self, item: Any, when: str, log: bool = True, **more: Any) -> Any:
        """Stands in for `call_and_report`."""
        if item is not self._item or not log:
            return self._as_pytest(item, when, log, **more)
        heard = self._outcomes.heard
        run = getattr(item.ihook, f"pytest_runtest_{when}")
        call = self._runner.CallInfo.from_call(
            lambda: run(item=item, **more), when=when, reraise=self._reraise
        )
        unheard = heard == self._outcomes.heard and self._impls == _counts(item.config)
        if call.excinfo is None and unheard and not _is_odd(item):
            _note_for_folders(item, when)
            self._outcomes.ran.add(item.nodeid)
            return Passed
        hook = item.ihook
        report = hook.pytest_runtest_makereport(item=item, call=call)
        hook.pytest_runtest_logreport(report=report)
        if self._runner.check_interactive_exception(call, report):
            hook.pytest_exception_interact(node=item, call=call, report=report)
        return report


def silence(config: Any) -> None:
    """Have pytest's reporter print nothing of what comes."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        config.pluginmanager.unregister(reporter)
        config.pluginmanager.register(Silent(reporter), "terminalreporter")


def is_heard_late(config: Any) -> bool:
    """Whether a plugin that nobody knows has a hook for the end of a run."""
    return not all(map(_is_known, _impls(config, LATE)))


def _impls(config: Any, names: tuple[str, ...]) -> list[Any]:
    return [impl for name in names for impl in getattr(config.hook, name).get_hookimpls()]


def _is_known(impl: Any) -> bool:
    file = getattr(getattr(impl.function, "__code__", None), "co_filename", "")
    package = impl.function.__module__.partition(".")[0]
    return package in KNOWN or os.path.dirname(file) == os.path.dirname(__file__)


def _runners(config: Any) -> list[Any]:
    """The plugins that run a test, the one that is asked first at first."""
    impls = config.hook.pytest_runtest_protocol.get_hookimpls()
    return [each.plugin for each in reversed(impls) if not _wraps(each)]


def _wraps(impl: Any) -> bool:
    return bool(impl.hookwrapper or getattr(impl, "wrapper", False))  # since pluggy 1.2


def _counts(config: Any) -> tuple[int, ...]:
    names = (*TOLD, "pytest_runtest_protocol")
    return tuple(len(getattr(config.hook, name).get_hookimpls()) for name in names)


def _is_odd(item: Any) -> bool:
    """Whether a phase that raised nothing may still not count as passed."""
    if getattr(item, "_excinfo", None):
        return True  # what unittest gathered
    return item.stash.get(sys.modules["_pytest.skipping"].xfailed_key, None) is not None


def _note_for_folders(item: Any, when: str) -> None:
    """What `_pytest.tmpdir` notes of a report: `tmp_path` looks whether its test passed."""
    key = getattr(sys.modules["_pytest.tmpdir"], "tmppath_result_key", None)
    if key is not None:
        item.stash.setdefault(key, {})[when] = True
