"""Values as YAML that is read back as it was, whatever is in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.files.yaml import read_yaml, yaml_text

pytestmark = pytest.mark.quick

# what can stand in a YAML file at all: no surrogates, no control characters but tab and line feed
LETTERS = st.characters(
    blacklist_categories=("Cs", "Cc"),
    whitelist_characters="\t\n",
    blacklist_characters="\x7f\ufeff\ufffe\uffff\x85\u2028\u2029",
)
TEXTS = st.text(LETTERS, max_size=60)
KEYS = st.text("abcdefghijklmnop_.", min_size=1, max_size=8)
VALUES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    """Every text to the letter, also one that looks like a number, a date, a comment or a seal."""
    assert read_yaml(yaml_text(value), "x.yaml").value == value


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "12:30",
        "1e3",
        "2026-07-31",
        "",
        "~",
        "# x",
        "- x",
        "x: y",
        "{{ x }}",
        "|",
        "a\nb",
        " a",
        "a ",
        "\tx",
        "'",
        '"',
        "&a",
        "*a",
        "!x",
        "%",
        "@",
        "`",
        "seal: 12",
        "\n",
        "a\n\n",
        "a\n b\n",
    ],
)
def test_a_text_with_a_meaning_to_yaml_is_a_text(text: str) -> None:
    assert read_yaml(yaml_text({"a": [text]}), "x.yaml").value == {"a": [text]}


def test_the_same_values_are_the_same_bytes() -> None:
    value = {"b": 1, "a": [0.1, True, None, ("x", "y")]}
    assert yaml_text(value) == "b: 1\na:\n  - 0.1\n  - true\n  - ''\n  - - x\n    - y\n"
