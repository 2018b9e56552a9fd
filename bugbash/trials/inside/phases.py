"""The three phases of a test, without the reports of those that pass: nobody reads them.

pytest makes a report of the set-up, the call and the tear-down of each test and hands it to a dozen
plugins, which takes longer than most tests do. Where every plugin that would be told is known to do
nothing with the report of a phase that passed, none is made. A phase that does not pass, or that
may count as something else than passed, takes the way of `_pytest.runner`.
"""

from __future__ import annotations

import os
import sys
import types
from typing import Any

shortcuts = sys.modules["_bugbash_shortcuts"]  # `zygote` loaded it by path

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
        self.was_asked = False
        """Whether somebody wanted the reports that it did not hear."""

    def __getattr__(self, name: str) -> Any:
        self.was_asked = self.was_asked or name == "stats"
        return getattr(self._reporter, name)


class Phases:
    """A plugin that runs tests. `outcomes` hears all other reports (`observing.Outcomes`)."""

    def __init__(self, request: dict[str, Any], outcomes: Any) -> None:
        self._tree = os.path.realpath(request["tree"]) + os.sep
        self._names_reporter = request["names_reporter"]
        self._outcomes = outcomes
        self._silent: Silent | None = None
        self._runner: Any = None
        self._as_pytest: Any = None
        self._item: Any = None
        """The one that is run now."""
        self._reraise: tuple[type[BaseException], ...] = ()
        self._impls: list[Any] | None = None
        """Those of each hook, known to be harmless; None where one is not."""

    def settle(self, config: Any, to_end: bool = True) -> None:
        """All plugins are known: find out whether pytest's reporter can be silent, and whether
        reports can be left out. `to_end`: this process comes to the end of the run."""
        self._runner = sys.modules["_pytest.runner"]
        if not self._can_be_silent(config, to_end):
            return
        reporter = config.pluginmanager.getplugin("terminalreporter")
        self._silent = Silent(reporter)
        config.pluginmanager.unregister(reporter)
        config.pluginmanager.register(self._silent, "terminalreporter")
        if any(config.getoption(name, False) for name in _OPTIONS):
            return
        if self._are_known(config, TOLD) and _runners(config) == [self, self._runner]:
            watch, *impls = _heard_by(config)
            self._impls = [watch, *map(list, impls)]
            self._reraise = (sys.modules["_pytest.outcomes"].Exit, KeyboardInterrupt)
            self._as_pytest = self._runner.call_and_report
            self._runner.call_and_report = self._phase

    @property
    def is_silent(self) -> bool:
        """Whether nobody who is unknown hears of reports, or of the end of a run."""
        return self._silent is not None

    @property
    def were_asked_for(self) -> bool:
        """Whether somebody looked for the reports that were not made, or not told of."""
        return self._silent is not None and self._silent.was_asked

    def _can_be_silent(self, config: Any, to_end: bool) -> bool:
        """Whether nobody but the reader of its lines notices that pytest's reporter is silent."""
        reporter = config.pluginmanager.getplugin("terminalreporter")
        usual = getattr(sys.modules.get("_pytest.terminal"), "TerminalReporter", None)
        if self._names_reporter or type(reporter) is not usual or limits_warnings(config):
            return False
        hooks = ("pytest_report_teststatus", *(LATE if to_end else ()))
        return self._are_known(config, hooks)

    def _are_known(self, config: Any, hooks: tuple[str, ...]) -> bool:
        impls = [impl for name in hooks for impl in getattr(config.hook, name).get_hookimpls()]
        return all(
            self._is_known(module)
            for impl in impls
            for module in {_module(impl.function), _module(impl.plugin)}
        )

    def _is_known(self, module: str) -> bool:
        file = getattr(sys.modules.get(module), "__file__", None) or ""
        if os.path.realpath(file).startswith(self._tree):
            return False
        ours = os.path.dirname(file) == os.path.dirname(__file__)
        return ours or module.partition(".")[0] in KNOWN

    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> bool | None:
        """Run a test as `_pytest.runner` does, or leave it to that."""
        if self._impls is None or self._impls != _heard_by(item.config):
            return None
        self._item = item
        try:
            if not shortcuts.is_placed_by_its_code(item):
                _ = item.location  # anybody's code, and asked for before a test starts
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
        unheard = heard == self._outcomes.heard and self._impls == _heard_by(item.config)
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


def limits_warnings(config: Any) -> bool:
    """Whether pytest was told to fail for its number of warnings: it counts them at the end."""
    try:
        told = config.getoption("max_warnings", None), config.getini("max_warnings")
    except (ValueError, KeyError):  # before pytest 9
        return False
    return any(each is not None and each != "" for each in told)


def _module(thing: Any) -> str:
    """The name of the module of a function or plugin."""
    if isinstance(thing, types.ModuleType):
        return thing.__name__
    return str(getattr(thing, "__module__", ""))


def _runners(config: Any) -> list[Any]:
    """The plugins that run a test, the one that is asked first at first."""
    impls = config.hook.pytest_runtest_protocol.get_hookimpls()
    return [each.plugin for each in reversed(impls) if not _wraps(each)]


def _wraps(impl: Any) -> bool:
    return bool(impl.hookwrapper or getattr(impl, "wrapper", False))  # since pluggy 1.2


def _heard_by(config: Any) -> list[Any]:
    """Who watches all calls of hooks, and the impls of those that are not called: it is asked for
    with each phase, so that no list is copied where pluggy keeps one."""
    hook = config.hook
    callers = (
        hook.pytest_runtest_logstart,
        hook.pytest_runtest_logfinish,
        hook.pytest_runtest_makereport,
        hook.pytest_runtest_logreport,
        hook.pytest_runtest_protocol,
    )
    watch = getattr(config.pluginmanager, "_inner_hookexec", None)
    return [watch, *(getattr(each, "_hookimpls", None) or each.get_hookimpls() for each in callers)]


def _is_odd(item: Any) -> bool:
    """Whether a phase that raised nothing may still not count as passed."""
    if getattr(item, "_excinfo", None):
        return True  # what unittest gathered
    key = getattr(sys.modules.get("_pytest.skipping"), "xfailed_key", None)
    return key is not None and item.stash.get(key, None) is not None


def _note_for_folders(item: Any, when: str) -> None:
    """What `_pytest.tmpdir` notes of a report: `tmp_path` looks whether its test passed."""
    key = getattr(sys.modules.get("_pytest.tmpdir"), "tmppath_result_key", None)
    if key is not None:
        item.stash.setdefault(key, {})[when] = True
