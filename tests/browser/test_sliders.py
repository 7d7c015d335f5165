"""The sliders of the HTML memo: what the page reckons is what the program reckons, to the printed digit."""

from __future__ import annotations

import random
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from thesis.memo.html import render_html_memo
from thesis.narrative.key_assumption_text import lever_value, middle_outcome
from thesis.pack.assumptions import single_number
from thesis.scoring.assessment import Assessment

pytestmark = pytest.mark.slow

DAY = "2026-10-15"
TRIES = 250

MOVE = """(places) => {
  for (const [driver, place] of Object.entries(places)) {
    const input = document.getElementById("s-" + driver);
    input.value = place;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  }
  const told = {};
  for (const input of document.querySelectorAll("#sliders input"))
    told[input.dataset.driver] = [input.value + input.dataset.unit, input.previousElementSibling.textContent];
  return [document.getElementById("outcome").textContent, document.getElementById("same").textContent, told];
}"""


def sliders(page: Any) -> dict[str, tuple[float, float, float]]:
    """Each slider's least and most place and its step."""
    found = page.locator("#sliders input").evaluate_all(
        "(inputs) => inputs.map((input) => [input.dataset.driver, input.min, input.max, input.step])"
    )
    return {driver: (float(low), float(high), float(step)) for driver, low, high, step in found}


def places(chance: random.Random, found: dict[str, tuple[float, float, float]]) -> dict[str, str]:
    """Some of the sliders somewhere, now and then at an end."""
    chosen = chance.sample(sorted(found), chance.randint(1, len(found)))
    somewhere = {}
    for driver in chosen:
        low, high, step = found[driver]
        steps = round((high - low) / step)
        k = chance.choice([0, steps, *(chance.randint(0, steps) for _ in range(6))])
        somewhere[driver] = f"{low + k * step:.6f}"
    return somewhere


@pytest.fixture
def window(assessed: Any, opened: Any, tmp_path: Path) -> Any:
    """``window(assessment)``: its memo, opened."""

    def call(found: Assessment) -> Any:
        (tmp_path / "memo.html").write_text(render_html_memo(found), encoding="utf-8")
        return opened(tmp_path / "memo.html")

    return call


def agrees(page: Any, told: list[Any], found: Assessment) -> None:
    """The sentence is the program's own, and so is each belief as it is printed."""
    outcome, _, shown = told
    program = middle_outcome(found.appraisal)
    assert outcome == re.sub(r"^With .+? (?=the market value comes)", "With these beliefs ", program) + "."
    for lever in found.appraisal.levers:
        unit = found.appraisal.start.market_cap.unit
        assert shown[lever.name][1] == lever_value(lever, lever.central, unit)


@pytest.mark.parametrize("pack", ["amzn-4t", "acme"])
def test_what_the_page_reckons_is_what_the_program_reckons(
    pack: str, assessed: Any, window: Any, priced: Any
) -> None:
    """Hundreds of places of some or all sliders, each compared with the appraisal of those beliefs."""
    folder = priced() if pack == "acme" else None
    page = window(assessed(DAY, folder)).page
    found, chance = sliders(page), random.Random(20261122)
    assert len(found) == (9 if pack == "amzn-4t" else 7)
    told_of = set()
    for _ in range(TRIES):
        page.locator("#as-written").click()
        moved = places(chance, found)
        told = page.evaluate(MOVE, moved)
        beliefs = {driver: single_number(told[2][driver][0]) for driver in moved}
        agrees(page, told, assessed(DAY, folder, beliefs=beliefs))
        told_of.add(told[0])
    assert len(told_of) > TRIES / 2


def test_the_command_beside_them_gives_the_same_answer(assessed: Any, window: Any, run: Any) -> None:
    """What the page says to type is what `thesis value` answers, word for word."""
    page = window(assessed(DAY)).page
    found, chance = sliders(page), random.Random(7)
    for _ in range(12):
        page.locator("#as-written").click()
        outcome, command, _ = page.evaluate(MOVE, places(chance, found))
        program, *arguments = shlex.split(command)
        assert program == "thesis"
        answer = run(*arguments, "--only", "levers")
        assert answer.code == 0
        printed = " ".join(answer.out.split())
        amount, distance = re.fullmatch(
            r"With these beliefs the market value comes to (\S+) on 31 Dec 2030, (.*)\.", outcome
        ).groups()  # type: ignore[union-attr]
        assert f"the market value comes to {amount} on 31 Dec 2030, {distance}." in printed


def test_a_memo_of_a_what_if_starts_from_it(assessed: Any, window: Any, run: Any) -> None:
    """Supposed figures and beliefs stay in the command, and in what the page reckons from."""
    found = assessed(DAY, given={"price": 300.0, "aws.net_sales": 44e9}, beliefs={"aws.growth": 0.2237})
    page = window(found).page
    assert page.locator("#outcome").inner_text() == f"{middle_outcome(found.appraisal)}."
    _, command, told = page.evaluate(MOVE, {"multiple": "21.5"})
    assert told["aws.growth"][1] == "22.4%"
    assert command.startswith("thesis value amzn-4t --as-of 2026-10-15 --set price=300.0")
    again = assessed(
        DAY, given={"price": 300.0, "aws.net_sales": 44e9}, beliefs={"aws.growth": 0.2237, "multiple": 21.5}
    )
    agrees(page, page.evaluate(MOVE, {"multiple": "21.5"}), again)
    answer = run(*shlex.split(command)[1:], "--only", "levers")
    assert answer.code == 0
    assert middle_outcome(again.appraisal).partition(" comes to ")[2] in " ".join(answer.out.split())


def test_back_to_the_middle_is_the_memo_as_written(assessed: Any, window: Any) -> None:
    found = assessed(DAY)
    page = window(found).page
    page.evaluate(MOVE, {"multiple": "30", "aws.growth": "5"})
    page.locator("#as-written").click()
    assert page.locator("#outcome").inner_text() == f"{middle_outcome(found.appraisal)}."
    assert page.locator("#same").inner_text() == "thesis value amzn-4t --as-of 2026-10-15"
    assert page.locator("[id='s-multiple']").input_value() == "20"


def test_they_move_by_keyboard_and_say_where_they_are(assessed: Any, window: Any) -> None:
    page = window(assessed(DAY)).page
    slider = page.get_by_role("slider", name="AWS growth")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "18.1%"
    assert page.locator("#same").inner_text().endswith("--set aws.growth=18.1%")


def test_without_script_nothing_is_shown_that_would_not_work(
    assessed: Any, opened: Any, tmp_path: Path
) -> None:
    (tmp_path / "memo.html").write_text(render_html_memo(assessed(DAY)), encoding="utf-8")
    page = opened(tmp_path / "memo.html", script=False).page
    assert not page.locator("#sliders").is_visible()
