"""Laws of the mark: the program knows its own output by it, and any edit of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.files.output_mark import ENDINGS, PDF_MARK, mark_state, with_mark

pytestmark = pytest.mark.quick

PDF = b"%PDF-1.7\n1 0 obj\n<</Title (x)/ThesisMark (" + PDF_MARK.encode() + b")>>\nendobj\n%%EOF\n"
OUTPUTS = st.one_of(
    st.tuples(st.sampled_from([f"memo{ending}" for ending in ENDINGS]), st.binary(max_size=60)),
    st.tuples(st.just("memo.pdf"), st.binary(max_size=60).map(lambda more: PDF + more)),
)


@given(OUTPUTS)
def test_an_output_is_known_by_its_mark_and_holds_all_of_the_text(output: tuple[str, bytes]) -> None:
    name, data = output
    made = with_mark(name, data)
    assert mark_state(made) == "own"
    assert with_mark(name, data) == made
    assert made.startswith(data) or data.startswith(b"%PDF-")
    if b"\r" not in data and not name.endswith(".pdf"):
        assert mark_state(made.replace(b"\n", b"\r\n")) == "own", "git may change the ends of lines"


@given(OUTPUTS, st.data())
def test_any_edit_is_noticed(output: tuple[str, bytes], drawn: st.DataObject) -> None:
    """A byte changed, put in, taken out or added at the end; but for ends of lines, which say nothing."""
    made = with_mark(*output)
    place = drawn.draw(st.integers(0, len(made)))
    kind = drawn.draw(st.sampled_from(["change", "insert", "delete"]))
    byte = bytes([drawn.draw(st.integers(0, 255).filter(lambda value: value not in (10, 13)))])
    edited = {
        "change": made[:place] + byte + made[place + 1 :],
        "insert": made[:place] + byte + made[place:],
        "delete": made[:place] + made[place + 1 :],
    }[kind]
    if edited.replace(b"\r\n", b"\n").rstrip(b"\n") != made.replace(b"\r\n", b"\n").rstrip(b"\n"):
        assert mark_state(edited) != "own"


@given(st.binary(max_size=80))
def test_what_another_program_wrote_is_nobodys_to_replace(data: bytes) -> None:
    assert mark_state(data) == "unmarked"
    assert with_mark("rows.csv", data) == data
