"""Strict JSON, and the place of a value in its text for messages.

Readers keep no places, so a place is looked for only when it is needed. msgspec, where it is installed, is
twice as quick as Python's own reader and takes nothing that this refuses; what it does not take is read
again by Python's, which says what is wrong, or takes it after all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

from thesis.core.problem import FileProblems, SourceSpan

_SPACE = " \t\r\n"


def read_json(data: bytes, flaws: FileProblems) -> Any:
    """The value in the file, with decimals where numbers have a point.

    Errors: ``InvalidInput`` where it is no JSON, holds NaN or an infinity, is not UTF-8 or too deep.
    """
    quick = quick_reader()
    if quick:
        try:
            return quick(data)
        except ValueError:
            pass
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        told = f"expected UTF-8 text, found the byte 0x{data[error.start]:02x}"
        raise flaws.refuse_with("not-utf-8", told, SourceSpan(flaws.shown, line, column)) from None
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = SourceSpan(flaws.shown, error.lineno, error.colno)
        told = "the file ends too early" if error.pos >= len(text.rstrip()) else _lower(error.msg)
        raise flaws.refuse_with("json-syntax", told, place, "fetch the file again") from None
    except RecursionError:
        raise flaws.refuse_with("too-deep", "lists and objects too deep inside one another") from None
    except ArithmeticError:
        raise flaws.refuse_with("json-syntax", "a number beyond all bounds") from None
    except ValueError as error:  # a constant that is no number, or an integer of thousands of digits
        raise flaws.refuse_with("json-syntax", _lower(str(error).split(":")[0].split(";")[0])) from None


@cache
def quick_reader() -> Callable[[bytes], Any] | None:
    """The reader of msgspec, which raises ``ValueError`` for what it does not take; none where it is not."""
    try:
        from msgspec import MsgspecError
        from msgspec.json import Decoder
    except ImportError:
        return None
    decoder = Decoder(float_hook=Decimal)

    def read(data: bytes) -> Any:
        try:
            return decoder.decode(data)
        except (MsgspecError, ArithmeticError, RecursionError) as error:
            raise ValueError(str(error)) from None

    return read


class JsonPlaces:
    """Finds where values stand in a text of JSON; what was found on the way is remembered."""

    def __init__(self, data: bytes, shown: str) -> None:
        self._text = data.decode("utf-8-sig", "replace")
        self._shown = shown
        self._decoder = json.JSONDecoder()
        self._known: dict[tuple[str | int, ...], int] = {(): _skip(self._text, 0)}

    def of(self, *path: str | int) -> SourceSpan:
        """Where the value stands that the keys and indexes lead to; the nearest around it that is there."""
        known = max(n for n in range(len(path) + 1) if path[:n] in self._known)
        at = self._known[path[:known]]
        for n in range(known, len(path)):
            found = _inside(self._text, at, path[n], self._decoder)
            if found is None:
                break
            at = self._known[path[: n + 1]] = found
        line = self._text.count("\n", 0, at) + 1
        return SourceSpan(self._shown, line, at - self._text.rfind("\n", 0, at))


def _inside(text: str, at: int, step: str | int, decoder: json.JSONDecoder) -> int | None:
    """Where a member of the object or list that starts at ``at`` starts."""
    is_object = text[at] == "{"
    if not is_object and text[at] != "[":
        return None
    found, index, at = None, 0, _skip(text, at + 1)
    while text[at] not in "}]":
        key: Any = index
        if is_object:
            key, at = decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == step:
            found = at  # a later member of the same name is the one that counts
        _, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at
        index += 1
    return found


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _SPACE:
        at += 1
    return at


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is no number")


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
