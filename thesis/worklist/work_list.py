"""The list of what to do for a rating: the lacking inputs by document, the fewest that restore one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis.archive.documents import Document
from thesis.core import formatting
from thesis.core.currency import show_of
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.core.record import record, replace_fields
from thesis.pack.load import Pack
from thesis.pack.scores import fraction
from thesis.scoring.assessment import Assessment
from thesis.scoring.verdict import total_coverage
from thesis.worklist import entry_commands as commands
from thesis.worklist.input_source import GRADES, FoundInput, InputSource, SourceFinder
from thesis.worklist.owed_inputs import (
    FIGURE,
    GRADE,
    REGISTER,
    InputKey,
    LackingInput,
    RatingInputs,
    coverage_sides,
    rating_inputs,
)
from thesis.worklist.shortest_list import Gain, ShortList, shortest_list


@record
class OwedInput:
    """An input that the rating lacks, and what is known of it.

    ``kind`` is figure, register, price or grade; ``name`` its line item or rubric, ``period`` its quarter or
    day. ``status``: missing, conflict, stale or expired. ``rules`` are those that read it. ``command`` enters
    it by itself, where no command of its step brings it. ``last`` is the last value or grade before, with its
    ``last_period`` and the ``evidence`` for it.
    """

    kind: str
    name: str
    label: str
    period: str
    status: str
    rules: tuple[str, ...]
    command: str = ""
    last: str = ""
    last_period: str = ""
    evidence: str = ""


@record
class WorkStep:
    """A document to read, or grades to give, with the inputs that it brings.

    ``document`` names it; ``on_file`` is the number or the file's name of one that the pack has on file, and
    ``due`` the day by which it was or is due. ``is_waiting``: it is not due yet, and not on file.
    ``commands`` load, confirm or enter several of its inputs at once; a table of figures comes last.
    """

    kind: str
    document: str
    inputs: tuple[OwedInput, ...]
    commands: tuple[str, ...] = ()
    on_file: str = ""
    due: date | None = None
    is_waiting: bool = False


@record
class WorkList:
    """What a rating needs on a day.

    ``quarter`` is the one that it would be on; ``coverage`` the share of the evidence that counts today and
    ``required`` the share from which a thesis is rated. ``restoring`` restores a rating, to a coverage of
    ``restored``, and ``further`` holds everything else that the rules lack. ``is_shortest``: no list with
    fewer documents, figures and grades restores it.
    """

    pack: str
    title: str
    as_of: date
    quarter: Quarter
    is_rated: bool
    coverage: float
    required: float
    restoring: tuple[WorkStep, ...]
    further: tuple[WorkStep, ...]
    restored: float | None = None
    is_shortest: bool = True

    @property
    def steps(self) -> tuple[WorkStep, ...]:
        """Everything to do, what restores a rating first."""
        return (*self.restoring, *self.further)

    @property
    def is_owed(self) -> bool:
        """Whether anything of it can be done today."""
        return any(not step.is_waiting for step in self.steps)


class _Task(NamedTuple):
    """What is done in one go: a document loaded, its registers confirmed, a figure entered, a grade given."""

    source: InputSource
    what: str
    period: str = ""


def work_list(pack: Pack, a: Assessment, documents: Sequence[Document] = (), *, named: str = "") -> WorkList:
    """What a rating needs on the day of an assessment.

    ``documents`` are those on file, ``named`` how commands name the pack; empty: they run in its own folder.
    """
    inputs = rating_inputs(pack, a.as_of, documents)
    finder = SourceFinder(inputs.case, (each.key for each in inputs.lacking), documents)
    found = {each.key: finder.find(each.key) for each in inputs.lacking}
    tasks = {key: _task(key, where) for key, where in found.items()}
    required = fraction(pack.thesis.verdict.rated_from)
    chosen, short = frozenset[_Task](), None
    if not a.verdict.rated:
        chosen, short = _shortest(inputs, tasks, required)
    steps = _Steps(inputs, finder, found, named)
    return WorkList(
        pack=pack.thesis.id,
        title=pack.thesis.title,
        as_of=a.as_of,
        quarter=inputs.case.quarter,
        is_rated=a.verdict.rated,
        coverage=a.verdict.coverage,
        required=required,
        restoring=steps.of([each for each in inputs.lacking if tasks[each.key] in chosen]),
        further=steps.of([each for each in inputs.lacking if tasks[each.key] not in chosen]),
        restored=short.coverage if short else None,
        is_shortest=short.is_shortest if short else True,
    )


def add_work_list(pack: Pack, found: Assessment) -> Assessment:
    """Where nothing can be rated: what a rating needs, whatever documents are on file."""
    return found if found.verdict.rated else replace_fields(found, work=work_list(pack, found))


def _task(key: InputKey, where: FoundInput) -> _Task:
    if where.is_loaded:
        return _Task(where.source, "load")
    if key.kind == REGISTER:
        return _Task(where.source, "confirm", key.period)
    return _Task(where.source, key.name, key.period)


def _shortest(
    inputs: RatingInputs, tasks: Mapping[InputKey, _Task], required: float
) -> tuple[frozenset[_Task], ShortList | None]:
    """The fewest tasks that restore a rating, and what follows; none where all of them do not."""
    listed = list(dict.fromkeys(tasks.values()))
    numbers = {task: i for i, task in enumerate(listed)}
    gains = [
        Gain(need.share, frozenset(numbers[tasks[key]] for key in need.lacks), need.side)
        for need in inputs.needs
    ]
    anchor = InputKey(FIGURE, inputs.case.pack.thesis.quarter, str(inputs.case.quarter))
    always = frozenset({numbers[tasks[anchor]]} if anchor in tasks else ())
    covered = [total_coverage(rules) for rules in coverage_sides(inputs.scored, inputs.case.pack)]
    found = shortest_list(gains, covered, required, always)
    return frozenset(listed[i] for i in found.tasks) if found else frozenset(), found


class _Steps:
    """Writes lacking inputs as steps, one for each document."""

    def __init__(
        self, inputs: RatingInputs, finder: SourceFinder, found: Mapping[InputKey, FoundInput], named: str
    ) -> None:
        self.case = inputs.case
        self.finder = finder
        self.found = found
        self.named = named

    def of(self, lacking: Sequence[LackingInput]) -> tuple[WorkStep, ...]:
        """The steps in which some inputs are dealt with: reports and releases first, then the grades."""
        grouped: dict[InputSource, list[LackingInput]] = {}
        for each in lacking:
            grouped.setdefault(self.found[each.key].source, []).append(each)
        order = sorted(grouped, key=lambda source: (source.kind == GRADES, -len(grouped[source])))
        return tuple(self._step(source, grouped[source]) for source in order)

    def _step(self, source: InputSource, lacking: Sequence[LackingInput]) -> WorkStep:
        document, due = self.finder.on_file(source), self.finder.due(source)
        several = []
        if any(self.found[each.key].is_loaded for each in lacking):
            cik = self.case.pack.entities[source.entity].cik
            several.append(commands.loading(source, document, self.named, is_at_sec=bool(cik)))
        periods = dict.fromkeys(each.key.period for each in lacking if each.key.kind == REGISTER)
        several += [commands.confirming(period, self.named) for period in periods]
        if len([each for each in lacking if self._is_by_hand(each.key)]) > 1:
            several.append(commands.entering_table(document, self.named))
        return WorkStep(
            kind=source.kind,
            document=source.name,
            inputs=tuple(self._input(each, document) for each in lacking),
            commands=tuple(several),
            on_file=document.citation if document else "",
            due=due,
            is_waiting=document is None and due is not None and due >= self.case.as_of,
        )

    def _input(self, each: LackingInput, document: Document | None) -> OwedInput:
        key = each.key
        if key.kind == GRADE:
            return self._grade(each)
        concept, last = self.case.pack.concepts[key.name], self.finder.last_row(key.name)
        return OwedInput(
            kind=key.kind,
            name=key.name,
            label=concept.label,
            period=key.period,
            status=each.status,
            rules=each.rules,
            command=commands.entering(key, document, self.named) if self._is_by_hand(key) else "",
            last=_printed(last.value, concept.unit) if last else "",
            last_period=str(last.period) if last else "",
            evidence=last.provenance.citation if last else "",
        )

    def _is_by_hand(self, key: InputKey) -> bool:
        return key.kind == FIGURE and not self.found[key].is_loaded

    def _grade(self, each: LackingInput) -> OwedInput:
        rubric = self.case.pack.rubrics[each.key.name]
        grades = self.case.grades(rubric.id)
        last = grades[-1] if grades else None
        return OwedInput(
            kind=GRADE,
            name=rubric.id,
            label=rubric.name,
            period=each.key.period,
            status=each.status,
            rules=each.rules,
            command=commands.grading(rubric.id, each.key.period, self.named),
            last=f"{last.level} of {len(rubric.levels) - 1} on {last.graded} by {last.by}" if last else "",
            last_period=last.period if last else "",
            evidence=last.evidence if last else "",
        )


def _printed(value: Interval | str, unit: str) -> str:
    return value if isinstance(value, str) else formatting.value(value, show_of(unit), unit)
