"""A check that nothing filed, graded or written after the as-of day affects an assessment."""

from __future__ import annotations

from collections.abc import Iterator

from thesis.journal.review_file import assessment_digest
from thesis.pack.load import Pack
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment


def lookahead_violations(pack: Pack, found: Assessment) -> None:
    """Assess once more with everything from after the day left out, and hold the two together.

    Errors: ``AssertionError`` where they differ, which is a mistake of the program's own.
    """
    late = [*_later_facts(found), *_later_grades(found)]
    assert not late, f"seen from {found.as_of}, something later had a say: {late[0]}"
    blind = pack.known_by(found.as_of)
    assert assessment_digest(assess(blind, found.as_of)) == assessment_digest(found), "later rows had a say"


def _later_facts(a: Assessment) -> Iterator[str]:
    evidence = [e for f in a.findings for leaf in f.leaves() for e in leaf.window]
    evidence += [e for f in a.findings for e in (*f.answer_evidence, *f.lift_evidence)]
    evidence += [e for k in a.kill for e in k.evidence]
    for each in evidence:
        for part in each.walk():
            for fact in part.facts:
                if fact.filed > a.as_of:
                    yield f"{fact.file}:{fact.line}, filed {fact.filed}"


def _later_grades(a: Assessment) -> Iterator[str]:
    grades = [grade for f in a.findings for leaf in f.leaves() for grade in leaf.grades]
    grades += [grade for k in a.kill for grade in k.grades]
    for grade in grades:
        if grade.graded > str(a.as_of):
            yield f"{grade.rubric}, graded {grade.graded}"
