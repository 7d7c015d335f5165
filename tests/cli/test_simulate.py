"""``thesis simulate`` as a person meets it: what it prints, what it refuses, and what it says of itself."""

from __future__ import annotations

import json
import re
import sys
from importlib import util
from pathlib import Path
from typing import Any

import click
import pytest

ACME = Path(__file__).parents[1] / "data" / "acme"
DAY = ("--as-of", "2026-11-22")
FEW = ("--draws", "4000", *DAY)
NUMBER = r"\.\d{3}"
ROW = re.compile(
    rf"^  (\d{{4}}-\d\d-\d\d)\*? +({NUMBER}) ±(\.\d{{4}}) +({NUMBER}) +([\d.]+)T +([\d.]+)T +([\d.]+)T"
    rf" +({NUMBER}) +({NUMBER})$",
    re.MULTILINE,
)


def rows(text: str) -> dict[str, list[float]]:
    """Each date's figures: end, its error, touch, three market values, the walk's end and touch."""
    return {row[0]: [float(each) for each in row[1:]] for row in ROW.findall(text)}


def test_chances_by_date_beside_the_random_walk(run: Any) -> None:
    found = run("simulate", "amzn-4t", *DAY)
    assert (found.code, found.err) == (0, "")
    table = rows(found.out)
    assert list(table) == ["2027-12-31", "2028-12-31", "2029-12-31", "2030-12-31", "2031-12-31"]
    end, error, touch, low, middle, high, walk_end, walk_touch = table["2030-12-31"]
    assert end == pytest.approx(0.438, abs=0.005)  # the multiple has arrived by then, wherever it came from
    assert error < 0.001
    assert touch > end
    assert low < middle < high
    assert middle == pytest.approx(3.78, abs=0.02)
    assert walk_touch > walk_end
    assert "2030-12-31*" in found.out
    assert max(map(len, found.out.splitlines())) <= 100


def test_it_says_what_is_counted_and_whose_beliefs_these_are(run: Any) -> None:
    told = " ".join(run("simulate", "amzn-4t", *FEW).out.split())
    assert "the mean of the last 20 closes" in told
    assert "5 closes in a row" in told
    assert "one person's, written on 22 Nov 2026" in told
    assert "hindsight" not in told
    assert "4,000 draws, seed 20261122" in told


def test_from_an_earlier_day_the_beliefs_are_hindsight(run: Any) -> None:
    assert "hindsight" in run("simulate", "amzn-4t", "--draws", "1000", "--as-of", "2026-10-15").out


def test_every_driver_is_listed_with_its_spread_and_share(run: Any) -> None:
    out = run("simulate", "amzn-4t", *FEW).out
    shares = dict(
        re.findall(r"^  ([a-z_.]+) +(?:normal|lognormal) .* (\d+)% +-?\d+% +-?\d+%$", out, re.MULTILINE)
    )
    assert sum(map(int, shares.values())) == pytest.approx(100, abs=4)
    assert 45 <= int(shares["multiple"]) <= 58
    assert next(iter(shares)) == "multiple"
    assert re.search(r"^  cash_flow +fixed +\$50\.0bn$", out, re.MULTILINE)
    assert re.search(r"^  stakes +lognormal +\$182\.9bn mean +30\.0% a year ", out, re.MULTILINE)


def test_where_the_two_are_far_apart_it_says_why(run: Any) -> None:
    out = run("simulate", "amzn-4t", *DAY).out
    table = rows(out)
    why = " ".join(out[out.index("why") : out.index("driver ")].split())
    for day, (end, _, touch, _, _, _, walk_end, walk_touch) in table.items():
        far = max(abs(end - walk_end), abs(touch - walk_touch))
        assert (day in why) == (far > 0.15)
    assert re.search(r"operating EV/EBIT that travels from \d\d\.\dx to 20\.0x", why)


def test_the_same_bytes_on_any_number_of_threads(run: Any) -> None:
    wanted = ("simulate", "amzn-4t", *DAY, "--draws", "50000", "--json")
    first, *others = (run(*wanted, "--threads", threads) for threads in ("1", "2", "7"))
    assert all(other == first for other in others)
    assert run(*wanted, "--seed", "5").out != first.out


def test_json_has_what_the_table_has_and_more_digits(run: Any) -> None:
    text, found = run("simulate", "amzn-4t", *FEW).out, run("simulate", "amzn-4t", *FEW, "--json")
    told = json.loads(found.out)
    assert told["pack"] == "amzn-4t"
    assert told["event"]["touch"] == 5
    simulated = told["simulated"]
    assert simulated["draws"] == 4000
    for each in simulated["dates"]:
        row = rows(text)[each["day"]]
        assert each["drawn"]["p_end"] == pytest.approx(row[0], abs=0.0006)
        assert each["drawn"]["p_touch"] == pytest.approx(row[2], abs=0.0006)
        assert len(each["drawn"]["percentiles"]) == 5
        assert each["end"]["lo"] <= each["drawn"]["p_end"] <= each["end"]["hi"]
        assert each["touch"]["lo"] <= each["drawn"]["p_touch"] <= each["touch"]["hi"]


def test_a_segments_assumed_margin_reaches_the_chances(run: Any) -> None:
    """Advertising earns 25 to 45%: before the horizon the chances are ranges."""
    dates = json.loads(run("simulate", "amzn-4t", *FEW, "--json").out)["simulated"]["dates"]
    assert dates[0]["touch"]["hi"] - dates[0]["touch"]["lo"] > 0.001
    sure = json.loads(run("simulate", "amzn-4t", *FEW, "--json", "--set", "ads.margin=30%").out)
    assert "ads.margin" in sure["what_if"]


# what if ------------------------------------------------------------------------------------------


def test_a_what_if_is_told_moves_the_chances_and_is_written_nowhere(run: Any, tmp_path: Any) -> None:
    before = rows(run("simulate", "amzn-4t", *FEW).out)
    found = run("simulate", "amzn-4t", *FEW, "--set", "aws.growth=22%", "--set", "multiple=24")
    assert "aws.growth is 22.0% in the middle, not 18.0% as in the pack" in " ".join(found.out.split())
    assert "multiple is 24.0x in the middle, not 20.0x" in " ".join(found.out.split())
    after = rows(found.out)
    assert all(after[day][0] > before[day][0] and after[day][2] > before[day][2] for day in before)
    assert rows(run("simulate", "amzn-4t", *FEW).out) == before
    assert list(tmp_path.iterdir()) == []


def test_a_figure_may_be_set_as_well(run: Any) -> None:
    found = run("simulate", "amzn-4t", *FEW, "--set", "price=200")
    assert "price is $200.00, whatever was filed" in found.out
    assert rows(found.out)["2027-12-31"][2] < rows(run("simulate", "amzn-4t", *FEW).out)["2027-12-31"][2]


def test_a_target_that_is_passed_has_been_touched(run: Any) -> None:
    found = run("simulate", "amzn-4t", *FEW, "--set", "price=500", "--json")
    told = json.loads(found.out)["simulated"]
    assert told["passed"] is True
    assert all(each["drawn"]["p_touch"] == 1.0 > each["drawn"]["p_end"] for each in told["dates"])
    assert "touched for certain" in " ".join(
        run("simulate", "amzn-4t", *FEW, "--set", "price=500").out.split()
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("aws.margin=120%", "expected a margin of 100% at most, found 120%"),
        ("aws.growth=-100%", "expected growth above -100% a year"),
        ("multiple=0", "expected a multiple above 0"),
        ("aws.grwth=10%", "did you mean `aws.growth`?"),
        ("aws.growth=10%..20%", "expected one number"),
        ("aws.growth", "expected NAME=VALUE"),
    ],
)
def test_what_a_driver_cannot_be_is_refused(run: Any, change: str, words: str) -> None:
    found = run("simulate", "amzn-4t", *FEW, "--set", change)
    assert found.code == 2
    assert words in found.err
    assert found.out == ""


def test_all_that_cannot_be_is_told_at_once(run: Any) -> None:
    found = run("simulate", "amzn-4t", *FEW, "--set", "aws.margin=120%", "--set", "ads.growth=-3")
    assert "`aws.margin`" in found.err
    assert "`ads.growth`" in found.err


# where there is no answer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2030-12-31", "the target's day, 2030-12-31, is not after 2030-12-31"),
        ("2019-01-01", "Stakes in Anthropic and OpenAI"),
        ("1999-01-01", "was filed by 1999-01-01"),
    ],
)
def test_without_figures_or_time_left_there_is_no_answer(run: Any, day: str, words: str) -> None:
    found = run("simulate", "amzn-4t", "--as-of", day)
    assert (found.code, found.out) == (4, "")
    assert "nothing to simulate: " in found.err
    assert words in found.err


def test_a_pack_without_beliefs_says_what_to_add(run: Any, folder_pack: Any) -> None:
    found = run("simulate", cwd=folder_pack())
    assert found.code == 3
    assert "[no-valuation]" in found.err
    assert "amzn-4t's is one to start from" in found.err


@pytest.mark.parametrize("command", ["simulate", "value"])
def test_a_pack_with_an_example_of_beliefs_is_told_to_start_from_it(
    run: Any, folder_pack: Any, command: str
) -> None:
    """A skeleton brings an example that fits it better than any other pack's."""
    pack = folder_pack({"valuation.example.yaml": "# what is believed\n"})
    assert "`valuation.example.yaml` is one to fill in" in run(command, cwd=pack).err
    assert "`acme/valuation.example.yaml` is one to fill in" in run(command, "acme").err


@pytest.mark.parametrize(
    "wrong",
    [("--draws", "1"), ("--draws", "100000001"), ("--threads", "0"), ("--threads", "65"), ("--seed", "-1")],
)
def test_options_out_of_range_are_wrong_usage(run: Any, wrong: tuple[str, str]) -> None:
    found = run("simulate", "amzn-4t", *DAY, *wrong)
    assert found.code == 2
    assert wrong[0] in found.err


def test_an_odd_number_of_draws_is_made_even_and_told(run: Any) -> None:
    assert "1,002 draws (they come in pairs)" in run("simulate", "amzn-4t", *DAY, "--draws", "1001").out


def test_without_numpy_it_says_how_to_get_it(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    there = util.find_spec
    monkeypatch.setattr("thesis.cli.extras.find_spec", lambda name: None if name == "numpy" else there(name))
    found = run("simulate", "amzn-4t", *DAY)
    assert (found.code, found.out) == (2, "")
    assert found.err == "Error: simulating needs numpy: pip install 'thesis[simulate]'\n"


def test_a_bar_is_shown_only_to_somebody_who_has_waited(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal and after a while; nothing of it reaches standard output."""
    quick = run("simulate", "amzn-4t", *DAY, "--draws", "100000")
    assert quick.err == ""
    monkeypatch.setattr("thesis.cli.simulate.SOON", 0.0)
    assert run("simulate", "amzn-4t", *DAY, "--draws", "100000").err == ""
    monkeypatch.setattr("thesis.cli.simulate.sys", _Terminal())
    shown = run("simulate", "amzn-4t", *DAY, "--draws", "100000")
    assert shown.out == quick.out
    assert _Terminal.stderr.written.count("drawing")


def test_an_interrupt_ends_it_without_noise(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("thesis.cli.simulate._Bar.show", interrupted)
    found = run("simulate", "amzn-4t", *DAY, "--draws", "200000", "--threads", "2")
    assert (found.code, found.out) == (130, "")
    assert found.err.strip() == "stopped"


def test_numpy_is_not_loaded_on_the_way_to_anything_else(run: Any) -> None:
    assert "simulate" in click.unstyle(run("--help").out)
    import subprocess

    code = "import sys; from thesis.cli.simulate import command; import thesis.pricing.target_odds; "
    ran = subprocess.run([sys.executable, "-c", code + "sys.exit('numpy' in sys.modules)"], check=False)
    assert ran.returncode == 0


class _Stderr:
    """A terminal that remembers."""

    written = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written += text
        return len(text)

    def flush(self) -> None:
        pass


class _Terminal:
    """In place of ``sys``, whose standard error is a terminal."""

    stderr = _Stderr()


# another company -----------------------------------------------------------------------------------

SMITHS = """
written: 2026-10-01
shares: shares
total: {sales: ttm(sales), ebit: ttm(operating_income)}
segments:
  - id: shop
    name: The whole shop
    rest: true
    growth: {central: 5%, low: 2%, high: 8%, distribution: fixed, source: judgement, because: As ever.}
    margin: {central: 20%, low: 15%, high: 25%, SPREAD, source: judgement, because: As ever.}
multiple: {central: 12, low: 8, high: 16, distribution: fixed, source: judgement, because: Of its kind.}
"""


@pytest.fixture
def smiths(folder_pack: Any) -> Any:
    """A small company of one segment, without a random walk beside it: ``smiths("sd: 2%")``."""

    def write(spread: str) -> Any:
        metrics = (ACME / "metrics.yaml").read_text(encoding="utf-8")
        concepts = (
            "concepts:\n  price: {label: Share price, unit: USD/share, kind: daily}\n"
            "  shares: {label: Shares, unit: shares, kind: stock}\n"
        )
        facts = (ACME / "facts/ACME.csv").read_text(encoding="utf-8")
        facts += "price,2026-10-14,75,USD/share,2026-10-14,the exchange,reported,\n"
        facts += "shares,2026Q2,20000000,shares,2026-07-29,letter to owners of July 2026,reported,\n"
        thesis = (ACME / "thesis.yaml").read_text(encoding="utf-8")
        return folder_pack(
            {
                "metrics.yaml": metrics.replace("concepts:\n", concepts, 1),
                "facts/ACME.csv": facts,
                "thesis.yaml": thesis.replace("quarter: sales\n", "quarter: sales\nprice: price\n", 1),
                "valuation.yaml": SMITHS.replace("SPREAD", spread),
            }
        )

    return write


def test_a_small_company_of_one_segment_needs_nothing_else(run: Any, smiths: Any) -> None:
    found = run("simulate", "--as-of", "2026-10-15", cwd=smiths("sd: 2%"))
    assert (found.code, found.err) == (0, "")
    assert "chances of $2.0bn" in found.out
    values = r"([\d.]+)bn +([\d.]+)bn +([\d.]+)bn$"
    row = re.search(rf"2030-12-31\* +({NUMBER}) .* {values}", found.out, re.MULTILINE)
    assert row
    low, middle, high = map(float, row.groups()[1:])
    assert low / middle == pytest.approx(1 - 1.645 / 10, abs=0.01)  # a margin of 20% give or take 2 points
    assert high / middle == pytest.approx(1 + 1.645 / 10, abs=0.01)
    assert re.search(
        r"shop\.margin +normal +20\.0% +2\.0pp +(?:99|100)% +(?:99|100)% +(?:99|100)%", found.out
    )
    assert "random walk" not in found.out


@pytest.mark.parametrize("spread", ["sd: 0%", "distribution: fixed"])
def test_without_spread_the_chance_is_none_or_all(run: Any, smiths: Any, spread: str) -> None:
    folder = smiths(spread)
    for multiple, chance in (("8", ".000"), ("60", "1.000")):
        found = run("simulate", "--as-of", "2026-10-15", "--set", f"multiple={multiple}", cwd=folder)
        assert (found.code, found.err) == (0, "")
        assert re.search(rf"2030-12-31\* +{chance} ±\.0000 +{chance} ", found.out)


def test_a_spread_that_is_wrong_is_told_with_its_place(run: Any, smiths: Any) -> None:
    found = run("simulate", "--as-of", "2026-10-15", cwd=smiths("sd: -2%"))
    assert found.code == 3
    assert re.search(r"valuation\.yaml:\d+:\d+: error", found.err)
    assert "sd of 0 or more" in found.err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("operating_income=-1e6*4", "operating income and market value must be positive"),
    ],
)
def test_figures_from_which_nothing_follows_are_no_answer(
    run: Any, smiths: Any, change: str, words: str
) -> None:
    found = run("simulate", "--as-of", "2026-10-15", "--set", change, cwd=smiths("sd: 2%"))
    assert (found.code, found.out) == (4, "")
    assert words in found.err
    assert "Traceback" not in found.err


def test_a_what_if_below_the_least_value_of_a_line_item_is_refused(run: Any, smiths: Any) -> None:
    found = run("simulate", "--as-of", "2026-10-15", "--set", "sales=0", cwd=smiths("sd: 2%"))
    assert (found.code, found.out) == (2, "")
    assert "--set" in found.err
    assert "sales" in found.err
