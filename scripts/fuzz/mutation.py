"""Random edits of texts: of single bytes, of words and numbers, and of lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from scripts.fuzz.attempt import Edit

NUMBERS = (
    "0", "-1", "1e400", "1e99999999", "-1e-99999999", "nan", "inf", "-inf", "1_000", "0x10", "9" * 400,
    "1e308", "1e-320",
    "\u0661\u0662", "-0", "00", "1.", ".5", "1,5", "5%", "1bp", "1e15..1e16", "..5", "5..", "2..1", ">5",
    "<=1e9",
)  # fmt: skip
DAYS = (
    "2026-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026Q5",
    "2026Q4",
    "FY9999",
    "9999Q4",
    "26-1-1",
)
CONTROLS = (
    "\x1b[2J",
    "\x07",
    "\x85",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\0",
    "\r",
    "\x7f",
    "\u2028",
)
ESCAPES = (
    '"\\e[2J"',
    '"\\x07"',
    '"\\u202e"',
    '"\\ud800"',
    '"\\0"',
    '"\\r\\n# x"',
    '"\\x85"',
    '"\\U0010ffff"',
)
YAML = (
    "[", "]", "{", "}", "&a ", "*a", "!!python/object/apply:os.system ", "<<: *a\n", "~", "null", "true",
    "- ", ": ", "|\n",
    ">\n", "#", "'", '"', "? ", "---\n", "...\n", "%YAML 1.1\n", "[" * 200, "{a: " * 200, "- " * 200, "yes",
    "2026-01-01", "\t",
)  # fmt: skip
LANGUAGE = (
    "(", ")", "()" * 50, "(" * 99, "-" * 99, " + ", " / 0", "/ (1 - 1)", " ** ", "ttm(", "mean(x, 9999)",
    "lag(sales, -1)",
    "latest(", "sales.__class__", " in 2 of last 3 quarters", " and ", " or not ", "greatest()",
    "1e308 * 1e308", "change(", ">=",
)  # fmt: skip
CSV = (
    ",",
    ",,,,,,,,",
    '"',
    '""',
    "\r",
    "\n\n",
    ";",
    "=1+1",
    "@x",
    "-x",
    "\tx",
    "not disclosed",
    "reported",
    "derived: a + b",
)
XML = (
    "<", ">", "&", "]]>", "<![CDATA[", "<!--", "-->", '<!DOCTYPE a [<!ENTITY a "b">]>', "&a;", "&#0;",
    "&#x1b;", "&#xD800;", "<a>" * 300,
    ' scale="99999999"', ' scale="-400"', ' decimals="INF"', ' decimals="-99999"', ' sign="-"',
    ' xsi:nil="true"', ' format="ixt:numdotdecimal"',
    ' xmlns="x"', ' contextRef="no"', "<ix:continuation/>", "<ix:exclude>", "1e99999999", "<br",
    "<td colspan=99999999>", "<table>" * 60,
    "<?xml version='1.1'?>", ' encoding="utf-16"', "&#8212;", "(", ")", "$ ", "—",
)  # fmt: skip
JSON = (
    "[", "]", "{", "}", '"', ",", ":", "NaN", "-Infinity", "1e99999999", "-1e-99999999", "9" * 5000,
    "\\ud800", "\\u0000", "[" * 3000, '{"a":' * 500,
    "null", "true", '""', "-0", '"val": 1e99999999', '"end": "9999-12-31"', '"frame": "CY2026Q9"',
    '"accn": "\\u001b[2J"', "\\u202e",
)  # fmt: skip
JINJA = (
    "{{", "}}", "{%", "%}", "{#", "#}", "{% for x in range(99999) %}", "{% endfor %}", "{% include 'x' %}",
    "{{ 7 // 0 }}", "| ", "| list",
    "{% set s = s ~ s %}", "{{ 'x' * 99999999 }}", "{{ self }}", "{{ loop }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% raw %}",
)  # fmt: skip
OF_ANY = (*NUMBERS, *DAYS, *CONTROLS)
OF_SUFFIX: Mapping[str, Sequence[str]] = {
    "yaml": (*OF_ANY, *ESCAPES, *YAML, *LANGUAGE),
    "csv": (*OF_ANY, *CSV),
    "j2": (*OF_ANY, *JINJA),
    "json": (*OF_ANY, *JSON),
    "md": (*OF_ANY, *CSV, "|", "|---", "$", "(1)", "Net sales", "%"),
}
OF_MARKUP = (*OF_ANY, *XML)


def tokens(file: str) -> Sequence[str]:
    """Pieces that hurt readers of files of this kind."""
    return OF_SUFFIX.get(file.rpartition(".")[2], OF_MARKUP)


def edit(draw: Random, file: str, data: bytes) -> Edit:
    """One random edit of a file."""
    kind = draw.choices(KINDS, WEIGHTS)[0]
    return kind(draw, file, data)


def _put_in(draw: Random, file: str, data: bytes) -> Edit:
    return Edit(file, draw.randint(0, len(data)), 0, _token(draw, file))


def _token(draw: Random, file: str) -> bytes:
    return draw.choice(tokens(file)).encode("utf-8") * draw.choice((1, 1, 1, 1, 1, 2, 40))


def _word_out(draw: Random, file: str, data: bytes) -> Edit:
    """A word, a number or a quoted text becomes something that hurts."""
    found = _some(draw, rb"[\w.%-]+|'[^'\n]*'|\"[^\"\n]*\"", data)
    return Edit(file, *found, _token(draw, file)) if found else _put_in(draw, file, data)


def _other_word(draw: Random, file: str, data: bytes) -> Edit:
    """A word becomes another word of the same file."""
    one, other = _some(draw, rb"[\w.%-]+", data), _some(draw, rb"[\w.%-]+", data)
    if not one or not other:
        return _put_in(draw, file, data)
    return Edit(file, *one, data[other[0] : other[0] + other[1]])


def _number(draw: Random, file: str, data: bytes) -> Edit:
    found = _some(draw, rb"\d[\d.,e%]*", data)
    if not found:
        return _put_in(draw, file, data)
    return Edit(file, *found, draw.choice((*NUMBERS, *DAYS)).encode("utf-8"))


def _value(draw: Random, file: str, data: bytes) -> Edit:
    """What stands behind a colon, an equals sign or a comma is taken from another line."""
    pattern = rb"(?<=[:=,])[^\n,]*"
    one, other = _some(draw, pattern, data), _some(draw, pattern, data)
    if not one or not other:
        return _put_in(draw, file, data)
    return Edit(file, *one, data[other[0] : other[0] + other[1]])


def _some(draw: Random, pattern: bytes, data: bytes) -> tuple[int, int] | None:
    """Place and length of one match near a random place."""
    start = draw.randint(0, max(0, len(data) - 1))
    compiled = re.compile(pattern)
    match = compiled.search(data, start) or compiled.search(data)
    return (match.start(), match.end() - match.start()) if match else None


def _lines(draw: Random, data: bytes) -> tuple[int, int]:
    """Place and length of one to four whole lines."""
    start = data.rfind(b"\n", 0, draw.randint(0, len(data))) + 1
    end = start
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        found = data.find(b"\n", end)
        end = len(data) if found < 0 else found + 1
    return start, end - start


def _no_lines(draw: Random, file: str, data: bytes) -> Edit:
    return Edit(file, *_lines(draw, data), b"")


def _lines_again(draw: Random, file: str, data: bytes) -> Edit:
    """Some lines are said again, once or often, there or elsewhere."""
    start, length = _lines(draw, data)
    often = draw.choice((1, 1, 1, 3, 300)) if length < 2000 else 1
    at = draw.choice((start, _lines(draw, data)[0], len(data)))
    return Edit(file, at, 0, data[start : start + length] * often)


def _shift(draw: Random, file: str, data: bytes) -> Edit:
    """A line moves to the right or to the left."""
    start, _ = _lines(draw, data)
    blank = len(data[start:]) - len(data[start:].lstrip(b" "))
    return Edit(file, start, min(blank, draw.choice((0, 1, 2, 4))), draw.choice((b"", b" ", b"  ", b"\t")))


def _bytes(draw: Random, file: str, data: bytes) -> Edit:
    at = draw.randint(0, max(0, len(data) - 1))
    return Edit(file, at, draw.randint(0, 3), draw.randbytes(draw.randint(0, 3)))


def _cut(draw: Random, file: str, data: bytes) -> Edit:
    at = draw.randint(0, len(data))
    return Edit(file, at, draw.choice((len(data) - at, draw.randint(0, 200))), b"")


KINDS: Sequence[Callable[[Random, str, bytes], Edit]] = (
    _put_in, _word_out, _other_word, _number, _value, _no_lines, _lines_again, _shift, _bytes, _cut,
)  # fmt: skip
WEIGHTS = (3, 5, 4, 4, 4, 2, 2, 1, 1, 1)
