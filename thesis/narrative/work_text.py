"""What a rating needs, in sentences: the steps that restore one, for whatever is not rated."""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core import formatting
from thesis.worklist.work_list import WorkList, WorkStep

LINES = 3  # of the list that whatever is not rated begins with


def restoring_lines(work: WorkList) -> list[str]:
    """The first lines of the list: the steps that restore a rating, or why none do."""
    if not work.restoring:
        if work.steps:
            required = formatting.share(work.required)
            return [f"No figures and grades restore a rating: with all of them less than {required} counts."]
        return []
    told = [f"{i}. {step_text(step)}" for i, step in enumerate(work.restoring, 1)]
    told[0] = f"To restore a rating: {told[0]}"
    if len(told) > LINES:
        told[LINES - 1 :] = [f"And {len(told) - LINES + 1} more steps: `thesis todo`."]
    return told


def step_text(step: WorkStep) -> str:
    """A step in a line: ``10-Q of Amazon for 2026Q3, due 9 Nov 2026: `thesis facts fetch``` and so on."""
    by_hand = [each for each in step.inputs if each.command]
    done = [f"`{command}`" for command in step.commands]
    if len(by_hand) == 1:
        done.append(f"`{by_hand[0].command}`")
    elif by_hand:
        named = formatting.join_words(each.name for each in by_hand)
        if step.kind == "grades":
            done.append(f"{len(by_hand)} grades ({named})")
        else:  # the last command enters a table of them
            done[-1] += f" with {len(by_hand)} figures ({named})"
    return f"{heading(step)}: {' and '.join(done)}."


def heading(step: WorkStep) -> str:
    """What a step is about: the document, and whether it is on file or by when it is due."""
    if step.on_file:
        return f"{step.document}, on file as {step.on_file}"
    return f"{step.document}, due {formatting.day(step.due)}" if step.due else step.document


def counted(steps: Sequence[WorkStep]) -> str:
    """``2 steps``."""
    return formatting.count(len(steps), "step")
