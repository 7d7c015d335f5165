"""Templates of the user's: what they take has an end, what they read is their own."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from thesis.core.problem import InvalidInput
from thesis.document import child_process, metered
from thesis.document.own_template import render_own_template
from thesis.files.disk import bundled_folder

needs_fork = pytest.mark.skipif(not child_process.CAN_FORK, reason="this system makes no copy of a process")
WAYS = [pytest.param(True, marks=needs_fork, id="in a child process"), pytest.param(False, id="in process")]
DATA = Path(__file__).parents[1] / "data"
RATED = ("--as-of", "2026-10-15")
LONG = "{% set s = 'x' * 100000 %}"


def _rendered(template: Path) -> str:
    return render_own_template(str(template), {"a": None}, {}, escaped=False, printed=None)


def _refused(template: Path) -> str:
    """What is said of a template that fails."""
    with pytest.raises(InvalidInput) as flawed:
        _rendered(template)
    (problem,) = flawed.value.problems
    assert problem.code in (
        "template",
        "outside",
        "missing-file",
        "unreadable-file",
        "too-large",
        "not-utf-8",
    )
    return f"{problem.message}; {problem.hint}"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "mine.j2").write_text(text, encoding="utf-8")
        return tmp_path / "own" / "mine.j2"

    return write


def _doubled(more: str, first: str = "'x'") -> str:
    return f"{{% set n = namespace(s={first}) %}}{{% for i in range(60) %}}{more}{{% endfor %}}{{{{ n.s }}}}"


TEXT, STEPS, WIDTH, DEEP = "more than 10,000,000 characters", "more than 50,000 steps", "up to ", "too deep"
HOSTILE = {
    # text that doubles
    "text that doubles by ~": (_doubled("{% set n.s = n.s ~ n.s %}"), TEXT),
    "text that doubles by +": (_doubled("{% set n.s = n.s + n.s %}"), TEXT),
    "text that doubles by a block": (
        _doubled("{% set t %}{{ n.s }}{{ n.s }}{% endset %}{% set n.s = t %}"),
        STEPS,
    ),
    "text that doubles by join": (_doubled("{% set n.s = [n.s, n.s] | join %}"), TEXT),
    "text that doubles by join of its own": (_doubled("{% set n.s = ''.join([n.s, n.s]) %}"), TEXT),
    "text that doubles by replace": (_doubled("{% set n.s = n.s | replace('x', 'xx') %}"), TEXT),
    "text that doubles by a macro": (
        f"{{% macro m(s) %}}{{{{ s }}}}{{{{ s }}}}{{% endmacro %}}{_doubled('{% set n.s = m(n.s) %}')}",
        STEPS,
    ),
    "text that doubles by format": (_doubled("{% set n.s = '{0}{0}'.format(n.s) %}"), TEXT),
    "a list that doubles": (_doubled("{% set n.s = n.s + n.s %}", "['x']"), TEXT),
    "lists in lists": (_doubled("{% set n.s = [n.s, n.s] %}", "['x']"), TEXT),
    "tuples in tuples": (_doubled("{% set n.s = (n.s, n.s) %}", "['x']"), TEXT),
    "mappings in mappings": (_doubled("{% set n.s = {'a': n.s, 'b': n.s} %}", "['x']"), TEXT),
    "mappings by dict": (_doubled("{% set n.s = dict(a=n.s, b=n.s) %}", "['x']"), TEXT),
    "namespaces in namespaces": (_doubled("{% set n.s = namespace(a=n.s, b=n.s) %}", "'x'"), TEXT),
    "a namespace in itself": ("{% set n = namespace() %}{% set n.a = n %}{{ n }}", TEXT),
    "a number that is squared": (_doubled("{% set n.s = n.s * n.s %}", "99"), "bits"),
    # text that is long at once
    "text that is repeated": ("{{ 'x' * 1000000000 }}", TEXT),
    "bytes that are repeated": ("{{ 'x'.encode() * 1000000000 }}", TEXT),
    "a list that is repeated": ("{{ 1000000000 * [1] }}", TEXT),
    "a method that pads": ("{{ 'x'.ljust(1000000000) }}", "unsafe"),
    "a method of bytes that pads": ("{{ 'x'.encode().center(1000000000) }}", "unsafe"),
    "a filter that pads": ("{{ 'x' | center(1000000000) }}", "No filter"),
    "a filter that indents": ("{{ 'x\n' | indent(1000000000) }}", "No filter"),
    "a width in %": ("{{ '%1000000000d' % 1 }}", "too large"),
    "a width in % of bytes": ("{{ '%1000000000d'.encode() % 1 }}", "too large"),
    "a width in format": ("{{ '{:1000000000}'.format(1) }}", "width"),
    "a width beside format": ("{{ '{:{}}'.format(1, 1000000000) }}", "width"),
    "a width in a filter": ("{{ '%1000000000d' | format(1) }}", "No filter"),
    "bytes of a number": ("{{ (5).to_bytes(1000000000, 'big') }}", WIDTH),
    "digits of a number": ("{{ 1.5 | round(1000000000, 'ceil') }}", WIDTH),
    "a power": ("{{ 10 ** 10 ** 10 }}", "too large"),
    "a batch": ("{{ [1] | batch(1000000000, 'x') | list }}", WIDTH),
    "slices": ("{{ [1] | slice(1000000000) | list }}", WIDTH),
    "a long separator": ("{{ ('x' * 90000).join(('y' * 9000) | list) }}", TEXT),
    "a long replacement": ("{{ ('x' * 90000).replace('x', 'y' * 90000) }}", TEXT),
    "a long break of lines": ("{{ ('x ' * 40000) | wordwrap(1, wrapstring='y' * 90000) }}", TEXT),
    "a long target of links": ("{{ ('a.com ' * 15000) | urlize(target='y' * 90000) }}", TEXT),
    "a long indent in JSON": ("{{ ([[1]] * 10000) | tojson(indent=100000) }}", TEXT),
    # loops
    "loops over long texts": (LONG + "{% for a in s %}{% for b in s %}{% endfor %}{% endfor %}", STEPS),
    "loops that take nothing": (
        LONG + "{% for a in s %}{% for b in s if a == 'y' %}{% endfor %}{% endfor %}",
        STEPS,
    ),
    "loops in ranges": (
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        STEPS,
    ),
    "filters that loop": (
        LONG + "{% for a in s %}{{ s | reject('equalto', 'x') | list }}{% endfor %}",
        STEPS,
    ),
    "tests that look through": (LONG + "{% for a in s %}{{ 'y' is in(s) }}{% endfor %}", STEPS),
    "comparisons that look through": (LONG + "{% for a in s %}{{ 'y' in s }}{% endfor %}", STEPS),
    "parts of texts": (LONG + "{% for a in s %}{% set t = s[1:] %}{% endfor %}", STEPS),
    "a list of a range": ("{{ range(1000000000) | list }}", STEPS),
    "macros that branch": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        STEPS,
    ),
    "callers that branch": (
        "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}"
        + "{% call m() %}" * 30
        + "x"
        + "{% endcall %}" * 30,
        STEPS,
    ),
    "a cycler without an end": (
        "{% set c = cycler('x') %}{% for i in range(90000) %}{{ c.next() }}{% endfor %}",
        STEPS,
    ),
    "much that is printed": (LONG + "{% for a in range(9000) %}{{ s }}{% endfor %}", STEPS),
    "much that stands there": ("{% for a in range(20000) %}" + "x" * 1000 + "{% endfor %}", "characters"),
    # depth
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", DEEP),
    "a loop that calls itself": ("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", DEEP),
    "a block that prints itself": ("{% block a %}{{ self.a() }}{% endblock %}", DEEP),
    "a template that includes itself": ("{% include 'mine.j2' %}", DEEP),
    "parentheses": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", DEEP),
    "conditions in conditions": ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, DEEP),
    # what goes wrong in what a filter is made for
    "an end that is longer than the text": ("{{ 'abc' | truncate(1, end='xxxxx') }}", "expected length >= 5"),
    "a number of too many digits": ("{{ " + "9" * 100000 + " }}", "digits"),
    "a division": ("{{ 1 // 0 }}", "division"),
}


@pytest.mark.parametrize("is_apart", WAYS)
@pytest.mark.parametrize(("template", "told"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_a_template_takes_has_an_end(
    template: str, told: str, is_apart: bool, written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text, lists, numbers, loops and depth are bounded by counting, in a child process and without one."""
    monkeypatch.setattr(child_process, "CAN_FORK", is_apart)
    monkeypatch.setattr(metered, "MOST_STEPS", 50_000)
    said = _refused(written(template))
    assert told in said or (told == TEXT and STEPS in said)
    assert len(said) < 400


USEFUL = {
    "a truncated text": ("{{ 'a long text' | truncate(8, leeway=0, end='..') }}", "a.."),
    "a number with commas": ("{{ '{:,.1f}'.format(1234567.89) }}", "1,234,567.9"),
    "a number with spaces": ("{{ '{:>8}'.format('x') }}", " " * 7 + "x"),
    "a default": ("{{ nothing | default(6000000000000) }}", "6000000000000"),
    "a sum": ("{{ [1, 2, 3] | sum(start=4000000) }}", "4000006"),
    "a table": ("{% for a in range(200) %}{% for b in range(20) %}x{% endfor %}{% endfor %}", "x" * 4000),
    "a comparison": ("{{ 4000000000000 is gt(3999999999999) and 5 in [5, 6] }}", "True"),
    "joined text": ("{{ 'a' ~ 1 ~ ['b'] ~ ('c', 2)[0] }}", "a1['b']c"),
    "part of a list": ("{{ [1, 2, 3][1:] | map('string') | join('-') }}", "2-3"),
    "a recursive loop": (
        "{% for x in [[], [[]]] recursive %}({{ loop(x) if x }}){% endfor %}",
        "()(())",
    ),
    "a filtered loop": ("{% for x in [1, 2, 3] if x != 2 %}{{ loop.index }}{{ x }} {% endfor %}", "11 23 "),
    "a macro with a caller": (
        "{% macro m(t='d') %}<{{ t }}{{ caller(1) }}>{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}",
        "<d1>",
    ),
    "a filter of a block": ("{% filter upper %}a{{ 'b' }}{% endfilter %}", "AB"),
    "an include of several": ("{% include ['none.j2', 'beside.j2'] %}", "beside"),
    "an include that may be missing": ("{% include 'none.j2' ignore missing %}", ""),
    "an import": ("{% from 'beside.j2' import m %}{{ m() }}", "macro"),
    "a parent": ("{% extends 'parent.j2' %}{% block b %}child{{ super() }}{% endblock %}", "<childparent>"),
}


@pytest.mark.parametrize("is_apart", WAYS)
@pytest.mark.parametrize(("template", "told"), USEFUL.values(), ids=USEFUL.keys())
def test_what_people_write_is_printed(
    template: str, told: str, is_apart: bool, written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counting changes nothing of what a template prints."""
    monkeypatch.setattr(child_process, "CAN_FORK", is_apart)
    path = written(template)
    path.with_name("beside.j2").write_text("beside{% macro m() %}macro{% endmacro %}", encoding="utf-8")
    path.with_name("parent.j2").write_text("<{% block b %}parent{% endblock %}>", encoding="utf-8")
    assert _rendered(path) == told


@pytest.mark.parametrize("is_apart", WAYS)
@pytest.mark.parametrize("name", ["memo.md.j2", "memo.html.j2"])
@pytest.mark.parametrize("pack", ["acme", "valued"])
def test_a_copy_of_the_bundled_template_prints_the_same(
    name: str,
    pack: str,
    is_apart: bool,
    tmp_path: Path,
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a template of the user's, with everything it includes, it gives the same bytes."""
    monkeypatch.setattr(child_process, "CAN_FORK", is_apart)
    folder = tmp_path / "pack"
    shutil.copytree(DATA / "acme", folder)
    if pack == "valued":
        shutil.copytree(DATA / "valued", folder, dirs_exist_ok=True)
    (tmp_path / "own").mkdir()
    for part in bundled_folder("templates").glob("*.j2"):
        shutil.copy(part, tmp_path / "own")
    form = "html" if "html" in name else "markdown"
    bundled = run("memo", str(folder), *RATED, "--format", form)
    own = run("memo", str(folder), *RATED, "--format", form, "--template", str(tmp_path / "own" / name))
    assert bundled.code == 0 and own == bundled


# other files ---------------------------------------------------------------------------------------

SECRET = "hunter2"
WAYS_IN = {
    "include": "{% include 'NAME' %}",
    "import": "{% import 'NAME' as m %}{{ m }}",
    "from": "{% from 'NAME' import m %}",
    "extends": "{% extends 'NAME' %}",
}


def _to_a_file(own: Path, secret: Path) -> str:
    (own / "link.j2").symlink_to(secret)
    return "link.j2"


def _to_a_folder(own: Path, secret: Path) -> str:
    (own / "sub").symlink_to(secret.parent)
    return f"sub/{secret.name}"


def _to_a_link(own: Path, secret: Path) -> str:
    (own / "one.j2").symlink_to("two.j2")
    (own / "two.j2").symlink_to(os.path.relpath(secret, own))
    return "one.j2"


def _absolute(own: Path, secret: Path) -> str:
    return str(secret)


def _above(own: Path, secret: Path) -> str:
    return os.path.relpath(secret, own)


def _above_in_between(own: Path, secret: Path) -> str:
    (own / "sub").mkdir()
    return f"sub/../{os.path.relpath(secret, own)}"


OUTSIDE = [_to_a_file, _to_a_folder, _to_a_link, _absolute, _above, _above_in_between]


@pytest.mark.parametrize("way", WAYS_IN.values(), ids=WAYS_IN.keys())
@pytest.mark.parametrize(
    "leading", OUTSIDE, ids=lambda leading: leading.__name__.strip("_").replace("_", " ")
)
def test_a_template_reads_nothing_outside_its_folder(
    leading: Callable[[Path, Path], str], way: str, written: Callable[[str], Path], tmp_path: Path
) -> None:
    """Neither by its path nor through a link, however it is taken in."""
    secret = tmp_path / "secret.j2"
    secret.write_text(f"{SECRET}{{% macro m() %}}{{% endmacro %}}", encoding="utf-8")
    own = written("")
    name = leading(own.parent, secret)
    own.write_text(way.replace("NAME", name), encoding="utf-8")
    said = _refused(own)
    assert SECRET not in said
    assert "leads out of the template's folder" in said or "there is no template" in said


def test_a_template_that_is_a_link_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    """The one that was named too: whoever means the file can name the file."""
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.j2").symlink_to(tmp_path / "secret")
    assert "leads out" in _refused(tmp_path / "own" / "mine.j2")


def test_a_folder_of_templates_in_a_pack_is_the_packs_own(folder_pack: Any, run: Any) -> None:
    """Where the folder with the template leads out of the pack, the template is not read."""
    pack = folder_pack()
    (pack.parent / "elsewhere").mkdir()
    (pack.parent / "elsewhere" / "mine.md.j2").write_text(SECRET, encoding="utf-8")
    (pack / "mine").symlink_to(pack.parent / "elsewhere")
    found = run("memo", *RATED, "--template", "mine/mine.md.j2", cwd=pack)
    assert found.code == 3 and "leads out of the pack" in found.err
    assert SECRET not in found.out + found.err


def test_a_link_that_stays_in_the_folder_is_read(written: Callable[[str], Path]) -> None:
    own = written("{% include 'link.j2' %}")
    (own.parent / "sub").mkdir()
    (own.parent / "sub" / "there.j2").write_text("there", encoding="utf-8")
    (own.parent / "link.j2").symlink_to("sub/there.j2")
    assert _rendered(own) == "there"


def test_a_link_to_the_whole_folder_changes_nothing(written: Callable[[str], Path], tmp_path: Path) -> None:
    own = written("{% include 'beside.j2' %}")
    own.with_name("beside.j2").write_text("beside", encoding="utf-8")
    (tmp_path / "other").symlink_to(own.parent)
    assert _rendered(tmp_path / "other" / own.name) == "beside"


def _to_itself(path: Path) -> None:
    path.symlink_to(path.name)


STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to itself": (_to_itself, "cannot read"),
    "a pipe": (os.mkfifo, "not an ordinary file"),
    "a folder": (os.mkdir, "cannot read"),
    "a large file": (lambda path: path.write_bytes(b"x" * 2_000_000), "larger than"),
    "bytes": (lambda path: path.write_bytes(b"\xff\xfe"), "UTF-8"),
}


@pytest.mark.parametrize(("make", "told"), STRANGE.values(), ids=STRANGE.keys())
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "included"])
def test_what_is_no_template_is_a_problem(
    make: Callable[[Path], object], told: str, is_named: bool, written: Callable[[str], Path]
) -> None:
    """A file that cannot be read as text is told, at once and without waiting for it."""
    own = written("{% include 'strange.j2' %}")
    strange = own.with_name("strange.j2")
    make(strange)
    assert told in _refused(strange if is_named else own)


# the child process -------------------------------------------------------------------------------


def _spin() -> str:
    while True:
        pass


def _fill() -> str:
    return "x" * (1 << 40)


def _sleep() -> str:
    time.sleep(60)
    return ""


def _crash() -> str:
    os.abort()


def _fail() -> str:
    raise InvalidInput([], {"a": "b"})


RUNAWAY = {
    "for ever": (_spin, "seconds"),
    "asleep": (_sleep, "seconds"),
    "too large": (_fill, "of memory"),
    "a crash": (_crash, "ended its process"),
    "an endless answer": (lambda: "x" * 2_000_000, "makes more than"),
}


@needs_fork
@pytest.mark.parametrize(("work", "told"), RUNAWAY.values(), ids=RUNAWAY.keys())
def test_what_runs_away_is_stopped(
    work: Callable[[], str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no count foresaw it, the child process has an end of its own."""
    monkeypatch.setattr(child_process, "MOST_SECONDS", 1)
    monkeypatch.setattr(child_process, "LONGEST_WAIT", 1.0 if work is _sleep else 60.0)
    monkeypatch.setattr(child_process, "MOST_BYTES", 1_000_000)
    with pytest.raises(child_process.Overrun, match=told):
        child_process.run_confined(work)


@needs_fork
def test_what_a_child_says_arrives_whole() -> None:
    """Text of any kind, and what was wrong."""
    text = "é\ud800\0" * 100_000
    assert child_process.run_confined(lambda: text) == text
    with pytest.raises(InvalidInput) as flawed:
        child_process.run_confined(_fail)
    assert flawed.value.sources == {"a": "b"}
