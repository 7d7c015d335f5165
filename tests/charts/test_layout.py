"""Letters and scales: laws that labels and marks rest on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.drawn import RATED, Drawn, alphabet, amazon
from thesis.charts.scales import LinearScale, padded_range, ticks
from thesis.charts.text_width import CUT, clean_label, label_width, shorten_text, spread_labels, wrap_text

NUMBERS = st.floats(-1e15, 1e15, allow_nan=False)


@given(text=st.text(max_size=80), room=st.floats(20, 400), size=st.sampled_from([11, 12, 14]))
def test_a_text_that_is_cut_fits_and_begins_as_it_did(text: str, room: float, size: float) -> None:
    cut = shorten_text(text, room, size)
    assert label_width(cut, size) <= room
    whole = clean_label(text)
    assert cut == whole or whole.startswith(cut.removesuffix(CUT).rstrip())


@given(text=st.text(max_size=200), most=st.integers(1, 4))
def test_lines_fit_and_lose_no_word_without_saying_so(text: str, most: int) -> None:
    lines = wrap_text(text, 150, 12, most=most)
    assert len(lines) <= most
    assert all(label_width(line, 12) <= 150 for line in lines)
    if not any(line.endswith(CUT) for line in lines):
        assert " ".join(lines) == clean_label(text)


@given(text=st.text(alphabet=st.characters(), max_size=40))
def test_what_is_left_of_a_text_can_stand_in_xml(text: str) -> None:
    left = clean_label(text)
    assert all(letter >= " " and letter not in "\ufffe\uffff" for letter in left)
    assert not any("\ud800" <= letter <= "\udfff" for letter in left)


def test_bold_and_wide_letters_take_more_room() -> None:
    assert label_width("WATCH", 12) < label_width("WATCH", 12, bold=True)
    assert label_width("ab", 12) < label_width("長名", 12)


@given(places=st.lists(st.floats(0, 300), max_size=8), room=st.floats(1, 20))
def test_neighbours_stand_apart_in_their_order(places: list[float], room: float) -> None:
    moved = spread_labels(places, room)
    assert len(moved) == len(places)
    assert all(b - a >= room - 1e-6 for a, b in pairwise(moved))


@given(places=st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_what_stands_apart_already_does_not_move(places: list[float]) -> None:
    spaced = [100.0 * i + place / 10 for i, place in enumerate(places)]
    assert spread_labels(spaced, 20) == pytest.approx(spaced)


@given(low=NUMBERS, high=NUMBERS, values=st.lists(NUMBERS, min_size=2, max_size=5))
def test_a_scale_keeps_order_and_stays_between_its_ends(low: float, high: float, values: list[float]) -> None:
    scale = LinearScale(low, high, 10, 200)
    places = [scale(value) for value in sorted(values)]
    assert all(10 <= place <= 200 for place in places)
    assert all(a <= b + 1e-9 for a, b in pairwise(places))


@given(low=st.floats(-1e13, 1e13), span=st.floats(1e-3, 1e13))
def test_ticks_are_few_round_and_evenly_spaced(low: float, span: float) -> None:
    high = low + span
    found = ticks(low, high)
    assert len(found) <= 8
    steps = [b - a for a, b in pairwise(found)]
    assert all(step == pytest.approx(steps[0], rel=1e-6, abs=abs(low) * 1e-12) for step in steps)
    for tick in found:
        assert low - span * 1e-6 <= tick <= high + span * 1e-6


@given(values=st.lists(st.one_of(NUMBERS, st.just(math.inf), st.just(-math.inf)), max_size=6))
def test_room_around_values_holds_all_finite_ones(values: list[float]) -> None:
    low, high = padded_range(values)
    assert low < high
    assert all(low <= value <= high for value in values if math.isfinite(value))


@pytest.mark.parametrize("bundled_one", [lambda: amazon(RATED), alphabet], ids=["amazon", "alphabet"])
def test_nothing_of_a_bundled_thesis_is_cut_short(bundled_one: Callable[[], Drawn]) -> None:
    """Every name, label and note has the room that it needs."""
    cut = [(chart.id, text) for chart in bundled_one().charts for text in re.findall(r">([^<]*…)", chart.svg)]
    assert cut == []
