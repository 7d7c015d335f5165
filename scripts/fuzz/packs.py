"""Attempts at packs: mutated files of small packs, their templates and tables, and the packs themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from string import Template

from scripts.fuzz.attempt import Attempt, Edit, Files, Step
from scripts.fuzz.mutation import edit, tokens
from scripts.fuzz.worker import Worker, tree
from thesis.files.disk import bundled_folder

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
ACME, VALUED = TESTS / "data" / "acme", TESTS / "data" / "valued"
DAY = ("--as-of", "2026-10-15")

ASKED: Sequence[tuple[str, ...]] = (
    ("lint",), ("lint", "--format", "github"), ("lint", "--format", "junit"), ("check",), ("check", *DAY),
    ("check", "--json"),
    ("check", "--format", "junit"), ("memo",), ("memo", *DAY), ("memo", "--format", "html"),
    ("memo", "--json"), ("memo", "--simulate"),
    ("memo", "--out", "out/"), ("value",), ("value", "--json"), ("simulate", "--draws", "2000"),
    ("history",), ("due",), ("facts",),
    ("facts", "--vintages", "--json"), ("facts", "check"), ("list",), ("board", "."),
    ("board", ".", "--format", "html"), ("board", ".", "--json"),
    ("test",), ("explain", "verdict"), ("explain", "K1"), ("explain", "margins"), ("explain", "sales"),
    ("explain", "J1"), ("explain", "margin"),
    ("review", "start"), ("review", "list"), ("review", "verify"), ("review", "sign", "--decision", "hold"),
    ("forecast", "list"),
    ("calibration", "--list"), ("diff", "--rules", "--regret"), ("export", "metrics"),
    ("export", "facts", "--vintages"), ("export", "history"),
    ("export", "calendar"), ("export", "workbook", "--out", "book.xlsx"), ("charts", "--out", "charts"),
    ("new", "copy", "--from", "."),
    ("base-rate", "--sales", "2e8", "--growth", "5%", "--years", "3"), ("value", "--set", "price=20"),
    ("check", "--set", "margin=30%"),
    ("judge", "J1", "--level", "2", "--evidence", "A figure.", "--source", "letter"),
    ("diff", "2026-05-01", "now"), ("schema",),
    ("override", "margins", "--score", "0.6", "--reason", "A fire.", "--until", "2026-12-31"),
    ("schema", "board"),
    ("forecast", "--id", "F99", "--when", "margin >= 10%", "--p", "60%"), ("facts", "tags", "thesis.yaml"),
    (
        "facts", "add", "sales", "--period", "2026Q3", "--value", "160m", "--filed", "2026-10-28",
        "--source", "release", "--quote", "so",
    ),
)  # fmt: skip
"""Commands that are run on a pack. Those that write do so in a copy."""


@cache
def packs() -> dict[str, Files]:
    """Packs to start from: two small ones, one with a journal, and those that come with the program."""
    acme = tree(ACME)
    valued = {
        **acme,
        **{name: (VALUED / name).read_bytes() for name in ("thesis.yaml", "metrics.yaml", "valuation.yaml")},
    }
    valued["facts/ACME.csv"] = acme["facts/ACME.csv"] + (VALUED / "prices.csv").read_bytes()
    found: dict[str, Files] = {
        "acme": acme,
        "valued": valued,
        "tern": tree(TESTS / "frozen" / "packs" / "tern"),
    }
    rules = bundled_folder("rules")
    for folder in sorted(rules.iterdir()):
        if (folder / "thesis.yaml").is_file():
            found[folder.name] = tree(folder)
    return found


SMALL = ("acme", "valued", "tern")
OFTEN = {"acme": 8, "valued": 8, "tern": 4}


def _some_pack(draw: Random) -> Files:
    names = list(packs())
    return packs()[draw.choices(names, [OFTEN.get(name, 1) for name in names])[0]]


def mutated(draw: Random, files: Files, names: Sequence[str], most: int = 4) -> tuple[Edit, ...]:
    """One to ``most`` random edits of some of the files, each made on what those before it left."""
    attempt = Attempt(files, (), ())
    for _ in range(draw.randint(1, most)):
        name = draw.choice(names)
        attempt = attempt._replace(edits=(*attempt.edits, edit(draw, name, attempt.edited().get(name, b""))))
    return attempt.edits


def _hostile_argument(draw: Random, command: tuple[str, ...]) -> tuple[str, ...]:
    """A command with one of its words, or one more, that hurts. NUL cannot be given to a program."""
    word = draw.choice(tokens(draw.choice(("x.yaml", "x.csv")))).replace("\0", "")
    words = list(command)
    if len(words) > 1 and draw.random() < 0.6:
        words[draw.randrange(1, len(words))] = word
    else:
        words += draw.choice(
            ([word], ["--as-of", word], ["-p", word], ["--set", f"sales={word}"], ["--set", f"{word}=1"])
        )
    return tuple(words)


def pack_attempt(draw: Random) -> Attempt:
    """A pack whose files were edited, and two commands."""
    files = _some_pack(draw)
    names = [name for name in files if not name.startswith("reviews/")]
    commands = draw.sample(ASKED, 2)
    if draw.random() < 0.1:
        commands[1] = _hostile_argument(draw, commands[1])
    return Attempt(files, mutated(draw, files, names), tuple(map(Step, commands)))


def csv_attempt(draw: Random) -> Attempt:
    """A pack whose tables and names were edited, and the tables that are made of it."""
    files = packs()[draw.choice(SMALL)]
    tables = [name for name in files if name.endswith(".csv") and not name.startswith("reviews/")]
    names = [*tables, *tables, "metrics.yaml"]
    exported = [("export", kind) for kind in ("facts", "metrics", "history")]
    steps = (draw.choice(exported), ("export", "facts", "--vintages"), draw.choice(ASKED))
    edits = [*mutated(draw, files, names, 2)]
    if draw.random() < 0.5:
        edits.append(_formula_cell(draw, Attempt(files, tuple(edits), ()).edited(), draw.choice(tables)))
    return Attempt(files, tuple(edits), tuple(map(Step, steps)), "cells")


def _formula_cell(draw: Random, files: Files, name: str) -> Edit:
    """The source or the note of a row becomes what a spreadsheet would run."""
    data = files.get(name, b"")
    rows = [line for line in data.splitlines(keepends=True)[1:] if line.count(b",") == 7]
    if not rows:
        return edit(draw, name, data)
    row = draw.choice(rows)
    cells = row.rstrip(b"\r\n").split(b",")
    cells[draw.choice((5, 7))] = draw.choice(
        ("=1+1", "@SUM(A1)", "+x", "-x", "\tx", "'=x", '"=HYPERLINK(""x"")"')
    ).encode()
    return Edit(name, data.index(row), len(row), b",".join(cells) + b"\n")


# templates -----------------------------------------------------------------------------------------

NAMES = (
    "a",
    "tell",
    "r",
    "worth",
    "a.quarter",
    "a.conditions",
    "a.pack",
    "x",
    "s",
    "loop",
    "namespace",
    "self",
    "caller",
    "varargs",
)
TEXTS = (
    "''",
    "'x'",
    "'x' * 9000",
    "'%99999999d'",
    "'{:>99999999}'",
    "'<b>'",
    "'\\x1b[2J'",
    "'\\u202e'",
    "'x y ' * 2000",
)
FILTERS = (
    "abs", "attr('__class__')", "attr('x')", "batch(3)", "batch(0)", "capitalize", "center(99999999)",
    "center(80)", "default('x')", "dictsort",
    "escape", "filesizeformat", "first", "float", "forceescape", "format(1)", "groupby('x')",
    "indent(99999999)", "indent(2)", "int", "items",
    "join('x' * 999)", "join", "last", "length", "list", "lower", "map('upper')",
    "map(attribute='__class__')", "max", "min", "pprint", "random",
    "reject", "rejectattr('x')", "replace('', 'xxxxxxxx')", "replace('x', 'xx')", "reverse", "round",
    "round(99999)", "safe", "select", "slice(0)",
    "slice(999999)", "sort", "string", "striptags", "sum", "sum(start='x')", "title", "tojson",
    "tojson(indent=99999)", "trim", "truncate(1)",
    "truncate(1, end='xxxxx')", "truncate(-5, true)", "truncate(1, true, '')", "unique", "upper",
    "urlencode", "urlize", "urlize(0)", "wordcount",
    "wordwrap(1)", "wordwrap(0)", "wordwrap(-1)", "xmlattr", "day", "answer", "score", "share", "value",
    "nothing",
)  # fmt: skip
CALLS = (
    "range(99999)", "range(9999999999)", "range(0, 9, 0)", "lipsum(99)", "lipsum(n=999999, html=false)",
    "dict(x=1)", "cycler(1, 2)", "cycler()",
    "joiner('x')", "namespace(x=1)", "'x'.join(range(9))", "'x'.ljust(99999999)",
    "'{0.__class__}'.format(1)", "'x'.format_map(a)", "a.__class__",
    "''.__class__.__mro__", "'x'.encode()", "'%s' % a", "'%c' % 99999999", "[1] * 99999999", "10 ** 99999",
    "2 ** 0.5", "1 // 0", "7 % 0", "-1",
    "a._replace(x=1)", "tell.x.y()", "(1, 2)[9]", "'x' in 5", "not a", "1 if",
    "99999999999999999999 * 99999999999999", "'x'.zfill(99999999)",
    "'a\\tb'.expandtabs(99999999)", "'x'.translate({120: 'y' * 99999})", "'x'.replace('x', 'y' * 99999999)",
    "'x' ~ a ~ a",
)  # fmt: skip
INCLUDES = (
    "'/etc/passwd'",
    "'../thesis.yaml'",
    "'mine.md.j2'",
    "'other.j2'",
    "'memo.md.j2'",
    "'macros.md.j2'",
    "'no'",
    "''",
    "x",
    "['no', 'other.j2']",
)


OPERATIONS = ("~", "+", "*", "<", "==", "and", "in", "//", "**", "%")
SHAPES = (
    "{{ $e }}",
    "{{ $e }}",
    "{% for x in $e %}$i{% endfor %}",
    "{% for x in range(9999) %}$i{% else %}y{% endfor %}",
    "{% for x in range(9999) %}{% for y in range(9999) %}$i{% endfor %}{% endfor %}",
    "{% for x in $e recursive %}{{ loop($o) }}{% endfor %}",
    "{% set s = $e %}$i",
    "{% set s %}$i{% endset %}$d{{ s }}",
    "{% set n = namespace(s='x') %}{% for x in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
    "{% macro m(x=$e) %}$i{% endmacro %}{{ m() }}",
    "{% macro m(x) %}{{ m(x) }}{{ m(x) }}{% endmacro %}{{ m(1) }}",
    "{% if $e %}$i{% elif $o %}y{% endif %}",
    "{% include $n %}",
    "{% import $n as x with context %}$i",
    "{% extends $n %}{% block b %}$i{{ super() }}{% endblock %}",
    "{% filter $f %}$i{% endfilter %}",
    "{% call(y) m() %}$i{% endcall %}",
    "{% with y = $e %}$i{% endwith %}",
    "{% autoescape $n %}$i{% endautoescape %}",
)
"""Of templates: ``$e`` and ``$o`` are expressions, ``$i`` a template, ``$n`` the name of one."""


def _expression(draw: Random, depth: int = 0) -> str:
    start = draw.choice((draw.choice(NAMES), draw.choice(TEXTS), draw.choice(CALLS), draw.choice(CALLS)))
    for _ in range(draw.choice((0, 1, 1, 2, 3))):
        start += f" | {draw.choice(FILTERS)}"
    if depth < 2 and draw.random() < 0.3:
        start = f"({start}) {draw.choice(OPERATIONS)} ({_expression(draw, depth + 1)})"
    return start


def _template(draw: Random, depth: int = 0) -> str:
    return "".join(
        Template(draw.choice(SHAPES)).substitute(
            e=_expression(draw),
            o=_expression(draw),
            i=_template(draw, depth + 1) if depth < 3 else "x",
            n=draw.choice(INCLUDES),
            f=draw.choice(FILTERS),
            d="{% set s = s ~ s %}" * draw.choice((1, 5, 60)),
        )
        for _ in range(draw.choice((1, 1, 2)))
    )


def template_attempt(draw: Random) -> Attempt:
    """A template that was made up, or one of the program's that was edited, for a memo of a small pack."""
    files = dict(packs()[draw.choice(("acme", "valued"))])
    suffix = draw.choice(("md", "md", "html"))
    mine = f"mine/mine.{suffix}.j2"
    edits: tuple[Edit, ...] = ()
    if draw.random() < 0.7:
        files[mine] = _template(draw).encode()
        files["mine/other.j2"] = _template(draw, 3).encode()
    else:
        for path in bundled_folder("templates").glob(f"*.{suffix}.j2"):
            files[f"mine/{path.name}"] = path.read_bytes()
        mine = f"mine/memo.{suffix}.j2"
        names = sorted(name for name in files if name.startswith("mine/"))
        edits = mutated(draw, files, names, 3)
    return Attempt(files, edits, (Step(("memo", *DAY, "--template", mine)),))


# journals ------------------------------------------------------------------------------------------

SIGNED = (
    ("review", "sign", "--as-of", "2026-05-05", "--decision", "hold", "--note", "The first look."),
    ("judge", "J1", "--level", "2", "--evidence", "A figure.", "--source", "letter", "--period", "2026Q2"),
    ("forecast", "--id", "F1", "--when", "repairs_growth >= 10%", "--p", "60%"),
    ("review", "sign", "--as-of", "2026-08-05", "--decision", "add", "--premortem", "The presses break: 20%"),
    ("review", "sign", "--as-of", "2026-08-06", "--supersede", "A word was wrong.", "--note", "As before."),
)
"""What is done in the journal's pack."""


@cache
def journal() -> Files:
    """The Acme pack with a signed review, a correction and what led to them."""
    files: Files = packs()["acme"]
    worker = Worker()
    for command in SIGNED:
        ended = worker.run(Attempt(files, (), (Step(command),)))
        assert [outcome.code for outcome in ended.outcomes] == [0], ended
        files = {**files, **ended.outcomes[0].written}
    worker.close()
    return files


def journal_attempt(draw: Random) -> Attempt:
    """A signed journal in which something was changed, put in or taken out; ``review verify`` must notice.

    What only a head that was kept elsewhere can prove is left out: the newest review with all that it rests
    on is never taken away as a whole.
    """
    files = journal() if draw.random() < 0.7 else packs()["tern"]
    kept = sorted(name for name in files if name.startswith("reviews/"))
    newest = max(
        (name for name in kept if name.count("/") == 1), key=lambda name: name.replace(".yaml", ".1")
    )
    name, other = draw.choice(kept), draw.choice(kept)
    data = files[name]
    how = draw.random()
    if how < 0.75 or (how < 0.9 and name == newest):
        edits = [_small(draw, name, data) if how < 0.4 else edit(draw, name, data)]
    elif how < 0.82:
        edits = [Edit(name, 0, 0, None)]
    elif how < 0.86:
        edits = [Edit(name, 0, 0, None), Edit(f"{name}{draw.choice(('.yml', '~', '.bak'))}", 0, 0, data)]
    elif how < 0.9:
        edits = [Edit(name, 0, len(data), files[other])]
    else:
        beside = draw.choice(("more.yaml", "more.csv", "facts/X.csv"))
        edits = [Edit(f"{name.rpartition('/')[0]}/{beside}", 0, 0, data)]
    return Attempt(files, tuple(edits), (Step(("review", "verify")),), "noticed", is_free=False)


def _small(draw: Random, name: str, data: bytes) -> Edit:
    """One byte becomes another, comes in or goes out."""
    at = draw.randrange(len(data))
    put = bytes([draw.choice((draw.randrange(256), data[at] ^ (1 << draw.randrange(8)), 32, 10, 48))])
    return draw.choice((Edit(name, at, 1, put), Edit(name, at, 0, put), Edit(name, at, 1, b"")))
