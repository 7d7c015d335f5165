"""Values as text that ``read_yaml`` reads back, the same bytes for the same values.

Every scalar is written as its text, as every scalar is read as its text: a date needs no quotes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

WIDTH = 110


def yaml_text(value: Any) -> str:
    """Texts, numbers, lists and mappings as a block of YAML; a text of several lines as a literal block."""
    import yaml

    found: str = yaml.dump(
        _as_text(value), Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=WIDTH
    )
    return found


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_text(item) for item in value]
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) else str(value)


@cache
def _dumper() -> Any:
    """PyYAML's dumper, without what makes a text look like a number, a date or a yes to it."""
    from yaml.emitter import Emitter
    from yaml.representer import SafeRepresenter
    from yaml.resolver import BaseResolver
    from yaml.serializer import Serializer

    class Dumper(Emitter, Serializer, SafeRepresenter, BaseResolver):
        def __init__(self, stream: Any, **options: Any) -> None:
            style = {"default_style": options.pop("default_style", None), "default_flow_style": False}
            options.pop("default_flow_style", None)
            sort = options.pop("sort_keys", False)
            serial = {k: options.pop(k) for k in ("explicit_start", "explicit_end", "version", "tags")}
            encoding = options.pop("encoding", None)
            Emitter.__init__(self, stream, **options)
            Serializer.__init__(self, encoding=encoding, **serial)
            SafeRepresenter.__init__(self, sort_keys=sort, **style)
            BaseResolver.__init__(self)

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else "'" if value in ("", "~", "null") else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper
