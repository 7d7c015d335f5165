"""Outcomes as JUnit XML, which build servers read.

It keeps to what both common schemas allow, Ant's and Jenkins': a suite has properties, cases, system-out
and system-err in that order, a case at most one of skipped and failure. Nothing is timed, and the day of
the report is the day seen from, so that the same assessment is the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from xml.etree import ElementTree as ET

from thesis.core.controls import show_controls
from thesis.export.check_outcomes import CheckOutcome, OutcomeSuite

HOST = "localhost"


def junit(package: str, suites: Iterable[OutcomeSuite], day: date, properties: Mapping[str, str]) -> str:
    """The report. ``package`` goes before the names of suites; ``properties`` stand in each of them."""
    root = ET.Element("testsuites")
    for place, suite in enumerate(suites):
        _suite(root, package, place, suite, day, properties)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(
    root: ET.Element, package: str, place: int, suite: OutcomeSuite, day: date, properties: Mapping[str, str]
) -> None:
    counts = {
        "tests": len(suite.outcomes),
        "failures": suite.count("failed"),
        "errors": 0,
        "skipped": suite.count("unknown"),
    }
    element = ET.SubElement(
        root,
        "testsuite",
        {
            "id": str(place),
            "package": _text(package),
            "name": _text(suite.name),
            "timestamp": f"{day}T00:00:00",
            "hostname": HOST,
            **{name: str(count) for name, count in counts.items()},
            "time": "0",
        },
    )
    listed = ET.SubElement(element, "properties")
    for name, value in properties.items():
        ET.SubElement(listed, "property", {"name": name, "value": _text(value)})
    for outcome in suite.outcomes:
        _case(element, f"{package}.{suite.name}", outcome)
    told = [f"{outcome.name}: {outcome.message}" for outcome in suite.outcomes if outcome.message]
    ET.SubElement(element, "system-out").text = _text("\n".join(told))
    ET.SubElement(element, "system-err")


def _case(suite: ET.Element, group: str, outcome: CheckOutcome) -> None:
    name, group = (_text(" ".join(text.split())) for text in (outcome.name, group))
    case = ET.SubElement(suite, "testcase", {"name": name, "classname": group, "time": "0"})
    if outcome.state == "failed":
        failure = ET.SubElement(case, "failure", {"message": _first(outcome), "type": _text(outcome.kind)})
        failure.text = _text(outcome.message)
    elif outcome.state == "unknown":
        ET.SubElement(case, "skipped", {"message": _first(outcome)})


def _first(outcome: CheckOutcome) -> str:
    return _text(outcome.message.partition("\n")[0])


def _text(text: str) -> str:
    """A text in which characters that XML cannot hold are shown, and those that would act on a screen."""
    return show_controls(text)
