"""Forecasts: dated, sealed, settled by the figures as they first were, and scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from thesis.journal.forecast_outcomes import ForecastOutcome
from thesis.journal.forecast_record import ForecastEntry
from thesis.journal.store import read_journal

WHEN = ("forecast", "--id", "F1", "--when", "repairs_growth >= 15%", "--p", "60%", "--period", "2026Q2")
MAY, JULY, AUGUST = "2026-05-04", "2026-07-29", "2026-08-05"


@pytest.fixture
def may(acme: Any, tmp_path: Path) -> Any:
    """The small pack as it was in May: the figures of 2026Q2 come when ``arrive`` is called."""
    facts = tmp_path / "acme" / "facts" / "ACME.csv"
    whole = facts.read_text(encoding="utf-8")
    head, *rows = whole.splitlines(keepends=True)
    facts.write_text(head + "".join(row for row in rows if row.split(",")[4] <= MAY), encoding="utf-8")
    grades = tmp_path / "acme" / "judgements.yaml"
    text = grades.read_text(encoding="utf-8")
    grades.write_text(
        text.replace("graded: 2026-08-01", "graded: 2026-05-01").replace("period: 2026Q2", "period: 2026Q1")
    )

    def arrive(more: str = "") -> None:
        facts.write_text(whole + more, encoding="utf-8")

    acme.arrive = arrive
    return acme


def _outcome(do: Any, day: str = AUGUST) -> str:
    found: str = do("forecast", "list", day=day).out
    return found


def _restated(filed: str = "2026-08-20") -> str:
    return f"repairs.sales,2026Q2,50000000,USD,{filed},10-Q/A 0000012345-26-000120,reported,\n"


def test_it_settles_on_the_day_its_figures_arrive(may: Any) -> None:
    assert may(*WHEN, day=MAY).code == 0
    assert "open, settled by 2026Q2" in _outcome(may, MAY)
    may.arrive()
    assert "yes on 2026-07-29" in _outcome(may)


def test_a_restatement_later_changes_no_outcome(may: Any) -> None:
    may(*WHEN, day=MAY)
    rows = "anvils.sales,2026Q2,109000000,USD,2026-08-20,10-Q/A 0000012345-26-000120,reported,\n"
    may.arrive(_restated() + rows)
    assert "yes on 2026-07-29" in _outcome(may, "2026-08-25")


def test_made_after_its_filing_it_is_refused(may: Any) -> None:
    may.arrive()
    found = may(*WHEN, day=JULY)
    assert found.code == 3
    assert "--period: the figures of 2026Q2 are public since 2026-07-29; nothing was written" in found.err
    assert _outcome(may).startswith("no forecast is registered")


EARLIER = "sales,2026Q2,159000000,USD,{filed},8-K 0000012345-26-000099,reported,\n"


@pytest.mark.parametrize("made", [JULY, "2026-07-10"])
def test_a_filing_that_was_there_first_annuls_it_and_stops_nothing(made: str, may: Any) -> None:
    """The filing of the same evening, and an earlier one that was only found when the forecast was sealed."""
    may(*WHEN, day=made)
    assert may("review", "sign", day=made).code == 0
    may.arrive(EARLIER.format(filed=made))
    for command in (("check",), ("due",), ("memo",), ("review", "verify"), ("lint",)):
        assert may(*command, day=AUGUST).code in (0, 1), command
    assert "warning[late-forecast]: `F1` was made on" in may("lint", day=AUGUST).err
    assert f"annulled on {made}" in _outcome(may)
    checked = " ".join(may("check", day=AUGUST).out.split())
    assert f"annulled forecast F1, made on {made} when 2026Q2 was public" in checked
    told = may("calibration", "--list", day=AUGUST).out
    assert "0 settled and scored, 0 open, 1 not counted" in told
    assert f"not counted: made on {made}, when its quarter was public" in told
    assert may("review", "sign", day=AUGUST).code == 0


def test_it_settles_when_its_quarter_is_public_by_what_was_known_before(may: Any, tmp_path: Path) -> None:
    """A figure filed before the report settles on the report's day, and waits for no later figure."""
    ask = ("--when", "building >= 1e6", "--p", "60%", "--period", "2026Q2")
    may("forecast", "--id", "F1", *ask, day=MAY)
    may.arrive("building,2026Q2,28000001,USD,2026-08-04,10-Q/A 0000012345-26-000120,reported,\n")
    facts = tmp_path / "acme" / "facts" / "ACME.csv"
    rows = facts.read_text(encoding="utf-8").splitlines(keepends=True)
    early = [row.replace(JULY, "2026-07-20") if row.startswith("building,2026Q2") else row for row in rows]
    facts.write_text("".join(early), encoding="utf-8")
    assert "yes on 2026-07-29" in _outcome(may)


def test_it_counts_only_if_it_was_sealed_before(may: Any) -> None:
    """One that no review held when its figures came is listed with the reason, and not scored."""
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    may(
        "forecast",
        "--id",
        "F2",
        "--when",
        "margin >= 10%",
        "--p",
        "90%",
        "--period",
        "2026Q2",
        day="2026-06-01",
    )
    may.arrive()
    may("review", "sign", day=AUGUST)
    told = may("calibration", "--list", day=AUGUST).out
    assert "1 settled and scored, 0 open, 1 not counted" in told
    assert "F1 (60%) repairs_growth >= 15% in 2026Q2: yes on 2026-07-29; Brier .160" in told
    assert "not counted: sealed on 2026-08-05, when the outcome was known" in told


def test_a_back_test_never_counts(may: Any) -> None:
    may(*WHEN, day=MAY)
    may.arrive()
    may("review", "sign", "--as-of", MAY, day=AUGUST)
    assert "not counted: a back-test" in may("calibration", "--list", day=AUGUST).out


def test_each_kind_is_scored_in_its_own_way(may: Any) -> None:
    """Growth came to 18.4 % and the margin to 15.5 %; the review of the quarter published WATCH."""
    ladder = ("--metric", "repairs_growth", "--level", "15%", "--p", "80%", "--level", "20%", "--p", "40%")
    may("forecast", "--id", "L", *ladder, "--period", "2026Q2", day=MAY)
    quantiles = ("--quantile", "10%", "--quantile", "12%", "--quantile", "14%")
    may("forecast", "--id", "Q", "--metric", "margin", *quantiles, "--period", "2026Q2", day=MAY)
    chances = [word for p in ("5%", "45%", "45%", "5%") for word in ("--p", p)]
    may("forecast", "--id", "V", "--verdict", *chances, "--period", "2026Q2", day=MAY)
    may("review", "sign", day=MAY)
    may.arrive()
    may("review", "sign", day=AUGUST)
    found = json.loads(may("calibration", "--json", day=AUGUST).out)["whole"]
    listed = may("calibration", "--list", day=AUGUST).out.splitlines()
    by_id = {line.split()[0]: line for line in listed if line.startswith(("L ", "Q ", "V "))}
    assert "reached 15% on 2026-07-29; RPS .100" in by_id["L"]  # (.2^2 + .4^2) / 2
    assert "WATCH on 2026-08-05" in by_id["V"]  # (.05^2 + .5^2 + .05^2) / 3
    assert found["rps"]["each"] == pytest.approx([0.1, (0.0025 + 0.25 + 0.0025) / 3])
    assert found["coverage"]["hits"] == 0
    assert found["evidence"]["words"] == "too few: 3 of 40"
    # last time: growth below 15 % scores 1 / 2, and WATCH 0
    ours = 0.1 + (0.0025 + 0.25 + 0.0025) / 3
    assert found["ranked_against_before"]["value"] == pytest.approx(1 - ours / (1 / 2))
    assert found["pinball_against_before"]["margin"]["value"] < 0  # it was nearer than ours


def test_two_who_grade_are_held_against_each_other(may: Any) -> None:
    """Weighted kappa by hand: levels 0 and 1, then 2 and 2; observed 1, by chance (1 + 4 + 4 + 0) / 4 x 2."""
    may.arrive()
    words = ("--evidence", "A letter.", "--source", "letter")
    for period, day, levels in (("2026Q1", "2026-05-02", "01"), ("2026Q2", "2026-08-02", "22")):
        for level, by in zip(levels, ("A. One", "B. Two"), strict=True):
            may("judge", "J1", "--level", level, *words, "--by", by, "--period", period, "--graded", day)
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    found = json.loads(may("calibration", "--json", day=AUGUST).out)["agreements"]
    assert [(each["rubric"], each["n"]) for each in found] == [("J1", 2)]
    a, b = (0, 2), (1, 2)
    observed = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / 2
    chance = sum((x - y) ** 2 for x in a for y in b) / 4
    assert found[0]["kappa"]["value"] == pytest.approx(1 - observed / chance)
    assert "how graders agree, weighted kappa" in may("calibration", day=AUGUST).out


def test_forecasts_of_one_review_on_one_driver_count_as_one(may: Any, tmp_path: Path) -> None:
    """Five dates of nearly one event are one piece of evidence, whatever quarters settle them."""
    for i, period in enumerate(("2026Q2", "2026Q3", "2026Q4")):
        when = ("--when", "repairs_growth >= 15%", "--p", "50%", "--period", period)
        may("forecast", "--id", f"F{i}", *when, day=MAY)
    text = ("--text", "The court rules for us", "--p", "30%", "--period", "2026Q2")
    may("forecast", "--id", "T", *text, day=MAY)
    may("review", "sign", day=MAY)
    (review,) = read_journal(tmp_path / "acme", ".")
    assert (
        len({ForecastEntry(ForecastOutcome(forecast), review).cluster for forecast in review.forecasts}) == 2
    )


def test_skill_is_against_the_base_rate_and_against_last_time(may: Any) -> None:
    """A base rate of a half scores .25; the quarter before it was 14.9 %, so last time's answer scores 1."""
    may(*WHEN, "--base-rate", "50%", "--base-rate-source", "five of ten quarters", day=MAY)
    may("review", "sign", day=MAY)
    may.arrive()
    found = json.loads(may("calibration", "--json", day=AUGUST).out)["whole"]
    assert found["against_base"]["value"] == pytest.approx(1 - 0.16 / 0.25)
    assert found["against_before"]["value"] == pytest.approx(1 - 0.16 / 1.0)


def test_five_that_one_event_settles_count_as_one(may: Any) -> None:
    for i, edge in enumerate((10, 15, 20, 25, 30)):
        when = ("--when", f"repairs_growth >= {edge}%", "--cluster", "growth")
        may("forecast", "--id", f"F{i}", *when, "--p", "50%", "--period", "2026Q2", day=MAY)
    may("review", "sign", day=MAY)
    may.arrive()
    found = may("calibration", day=AUGUST).out
    assert found.startswith("Too few: 1 of 40 independent forecasts: their scores say nothing of skill yet\n")
    assert "Brier" not in found
    asked = may("calibration", "--scores", day=AUGUST).out
    assert asked.startswith(found.splitlines()[0])
    assert "5 forecasts, 1 independent of one another\n  Brier" in asked


def test_what_no_figure_settles_is_settled_by_hand(may: Any) -> None:
    may("forecast", "--id", "F1", "--text", "They rule", "--p", "10%", "--period", "2027Q4", day=MAY)
    may("review", "sign", day=MAY)
    said = ("--evidence", "The court ruled.", "--source", "docket 12")
    assert may("forecast", "resolve", "F1", "--outcome", "perhaps", *said, day="2026-06-01").code == 2
    assert may("forecast", "resolve", "F1", "--outcome", "no", *said, day="2026-06-01").code == 0
    assert "no on 2026-06-01; Brier .010" in may("calibration", "--list", day="2026-06-02").out
    assert may("forecast", "resolve", "F1", "--outcome", "yes", *said, day="2026-06-03").code == 2


def test_nobodys_word_takes_the_place_of_the_figures(may: Any) -> None:
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    may.arrive()
    said = ("--evidence", "I think so.", "--source", "me")
    for outcome in ("no", "annulled"):
        found = may("forecast", "resolve", "F1", "--outcome", outcome, *said, day=AUGUST)
        assert found.code == 2
        assert "`F1` is settled already, by the figures on 2026-07-29: yes" in found.err


def test_a_word_may_not_come_before_the_figures(may: Any) -> None:
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    said = ("--outcome", "no", "--evidence", "I think so.", "--source", "me")
    refused = may("forecast", "resolve", "F1", *said, day="2026-07-01")
    assert refused.code == 3
    assert "`F1` was settled by hand before 2026Q2 was public" in refused.err


def test_a_formula_that_is_edited_settles_nothing_otherwise(may: Any, tmp_path: Path) -> None:
    """The question is the one that was sealed, whatever its words mean by then."""
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    may.arrive()
    path = tmp_path / "acme" / "metrics.yaml"
    text = path.read_text(encoding="utf-8")
    assert "yoy(repairs.sales)" in text
    path.write_text(text.replace("yoy(repairs.sales)", "yoy(repairs.sales) - 10%"), encoding="utf-8")
    assert "yes on 2026-07-29" in _outcome(may)


def test_what_a_review_told_of_an_outcome_stays(may: Any, tmp_path: Path) -> None:
    """An outcome by hand that is edited after a review sealed it moves no score, and is found."""
    text = ("--text", "The court rules for us", "--p", "90%", "--period", "2026Q2")
    may("forecast", "--id", "F1", *text, day=MAY)
    may("review", "sign", day=MAY)
    may.arrive()
    said = ("--outcome", "yes", "--evidence", "It did.", "--source", "docket 12")
    may("forecast", "resolve", "F1", *said, day=JULY)
    may("review", "sign", day=AUGUST)
    path = tmp_path / "acme" / "forecasts.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("outcome: yes", "outcome: no"), encoding="utf-8")
    assert "yes on 2026-07-29; Brier .010" in may("calibration", "--list", day=AUGUST).out
    found = may("review", "verify", day=AUGUST)
    assert found.code == 3
    assert "how `F1` turned out was edited after the review of 2026Q2 told it" in found.err


def test_the_first_review_of_a_quarter_settles_its_verdict(may: Any) -> None:
    """A correction later settles nothing anew."""
    levels = json.loads(may("check", "--json", day=MAY).out)["verdict"]["levels"]
    chances = [word for level in levels for word in ("--p", f"{100 / len(levels):g}%")]
    made = may("forecast", "--id", "V1", "--verdict", *chances, "--period", "2026Q2", day=MAY)
    assert made.code == 0, made.err
    may("review", "sign", day=MAY)
    may.arrive()
    late = may("forecast", "--id", "V2", "--verdict", *chances, "--period", "2026Q2", day=AUGUST)
    assert "a forecast is made before its quarter is filed" in late.err
    may("review", "sign", day=AUGUST)
    first = _outcome(may, AUGUST)
    may("override", "K1", "--answer", "yes", "--reason", "Seen.", "--until", "2026-11-01", day="2026-08-06")
    may("review", "sign", "--supersede", "A word.", day="2026-08-06")
    assert _outcome(may, "2026-08-07") == first
    assert "2026-08-05" in first


def test_a_review_signed_when_the_next_quarter_was_out_is_a_back_test(may: Any) -> None:
    may.arrive()
    signed = may("review", "sign", "--as-of", "2026-07-28", day=AUGUST)
    assert signed.code == 0, signed.err
    assert "BACKTEST" in may("review", "list", day=AUGUST).out


def test_a_back_test_seals_no_forecast_of_a_later_day(may: Any) -> None:
    """It would count in nothing there; the next review seals it."""
    may("forecast", "--id", "F1", "--when", "margin > 1%", "--p", "50%", "--period", "2026Q4", day=MAY)
    may.arrive()
    may("forecast", "--id", "F2", "--when", "margin > 1%", "--p", "50%", "--period", "2026Q4", day=AUGUST)
    first = may("review", "sign", "--as-of", "2026-07-28", day=AUGUST)
    assert "BACKTEST   written in hindsight" in first.out
    assert "with       1 forecast" in first.out
    may("review", "sign", day=AUGUST)
    listed = may("calibration", "--list", day=AUGUST).out
    assert "F1 (50%)" in listed and "not counted: a back-test" in listed
    assert "F2 (50%)" in listed and "open, to be settled by the figures of 2026Q4" in listed


def test_words_that_were_written_down_later_make_a_back_test(may: Any) -> None:
    may.arrive()
    words = ("--score", "0.9", "--reason", "So.", "--until", "2026-12-01", "--since", "2026-08-03")
    assert may("override", "margins", *words, day=AUGUST).code == 0
    may("review", "sign", "--as-of", "2026-08-04", day=AUGUST)
    assert "BACKTEST" in may("review", "list", day=AUGUST).out
    assert "| 2026-08-03, written down 2026-08-05 |" in may("memo", day=AUGUST).out


def test_a_question_without_figures_is_for_people(may: Any) -> None:
    """A text and a probability alone; it is due once its quarter is over and public."""
    text = ("--text", "The court rules for us", "--p", "30%", "--period", "2026Q2")
    assert may("forecast", "--id", "F1", *text, day=MAY).code == 0
    may("review", "sign", day=MAY)
    may.arrive()
    assert "F1 is not settled by the figures: The court rules for us" in may("due", day=AUGUST).out.replace(
        "\n" + " " * 20, " "
    )
    said = ("--evidence", "It did.", "--source", "docket 12")
    assert may("forecast", "resolve", "F1", "--outcome", "yes", *said, day=AUGUST).code == 0
    assert "yes on 2026-08-05; Brier .490" in may("calibration", "--list", day=AUGUST).out


def test_an_update_is_of_the_same_question(may: Any) -> None:
    may(*WHEN, day=MAY)
    other = ("--when", "margin > 1%", "--p", "50%", "--period", "2026Q3", "--supersedes", "F1")
    assert "an update of the same question" in may("forecast", "--id", "F2", *other, day=MAY).err
    same = ("--when", "repairs_growth >= 15%", "--p", "70%", "--period", "2026Q2", "--supersedes", "F1")
    assert may("forecast", "--id", "F2", *same, day="2026-06-01").code == 0
    assert "`F1` is superseded twice" in may("forecast", "--id", "F3", *same, day="2026-06-02").err


def test_a_forecast_edited_after_it_was_sealed_shows_as_such(may: Any, tmp_path: Path) -> None:
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    path = tmp_path / "acme" / "forecasts.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("60%", "95%"), encoding="utf-8")
    told = _outcome(may, MAY)
    assert " 60%  " in told
    assert "EDITED in the file since it was sealed" in told


def test_annulled_forecasts_are_counted_and_told(may: Any) -> None:
    may(*WHEN, day=MAY)
    may("review", "sign", day=MAY)
    said = ("--outcome", "annulled", "--evidence", "The segment was redrawn.", "--source", "10-Q")
    refused = may("forecast", "resolve", "F1", *said, day="2026-06-01")
    assert refused.code == 3
    assert "expected as `because` one of discontinued, restated, redefined, found nothing" in refused.err
    assert may("forecast", "resolve", "F1", *said, "--because", "redefined", day="2026-06-01").code == 0
    told = may("calibration", day="2026-06-02").out
    assert "1 not counted" in told
    assert "1 annulled: more than a tenth of what is settled" in told


BAD = {
    "nothing": ((), "expected one of --when CONDITION"),
    "two kinds": (("--when", "margin > 1%", "--verdict"), "found verdict and binary"),
    "a ladder of nothing": (("--level", "10%", "--p", "50%"), "missing: --metric"),
    "no name": (("--when", "margin > 1%", "--p", "50%", "--id", ""), "missing: --id"),
}


@pytest.mark.parametrize(("words", "said"), BAD.values(), ids=BAD)
def test_a_forecast_without_sense_is_refused(words: tuple[str, ...], said: str, may: Any) -> None:
    found = may("forecast", "--id", "F1", *words, day=MAY)
    assert found.code == 2
    assert said in found.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--when", "margn > 1%", "--p", "50%"), "no concept or metric is called `margn`"),
        (("--when", "margin > 1%", "--p", "1.2"), "expected 0% to 100%, found `1.2`"),
        (("--when", "1 > 0", "--p", "50%"), "expected a condition on some figure, found one that reads none"),
        (
            ("--metric", "margin", "--quantile", "3%", "--quantile", "2%", "--quantile", "5%"),
            "the quantiles cross",
        ),
        (("--when", "margin > 1%", "--p", "50%", "--base-rate", "10%"), "a base rate without a source"),
    ],
)
def test_a_forecast_that_is_wrong_is_told_and_not_written(
    words: tuple[str, ...], said: str, may: Any
) -> None:
    found = may("forecast", "--id", "F1", *words, day=MAY)
    assert found.code == 3
    assert said in found.err
    assert "forecasts.yaml:" not in found.err and "nothing was written" in found.err
    assert _outcome(may, MAY).startswith("no forecast is registered")


def test_a_quarter_that_is_none_is_wrong_usage(may: Any) -> None:
    found = may("forecast", "--id", "F1", "--when", "margin > 1%", "--p", "50%", "--period", "soon", day=MAY)
    assert (found.code, "expected a quarter like 2026Q2, found `soon`" in found.err) == (2, True)
    assert _outcome(may, MAY).startswith("no forecast is registered")


def test_what_people_settle_is_not_said_to_be_settled_by_figures(may: Any) -> None:
    words = ("--text", "The head leaves", "--p", "60%", "--period", "2026Q4")
    found = may("forecast", "--id", "F9", *words, day=MAY)
    assert found.out == "F9: The head leaves; settled by hand, with evidence\n"
    assert "settled by the figures of 2026Q" in may(*WHEN, day=MAY).out


def test_the_same_id_is_taken_once(may: Any) -> None:
    assert may(*WHEN, day=MAY).code == 0
    found = may(*WHEN, "--cluster", "demand", day=MAY)
    assert found.code == 3
    assert "the id `F1` is used twice" in found.err
