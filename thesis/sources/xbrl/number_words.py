"""Whole numbers in English words, ``one hundred and five``."""

from __future__ import annotations

import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: number for number, word in enumerate(_SMALL.split())}
TENS = {word: 10 * number for number, word in enumerate(_TENS.split(), start=2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NONE = ("no", "none", "zero", "nil")


def number_from_words(text: str) -> int:
    """The number that the words say. Errors: ``ValueError`` where they say none.

    >>> number_from_words("Twenty-five thousand and one")
    25001
    """
    words = re.sub("[-\u2010\u2011,]", " ", text.lower()).split()  # a hyphen, also one that does not break
    if len(words) == 1 and words[0] in NONE:
        return 0
    total = group = 0
    last = 10**15  # the scale that came before; each must be smaller
    for word in words:
        if word == "and" and (group or total):
            continue
        value = _added(group, word)
        if value is not None:
            group = value
        elif group and word in SCALES and SCALES[word] < last:
            last = SCALES[word]
            total, group = total + group * last, 0
        else:
            raise _no_number(text)
    if not total + group or words[-1] == "and":
        raise _no_number(text)
    return total + group


def _added(group: int, word: str) -> int | None:
    """A group below a thousand with one more word, or none where the word does not go on from there."""
    if word == "hundred":
        return group * 100 if 1 <= group <= 9 else None
    if word in TENS:
        return group + TENS[word] if group % 100 == 0 else None
    value = UNITS.get(word, 0)
    if not value:
        return None
    is_first = group % 100 == 0
    follows_tens = value < 10 and group % 10 == 0 and group % 100 >= 20
    return group + value if is_first or follows_tens else None


def _no_number(text: str) -> ValueError:
    return ValueError(f"expected a whole number in English words, found `{text.strip()[:80]}`")
