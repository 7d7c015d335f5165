"""Every number from outside is bounded where it is read; beyond that it is a problem, and no crash.

Each way in is tried with each text below: of filings, prices, facts, the files of a pack, the user's settings
and the command line. What comes of it is an answer, or a problem in lines that can be read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from tests.conftest import ACME, VALUED
from thesis.cli import cli
from thesis.sources import strict_json

NINES = "9" * 400
NUMBERS = (
    "1e99999999", "-1e99999999", "1e-99999999", "1e308", "-1e308", "1e400", "1e-320", "1e25", "-1e24",
    "9" * 19, "9" * 30, NINES, "9" * 5000, "9" * 30 + ".5", "0." + "1" * 300, "1e99999999%", "-0", "99999",
    "9" * 18, ".inf", "nan", "NaN", "Infinity", "1/0", "0x" + "f" * 99, "1_" * 99 + "1", "1:" * 99 + "1",
    "\N{ARABIC-INDIC DIGIT THREE}",
)  # fmt: skip
JSON = (*(text for text in NUMBERS if not text.startswith(("0x", "1_", "1:", "1/", ".", "\u0663"))),
        "[" * 900 + "]" * 900, "[" * 100_000 + "]" * 100_000, f"[{'9' * 4000}]", "[1e99999999]",
        "true", "{}", '"5"')  # fmt: skip
LONGEST_LINE = 400  # characters of a message

FACTS = """{"cik": %(cik)s, "entityName": "Acme", "facts": {"us-gaap": {"Revenues": {"label": %(label)s,
"units": {"USD": [{"start": "2026-04-01", "end": "2026-06-30", "val": %(val)s, "accn": "0000012345-26-000001",
"fy": %(fy)s, "fp": "Q2", "form": "10-Q", "filed": "2026-07-31"}]}}}}}"""
SOUND = {"cik": "12345", "label": '"r"', "val": "100", "fy": "2026"}
CLOSES = '{"ticker": "ACME", "currency": "USD", "dates": ["2026-07-30", %(day)s], "closes": [10, %(close)s]}'
CONTEXT = """<%(x)scontext id="c"><%(x)sentity><%(x)sidentifier scheme="http://www.sec.gov/CIK">12345</%(x)sidentifier>
</%(x)sentity><%(x)speriod><%(x)sstartDate>2026-04-01</%(x)sstartDate><%(x)sendDate>2026-06-30</%(x)sendDate></%(x)speriod>
</%(x)scontext><%(x)sunit id="u"><%(x)smeasure>iso4217:USD</%(x)smeasure></%(x)sunit>"""
NAMES = (
    'xmlns:us-gaap="http://fasb.org/us-gaap/2024" xmlns:iso4217="http://www.xbrl.org/2003/iso4217" '
    'xmlns:xbrli="http://www.xbrl.org/2003/instance"'
)
INSTANCE = f"""<xbrl xmlns="http://www.xbrl.org/2003/instance" {NAMES}>{CONTEXT % {"x": ""}}
<us-gaap:Revenues contextRef="c" unitRef="u" decimals="%(decimals)s">%(value)s</us-gaap:Revenues></xbrl>"""
PAGE = f"""<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" {NAMES}><body><ix:header><ix:resources>
{CONTEXT % {"x": "xbrli:"}}</ix:resources></ix:header><ix:nonFraction name="us-gaap:Revenues" contextRef="c"
unitRef="u" decimals="%(decimals)s" scale="%(scale)s" format="ixt:num-dot-decimal">%(value)s</ix:nonFraction>
</body></html>"""
TAGGED = {"decimals": "-6", "scale": "6", "value": "100"}
RELEASE = "(in millions)\n\n| | Q%(quarter)s 2026 |\n|---|---|\n| Sales | %(value)s |\n"

DOORS: dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]] = {
    "companyfacts": ("a.json", FACTS, SOUND, JSON),
    "closes in JSON": ("p.json", CLOSES, {"day": '"2026-07-31"', "close": "11"}, JSON),
    "closes": ("p.csv", "Date,Close,Dividends\n2026-07-30,10,0\n%(day)s,%(close)s,%(dividend)s\n",
               {"day": "2026-07-31", "close": "11", "dividend": "0"}, NUMBERS),
    "an instance": ("i.xml", INSTANCE, TAGGED, NUMBERS),
    "a page": ("i.htm", PAGE, TAGGED, NUMBERS),
    "a release": ("r.md", RELEASE, {"quarter": "2", "value": "5"}, NUMBERS),
}  # fmt: skip


@pytest.fixture
def pack(folder_pack: Any) -> Path:
    """Acme with a valuation and prices."""
    facts = "".join(path.read_text("utf-8") for path in (ACME / "facts/ACME.csv", VALUED / "prices.csv"))
    texts = {
        name: (VALUED / name).read_text("utf-8") for name in ("thesis.yaml", "metrics.yaml", "valuation.yaml")
    }
    folder: Path = folder_pack({**texts, "facts/ACME.csv": facts})
    return folder


def sound(found: Any, what: str) -> None:
    """An answer, or a problem that is told."""
    assert found.code in (0, 1, 2, 3, 4), f"{what}: {found.code}\n{found.err[-600:]}"
    assert "Traceback" not in found.err, what


READERS = [("quick", door) for door in DOORS] + [
    ("of Python", "companyfacts"),
    ("of Python", "closes in JSON"),
]


@pytest.mark.parametrize(("reader", "door"), READERS)
def test_of_filings_and_prices(
    door: str, reader: str, run: Any, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, text, given, numbers = DOORS[door]
    if reader != "quick":
        monkeypatch.setattr(strict_json, "quick_reader", lambda: None)
    commands: list[tuple[str, ...]] = [("facts", "import", name, "--dry-run"), ("facts", "tags", name)]
    if door == "a release":
        commands = [("facts", "release", name, "--filed", "2026-07-31", "--dry-run")]
    for key in given:
        for number in numbers:
            (pack / name).write_text(text % {**given, key: number}, encoding="utf-8")
            for command in commands:
                found = run(*command, cwd=pack)
                sound(found, f"{command} with {key} = {number[:40]}")
                assert max(map(len, found.err.splitlines()), default=0) <= LONGEST_LINE


VALUE = re.compile(r"(?<=[:\[,.( ])-?[0-9][^\s:\[\],{}()]*(?=[\s,\]})])")
FILES = ("thesis.yaml", "metrics.yaml", "valuation.yaml", "judgements.yaml", "trials.yaml")


def _edited(text: str, at: re.Match[str], number: str) -> str:
    return text[: at.start()] + number + text[at.end() :]


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_of_the_files_of_a_pack(file: str, run: Any, pack: Path) -> None:
    text = (pack / file).read_text("utf-8")
    for index, at in enumerate(VALUE.finditer(text)):
        for number in NUMBERS[index % 3 :: 3]:
            (pack / file).write_text(_edited(text, at, number), encoding="utf-8")
            for command in ("lint", "check"):
                sound(
                    run(command, cwd=pack), f"{command}: {text[at.start() - 20 : at.end()]} -> {number[:40]}"
                )


DAYS = ("quarterly", "annual", "price_days", "judgement_days", "review_days")


@pytest.mark.parametrize("key", DAYS)
@pytest.mark.parametrize("days", ["-1", "3661", "9" * 9, "9" * 18, "9" * 19, NINES])
def test_of_days_of_a_calendar(key: str, days: str, run: Any, pack: Path) -> None:
    """Lint finds them, and what opens the pack stops there."""
    text = re.sub(
        r"^calendar:.*\n(  .*\n)*", "", (pack / "metrics.yaml").read_text("utf-8"), flags=re.MULTILINE
    )
    (pack / "metrics.yaml").write_text(f"{text}\ncalendar: {{{key}: {days}}}\n", encoding="utf-8")
    for command in ("lint", "check", "due", "history"):
        found = run(command, cwd=pack)
        sound(found, command)
        assert found.code == 3 and re.search(r"expected (0 to 3,660 days|a whole number)", found.err)


@pytest.mark.parametrize("form", ["%s", "%s..%s", ">%s", "<%s", "%s%%", "%sbp"])
def test_of_facts(form: str, run: Any, pack: Path) -> None:
    path = pack / "facts/ACME.csv"
    text = path.read_text("utf-8")
    for number in NUMBERS:
        value = form.replace("%s", number).replace("%%", "%")
        path.write_text(text.replace(",28000000,", f',"{value}",'), encoding="utf-8")
        for command in ("lint", "check"):
            sound(run(command, cwd=pack), f"{command}: {value[:40]}")


@pytest.mark.parametrize("text", [*NUMBERS, "[" * 5000, "{a = " * 300])
def test_of_settings_and_of_the_day(text: str, run: Any, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pack / "config.toml").write_text(f"[sec]\ncontact = {text}\n", encoding="utf-8")
    sound(run("facts", "fetch", cwd=pack), text[:40])
    monkeypatch.setenv("THESIS_TODAY", text)
    assert run("check", cwd=pack).code == 2


def _options(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each option that takes a value, and the arguments of each command, as ``""``."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _options(below, (*path, name))
        return
    for each in command.params:
        if not isinstance(each, click.Option):
            yield path, ""
        elif not each.is_flag and each.name != "form":
            yield path, each.opts[0]


SAID: dict[str, Callable[[str], str]] = {
    "--set": lambda number: f"aws.growth={number}",
    "--when": lambda number: f"growth >= {number}",
    "--out": lambda number: f"{number[:9]}/{number}",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "option"),
    list(_options(cli)),
    ids=lambda each: each or "argument" if isinstance(each, str) else " ".join(each),
)
def test_of_the_command_line(path: tuple[str, ...], option: str, run: Any, pack: Path) -> None:
    for number in (
        *NUMBERS,
        "9999-12-31",
        "0001-01-01",
        "9999Q4",
        f"revenue={NINES}",
        f"revenue=1*{NINES}",
        "0",
        "-1",
    ):
        said = SAID.get(option, str)(number)
        given = (
            [*path, f"{option}={said}"]
            if option.startswith("--")
            else [*path, *filter(None, (option,)), said]
        )
        found = run(*given, cwd=pack)
        sound(found, f"{given[:2]} {said[:40]}")
        if (pack.parent / "acme" / said[:200]).is_dir() and len(said) < 99 and path[:1] == ("new",):
            shutil.rmtree(pack / said)
