"""Which tests a run takes, in which order, and how far it has got.

``pytest --tier quick`` runs a sample in under a minute; ``pytest`` alone runs every test that is not marked
``slow``; ``--tier slow`` runs those that are, and every property again with all of its examples; and
``--tier all`` runs everything, each property once with all of its examples.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, is_hypothesis_test, settings

QUICK, DEFAULT, SLOW, ALL = "quick", "default", "slow", "all"
FEWER = 4  # in the quick and the default tier a property is checked on a quarter of its examples
LONG = 2.0  # seconds from which a test starts before the others, so that no worker waits for it at the end
PAUSE = 5.0  # seconds between two lines of progress
FEW = 100  # tests of which the usual dots tell enough
KEPT = "thesis/durations"  # in pytest's own cache

_SUITE = Path(__file__).parent
_thorough = False


def add_options(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tier",
        choices=(QUICK, DEFAULT, SLOW, ALL),
        default=None,
        help="quick: a sample; default: all but the slow tests; slow: those, and properties with all their "
        "examples; all: everything. A test named by its id (file.py::test) runs in any case.",
    )


def configure(config: pytest.Config) -> None:
    """Add the tiers, the order and the progress to a run of pytest."""
    _keep_compiled(config)
    tier = _tier(config)
    _set_examples(thorough=tier in (SLOW, ALL))
    config.pluginmanager.register(Selection(tier), "tiers")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config), "progress")


def _tier(config: pytest.Config) -> str:
    if chosen := config.getoption("--tier"):
        return str(chosen)
    return ALL if config.args and all("::" in arg for arg in config.args) else DEFAULT


def _keep_compiled(config: pytest.Config) -> None:
    """Compile each module once for all processes of the run, also where Python is told to keep no bytecode.

    Without it each worker would rewrite the assertions of every module anew, and each run of the program in
    a process of its own would compile its sources.
    """
    cache = getattr(config, "cache", None)
    if sys.dont_write_bytecode and cache is not None:
        place = str(cache.mkdir("compiled"))
        sys.dont_write_bytecode, sys.pycache_prefix = False, place
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = place


# examples of properties ------------------------------------------------------------------------------


def _set_examples(*, thorough: bool) -> None:
    """Check every property on the same examples in each run, so that a run can be repeated."""
    global _thorough  # noqa: PLW0603  # the modules of tests are imported later, and ask
    _thorough = thorough
    settings.register_profile(
        "thesis",
        max_examples=_few(40),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    settings.load_profile("thesis")


def _few(most: int) -> int:
    return most if _thorough else max(2, most // FEWER)


def examples(most: int, *, slow_to_draw: bool = False) -> settings:
    """The number of examples of a property: all of them in the slow tier, a quarter in the others."""
    return settings(max_examples=_few(most))


# which tests, in which order -------------------------------------------------------------------------


class Selection:
    """Deselect what is of another tier, and start the tests that took long in earlier runs first."""

    def __init__(self, tier: str) -> None:
        self.tier = tier

    def takes(self, item: pytest.Item) -> bool:
        is_slow = item.get_closest_marker("slow") is not None
        if self.tier == QUICK:
            is_sampled = item.get_closest_marker("quick") is not None or _SUITE not in item.path.parents
            return is_sampled and not is_slow
        if self.tier == SLOW:
            return is_slow or is_hypothesis_test(getattr(item, "obj", None))
        return self.tier == ALL or not is_slow

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path) -> Generator[None, list[Any], list[Any]]:
        """Look for examples in the docstrings of the program only, not in those of its tests."""
        found = yield
        in_tests = _SUITE in file_path.parents
        return [each for each in found if not (in_tests and isinstance(each, DoctestModule))]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        taken = [item for item in items if self.takes(item)]
        if left := [item for item in items if not self.takes(item)]:
            config.hook.pytest_deselected(items=left)
        took = _durations(config)
        long = [item for item in taken if took.get(item.nodeid, 0.0) >= LONG]
        long.sort(key=lambda item: -took[item.nodeid])
        first = set(long)
        items[:] = [*long, *(item for item in taken if item not in first)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Give each worker a run of neighbours, which share fixtures; an idle worker takes some over."""
        from xdist.scheduler import WorkStealingScheduling

        return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


def _durations(config: pytest.Config) -> Mapping[str, float]:
    """The seconds that each test took in the last run that had it."""
    cache = getattr(config, "cache", None)
    found = cache.get(KEPT, {}) if cache is not None else {}
    return found if isinstance(found, dict) else {}


# how far it has got ----------------------------------------------------------------------------------


class Progress:
    """Print every few seconds how many tests have run, for how long, and how long the rest will take."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.took = dict(_durations(config))
        self.spent: dict[str, float] = {}
        self.waiting: set[str] = set()
        self.total = self.done = 0
        self.began = self.printed = time.monotonic()

    @property
    def speaks(self) -> bool:
        return self.total > FEW and self.config.option.verbose <= 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        self._begin(ids)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._begin([item.nodeid for item in session.items])

    def _begin(self, ids: Iterable[str]) -> None:
        """Every worker collects the same tests, so the first to say so says it for all."""
        if not self.total:
            self.waiting = set(ids)
            self.total = len(self.waiting)
            self.began = self.printed = time.monotonic()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.spent[report.nodeid] = self.spent.get(report.nodeid, 0.0) + report.duration
        if report.failed and self.speaks:
            self._say(f"failed: {report.nodeid}")

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.waiting.discard(nodeid)
        self.done += 1
        now = time.monotonic()
        if self.speaks and now - self.printed >= PAUSE and self.done < self.total:
            self.printed = now
            so_far = now - self.began
            self._say(
                f"{self.done:,} of {self.total:,} tests, {spoken(so_far)} so far, "
                f"about {spoken(self.left(so_far))} left"
            )

    def left(self, so_far: float) -> float:
        """Seconds until the end: what the waiting tests took before, at the pace of this run.

        A test that has not run before counts as the mean of those that have, or of those of this run.
        """
        known = self.took or self.spent
        mean = sum(known.values()) / max(len(known), 1)
        finished = sum(known.get(each, mean) for each in self.spent)
        waiting = sum(known.get(each, mean) for each in self.waiting)
        return waiting * so_far / finished if finished else 0.0

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """No dots where lines tell the progress."""
        if not self.speaks:
            return None
        if report.when == "call" and report.passed:
            return "passed", "", ""
        return ("skipped", "", "") if report.skipped and not hasattr(report, "wasxfail") else None

    def _say(self, line: str) -> None:
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(line)
            reporter.flush()

    def pytest_sessionfinish(self) -> None:
        cache = getattr(self.config, "cache", None)
        if cache is not None and self.spent:
            rounded = {name: round(seconds, 3) for name, seconds in self.spent.items()}
            cache.set(KEPT, {**self.took, **rounded})


def spoken(seconds: float) -> str:
    """A length of time as one says it: "40 s", "3 min 10 s", "12 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 10 and rest else f"{minutes} min"
