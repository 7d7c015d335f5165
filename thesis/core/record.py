"""Immutable records with named fields.

What a dataclass does, without generating code when a module is imported: with some thirty of them on
the way to a memo that is most of what importing the program would cost. ``pydantic_ready`` turns
records into dataclasses in place, for pydantic to validate; only a pack that is new needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class a record of its annotated names; a default is the name's value in the class."""
    names = tuple(name for name, kind in cls.__annotations__.items() if not kind.startswith("ClassVar"))
    cls.__record__ = names  # type: ignore[attr-defined]
    cls.__init__ = _init  # type: ignore[method-assign]
    cls.__setattr__ = _refuse  # type: ignore[method-assign]
    cls.__delattr__ = _refuse  # type: ignore[method-assign]
    cls.__eq__ = _equal  # type: ignore[method-assign]
    cls.__hash__ = _hash  # type: ignore[method-assign]
    cls.__repr__ = _repr  # type: ignore[method-assign]
    return cls


def field_names(value: Any) -> tuple[str, ...]:
    """The names of a record's (or a record class's) values; none for anything else."""
    return getattr(value, "__record__", ())


def replace_fields(old: T, /, **changes: Any) -> T:
    """A copy with some values changed."""
    return type(old)(**{**old.__dict__, **changes})


def pydantic_ready(shapes: Iterable[type]) -> None:
    """Let pydantic see records as dataclasses; they stay what they are otherwise."""
    from dataclasses import dataclass, is_dataclass

    for shape in shapes:
        if not is_dataclass(shape):
            dataclass(init=False, repr=False, eq=False)(shape)


def _init(self: Any, *args: Any, **kwargs: Any) -> None:
    values, names = self.__dict__, self.__record__
    values.update(zip(names, args, strict=False))
    values.update(kwargs)
    if len(values) < len(names):
        cls = type(self)
        for name in names:
            if name not in values:
                try:
                    values[name] = getattr(cls, name)
                except AttributeError:
                    raise TypeError(f"{cls.__name__} needs `{name}`") from None
    if len(values) > len(names) or len(args) + len(kwargs) > len(values):
        unknown = sorted(set(values) - set(names))
        raise TypeError(f"{type(self).__name__} has no {', '.join(unknown) or 'such values'}")


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise AttributeError(f"a {type(self).__name__} cannot be changed")


def _equal(self: Any, other: object) -> bool:
    return type(self) is type(other) and self.__dict__ == other.__dict__


def _hash(self: Any) -> int:
    return hash((type(self).__name__, *map(str, self.__dict__.values())))


def _repr(self: Any) -> str:
    told = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
    return f"{type(self).__name__}({told})"
