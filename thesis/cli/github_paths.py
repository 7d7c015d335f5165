"""Where a pack's files stand in the repository that a GitHub job has checked out."""

from __future__ import annotations

import os
from pathlib import Path

from thesis.core.problem import SourceSpan


def in_repository(span: SourceSpan) -> SourceSpan:
    """A place by the file's path from the top of the repository, from which GitHub counts.

    As it is, where there is no such job or the file lies outside.
    """
    top = os.environ.get("GITHUB_WORKSPACE")
    file = Path.cwd() / span.file
    if not top or not file.is_relative_to(top):
        return span
    return span._replace(file=file.relative_to(top).as_posix())
