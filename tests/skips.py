"""A pytest plugin: where CI=true, a test that is skipped for missing software has failed.

CI installs all that the tests need, so a skip there would hide that something is not tested. The
marker `data` is for tests of a file that not everybody has.
"""

import os
from collections.abc import Generator

import pytest

_SAID = "skipped in CI, where nothing may be missing (see .ci/run):"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail") and not item.get_closest_marker("data"):
        _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("CI") == "true":
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{_SAID} {why}"
