"""A Jinja sandbox: templates can arrange what they are given and do nothing else.

Attributes are guarded in every template. What else bounds one of the user's stands in ``own_template``; the
bundled ones are the program's.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from thesis.document.sandbox_environment import STYLE, SandboxEnvironment
from thesis.files.cache import Cache
from thesis.files.disk import bundled_folder


def render_template(
    bundled_name: str,
    own: str | None,
    view: Mapping[str, Any],
    filters: Mapping[str, Callable[..., Any]],
    cache: Cache | None,
    *,
    escaped: bool = False,
    printed: Callable[[Any], Any] | None = None,
) -> str:
    """A template's text: the user's own, which may include the bundled ones, or a bundled one.

    ``escaped``: whatever the template prints is text in HTML, unless it is ``XmlReader`` already. ``printed``
    is applied to whatever it prints.
    Errors: ``InvalidInput`` with the place of what is wrong in a template of the user's; what is wrong in a
    bundled one is a bug of the program's.
    """
    if own is None:
        environment = _environment(cache, escaped=escaped, printed=printed)
        environment.filters.update(filters)
        return environment.get_template(bundled_name).render(view)
    from thesis.document.own_template import render_own_template

    return render_own_template(own, view, filters, escaped=escaped, printed=printed)


def template_renderer(
    bundled_name: str, filters: Mapping[str, Callable[..., str]]
) -> Callable[[Mapping[str, Any]], str]:
    """A bundled template of markup, read once for many renderings; whatever it prints is escaped."""
    environment = _environment(None, escaped=True)
    environment.filters.update(filters)
    return environment.get_template(bundled_name).render


def _environment(
    cache: Cache | None, *, escaped: bool = False, printed: Callable[[Any], Any] | None = None
) -> jinja2.Environment:
    """The sandbox of the bundled templates."""
    return SandboxEnvironment(
        loader=jinja2.FileSystemLoader(str(bundled_folder("templates"))),
        autoescape=escaped,
        finalize=printed,
        bytecode_cache=_CompiledTemplates(cache) if cache else None,
        **STYLE,
    )


class _CompiledTemplates(BytecodeCache):
    """Compiled templates of the program's, under the digest of their source and of what compiled them.

    They are code: the cache gives back nothing that another user could have written.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        data = self.cache.recall_bytes("templates", *_parts(bucket))
        try:
            bucket.code = marshal.loads(data) if data else None  # sealed with the user's key
        except (ValueError, EOFError, TypeError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.cache.keep_bytes("templates", marshal.dumps(bucket.code), *_parts(bucket))


def _parts(bucket: Bucket) -> tuple[str, ...]:
    """What a compiled template depends on."""
    made = bucket.environment
    kind = f"{type(made).__name__} {made.autoescape is True} {made.finalize is None}"
    return bucket.key, bucket.checksum, sys.version, kind
