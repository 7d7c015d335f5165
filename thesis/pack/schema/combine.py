"""The type of the key ``combine``: the text that names an aggregate, as in ``mean`` or ``lowest(2)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from thesis.core.aggregates import AGGREGATES, PATTERN, aggregate_of


def combine_schema() -> dict[str, Any]:
    """As JSON Schema: the names to choose from, or a name with a number."""
    plain = [name for name, each in AGGREGATES.items() if not each.is_counted]
    counted = [each.example for each in AGGREGATES.values() if each.is_counted]
    return {"anyOf": [{"enum": plain}, {"type": "string", "pattern": PATTERN, "examples": counted}]}


if TYPE_CHECKING:
    Combine = str
else:

    class Combine(str):
        """A text that ``thesis.core.aggregates`` knows, for pydantic to check."""

        __slots__ = ()

        @classmethod
        def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
            from pydantic_core import PydanticCustomError, core_schema

            def known(text: str) -> str:
                try:
                    aggregate_of(text)
                except KeyError:
                    *first, last = (f"'{each.written}'" for each in AGGREGATES.values())
                    expected = f"{', '.join(first)} or {last}"
                    raise PydanticCustomError("literal_error", "{expected}", {"expected": expected}) from None
                return text

            return core_schema.no_info_after_validator_function(known, core_schema.str_schema())

        @classmethod
        def __get_pydantic_json_schema__(cls, _core: Any, _handler: Any) -> dict[str, Any]:
            return combine_schema()
