"""The sandbox that every template runs in: what it may look up of what it is given."""

from __future__ import annotations

from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from thesis.core.interval import Interval
from thesis.core.record import field_names

PADDING = frozenset(["center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"])

STYLE: dict[str, Any] = {
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": False,
    "auto_reload": False,
}


class SandboxEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox.

    Of records and intervals, which hold nothing but values, a name that does not begin with an
    underscore is safe; looking no further is most of what the sandbox would cost.
    """

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if field_names(obj) or isinstance(obj, Interval):
            return not attr.startswith("_")
        if isinstance(obj, (str, bytes)) and attr in PADDING:
            return False
        return super().is_safe_attribute(obj, attr, value)
