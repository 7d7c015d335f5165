"""What is wrong in a file that somebody else wrote, gathered while reading goes on."""

from __future__ import annotations

from thesis.core.problem import InvalidInput, Problem, SourceSpan

MOST_FLAWS = 1000  # a file with more is not worth reading to its end


class FileProblems:
    """The problems found so far in one file, shown under the name that the user knows it by."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.found: list[Problem] = []

    def flaw(self, code: str, message: str, place: SourceSpan | None = None, hint: str = "") -> None:
        """Note a problem. Errors: ``InvalidInput`` once there are too many to go on."""
        if place is None:
            message = f"`{self.shown}`: {message}"
        self.found.append(Problem(code, message, place, hint))
        if len(self.found) >= MOST_FLAWS:
            self.settle()

    def refuse_with(
        self, code: str, message: str, place: SourceSpan | None = None, hint: str = ""
    ) -> InvalidInput:
        """What to raise where reading cannot go on: everything found, and this."""
        self.flaw(code, message, place, hint)
        return InvalidInput(self.found)

    def settle(self) -> None:
        """Errors: ``InvalidInput`` if anything was found."""
        if self.found:
            raise InvalidInput(self.found)
