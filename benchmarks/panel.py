"""How long twelve metrics take over a panel of companies: ours, polars, DuckDB, and the memory itself.

    python benchmarks/panel.py [--rounds 7] [--quick] [--entities 1000 10000 100000] [--threads 1 2]

Every engine gets the same five series (80 quarters, 3 % of the values missing) and works out the same
twelve metrics; ours carries intervals, so that a score or an answer that hangs on a missing value is
a range and not a gap. Results are first checked equal wherever the value is known, and known in the
same places. Then the engines take turns, round after round in one process, and what is printed are
medians of ratios within a round, for milliseconds drift with the machine. ``memory`` reads every
input and writes every output once and does nothing else: no program can be faster.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from thesis.core.interval import Interval, point
from thesis.language.panel import CELLS, Panel, blocks, evaluate
from thesis.language.syntax import parse
from thesis.scoring.bands import band_score


def installed(name: str) -> Any:
    """A module, or None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


pl, duckdb = installed("polars"), installed("duckdb")

Array = npt.NDArray[Any]
Run = Callable[[], object]

QUARTERS = 80
MISSING = 0.03
GROWTH_BANDS = (0.00, 0.02, 0.05, 0.10, 0.20)
MARGIN_BANDS = (0.05, 0.10, 0.15, 0.20, 0.30)
WEIGHTS = (0.6, 0.4)

METRICS = {"sales": "ttm(revenue)", "profit": "ttm(operating_income)"}
EXPRESSIONS = {
    "growth": "yoy(revenue)",
    "margin": "profit / sales",
    "per_share": "sales / shares",
    "burden": "(ttm(capex) + debt) / sales",
    "usual_margin": "mean(margin, 8)",
    "worst_margin": "min(margin, 4)",
    "run": "streak(growth >= 3%, 8)",
    "held": "growth >= 1% for 4 quarters",
    "often": "margin >= 15% in 3 of last 4 quarters",
}
OUTPUTS = (*EXPRESSIONS, "growth_score", "margin_score", "score")


def series(entities: int, seed: int = 7) -> dict[str, Array]:
    """Five random series of quarters x entities that grow, swing with the season and have gaps."""
    rng = np.random.default_rng(seed)
    shape = (QUARTERS, entities)
    season = 1 + 0.1 * np.sin(np.arange(QUARTERS) * np.pi / 2)[:, None]
    pace = np.cumsum(rng.normal(0.01, 0.015, shape), axis=0)
    revenue = 1e9 * np.exp(pace + rng.normal(0, 1, entities)) * season
    found = {
        "revenue": revenue,
        "operating_income": revenue * rng.normal(0.16, 0.05, shape),
        "capex": revenue * rng.uniform(0.02, 0.2, shape),
        "debt": revenue * rng.uniform(0.0, 4.0, shape),
        "shares": 1e8 * np.exp(np.cumsum(rng.normal(0.0, 0.005, shape), axis=0)),
    }
    for values in found.values():
        values[rng.random(shape) < MISSING] = np.nan
    return found


# ours ------------------------------------------------------------------------------------------


def scored(found: dict[str, Interval]) -> dict[str, Interval]:
    growth, margin = band_score(found["growth"], GROWTH_BANDS), band_score(found["margin"], MARGIN_BANDS)
    score = growth * point(WEIGHTS[0]) + margin * point(WEIGHTS[1])
    return {"growth_score": growth, "margin_score": margin, "score": score}


def program() -> dict[str, Any]:
    nodes = {name: parse(text) for name, text in EXPRESSIONS.items()}
    return {"expressions": nodes, "metrics": {name: parse(text) for name, text in METRICS.items()} | nodes}


def ours(facts: Mapping[str, Any], **options: Any) -> dict[str, Panel]:
    return evaluate(facts=facts, finish=scored, **program(), **options)


def known(panel: Panel) -> Array:
    """The values that are known, NaN elsewhere."""
    lo = np.asarray(panel.lo, np.float64)
    return lo if panel.is_point else np.where(panel.lo == panel.hi, lo, np.nan)


# the memory --------------------------------------------------------------------------------------


def memory_pass(inputs: Sequence[Array], outputs: Sequence[Array], threads: int) -> Run:
    """Copies each input into an output and fills the other outputs, rows shared out over threads."""
    floats = [output for output in outputs if output.dtype != bool]
    rest = [output for output in outputs if output.dtype == bool] + floats[len(inputs) :]
    cuts = np.linspace(0, QUARTERS, threads + 1).astype(int)

    def share(rows: slice) -> None:
        for source, target in zip(inputs, floats, strict=False):
            np.copyto(target[rows], source[rows])
        for target in rest:
            target[rows].fill(0)

    parts = [slice(a, b) for a, b in pairwise(cuts)]
    if threads == 1:
        return lambda: share(parts[0])
    pool = ThreadPoolExecutor(threads)
    return lambda: list(pool.map(share, parts))


# polars ------------------------------------------------------------------------------------------


def polars_run(facts: Mapping[str, Array]) -> tuple[Run, Callable[[], dict[str, Array]]]:
    """Window functions over a long frame, sorted by entity and quarter."""
    entities = facts["revenue"].shape[1]
    frame = pl.DataFrame(
        {
            "e": np.repeat(np.arange(entities, dtype=np.int32), QUARTERS),
            "q": np.tile(np.arange(QUARTERS, dtype=np.int32), entities),
        }
        | {name: values.T.ravel() for name, values in facts.items()}
    ).with_columns(pl.col(list(facts)).fill_nan(None))
    col, when, one = pl.col, pl.when, pl.lit(1, pl.Int8)

    def ttm(name: str) -> Any:
        return col(name).rolling_sum(4, min_samples=4).over("e")

    def amount(condition: Any, name: str) -> Any:
        """How many of the last four quarters have a condition; a gap has none."""
        hits = when(condition).then(one).otherwise(0)
        return hits.cast(pl.Int32).rolling_sum(4, min_samples=1).over("e").alias(name)

    def latest(condition: Any, name: str) -> Any:
        return when(condition).then(col("q")).forward_fill().over("e").fill_null(-1).alias(name)

    def bands(name: str, edges: Sequence[float]) -> Any:
        steps = [((col(name) - a) / (b - a)).clip(0, 1) for a, b in pairwise(edges)]
        return sum(steps[1:], steps[0]) / 4

    before = col("revenue").shift(4).over("e")
    lazy = (
        frame.lazy()
        .with_columns(
            when(before > 0).then(col("revenue") / before - 1).alias("growth"),
            ttm("revenue").alias("sales"),
            ttm("operating_income").alias("profit"),
            ttm("capex").alias("spending"),
        )
        .with_columns(
            when(col("sales") != 0).then(col("profit") / col("sales")).alias("margin"),
            when(col("shares") != 0).then(col("sales") / col("shares")).alias("per_share"),
            when(col("sales") != 0).then((col("spending") + col("debt")) / col("sales")).alias("burden"),
        )
        .with_columns(
            col("margin").rolling_mean(8, min_samples=8).over("e").alias("usual_margin"),
            col("margin").rolling_min(4, min_samples=4).over("e").alias("worst_margin"),
            latest(col("growth") < 0.03, "broken"),
            latest(col("growth").is_null(), "unknown"),
            amount(col("growth") >= 0.01, "held_yes"),
            amount(col("growth") < 0.01, "held_no"),
            amount(col("margin") >= 0.15, "often_yes"),
            amount(col("margin") < 0.15, "often_no"),
            bands("growth", GROWTH_BANDS).alias("growth_score"),
            bands("margin", MARGIN_BANDS).alias("margin_score"),
        )
        .select(
            *("e", "q", "growth", "margin", "per_share", "burden", "usual_margin", "worst_margin"),
            when(col("broken") > col("unknown"))
            .then(pl.min_horizontal(col("q") - col("broken"), pl.lit(8)))
            .when(col("q") - col("unknown") >= 8)
            .then(8)
            .alias("run"),
            when(col("held_yes") == 4).then(True).when(col("held_no") >= 1).then(False).alias("held"),
            when(col("often_yes") >= 3).then(True).when(col("often_no") >= 2).then(False).alias("often"),
            "growth_score",
            "margin_score",
            (col("growth_score") * WEIGHTS[0] + col("margin_score") * WEIGHTS[1]).alias("score"),
        )
    )

    def results() -> dict[str, Array]:
        found = lazy.collect()
        return {name: _grid(found[name].cast(pl.Float64).to_numpy(), entities) for name in OUTPUTS}

    return lazy.collect, results


def _grid(column: Array, entities: int) -> Array:
    return column.reshape(entities, QUARTERS).T


# DuckDB ------------------------------------------------------------------------------------------


def duckdb_run(facts: Mapping[str, Array]) -> tuple[Run, Callable[[], dict[str, Array]]]:
    """Window functions in SQL over a table in memory, the result kept as a table in memory."""
    entities = facts["revenue"].shape[1]
    con = duckdb.connect()
    columns = {name: values.T.ravel() for name, values in facts.items()}
    columns["e"] = np.repeat(np.arange(entities, dtype=np.int32), QUARTERS)
    columns["q"] = np.tile(np.arange(QUARTERS, dtype=np.int32), entities)
    con.register("source", columns)
    gaps = ", ".join(f"case when isnan({name}) then null else {name} end as {name}" for name in facts)
    con.execute(f"create table panel as select e, q, {gaps} from source order by e, q")
    text = f"create or replace table result as {_sql()}"

    def results() -> dict[str, Array]:
        con.execute(text)
        listed = ", ".join(f"cast({name} as double) as {name}" for name in OUTPUTS)
        found = con.execute(f"select {listed} from result order by e, q").fetchnumpy()
        return {name: _grid(np.ma.filled(found[name], np.nan), entities) for name in OUTPUTS}

    return lambda: con.execute(text), results


def _sql() -> str:
    def over(rows: int) -> str:
        return f"over (partition by e order by q rows between {rows - 1} preceding and current row)"

    def full(function: str, name: str, rows: int) -> str:
        return f"case when count({name}) {over(rows)} = {rows} then {function}({name}) {over(rows)} end"

    def bands(name: str, edges: Sequence[float]) -> str:
        steps = [
            f"case when {name} is not null then least(greatest(({name} - {a}) / ({b} - {a}), 0), 1) end"
            for a, b in pairwise(edges)
        ]
        return f"({' + '.join(steps)}) / 4"

    def amount(condition: str) -> str:
        return f"sum(case when {condition} then 1 else 0 end) {over(4)}"

    def latest(condition: str) -> str:
        every = "over (partition by e order by q rows between unbounded preceding and current row)"
        return f"coalesce(max(case when {condition} then q end) {every}, -1)"

    return f"""
    with a as (
      select e, q, debt, shares,
        case when lag(revenue, 4) over (partition by e order by q) > 0
             then revenue / lag(revenue, 4) over (partition by e order by q) - 1 end as growth,
        {full("sum", "revenue", 4)} as sales,
        {full("sum", "operating_income", 4)} as profit,
        {full("sum", "capex", 4)} as spending
      from panel),
    b as (
      select e, q, growth, profit / nullif(sales, 0) as margin, sales / nullif(shares, 0) as per_share,
        (spending + debt) / nullif(sales, 0) as burden
      from a),
    c as (
      select *,
        {full("avg", "margin", 8)} as usual_margin, {full("min", "margin", 4)} as worst_margin,
        {latest("growth < 0.03")} as broken, {latest("growth is null")} as unknown,
        {amount("growth >= 0.01")} as held_yes, {amount("growth < 0.01")} as held_no,
        {amount("margin >= 0.15")} as often_yes, {amount("margin < 0.15")} as often_no,
        {bands("growth", GROWTH_BANDS)} as growth_score, {bands("margin", MARGIN_BANDS)} as margin_score
      from b)
    select e, q, growth, margin, per_share, burden, usual_margin, worst_margin,
      case when broken > unknown then least(q - broken, 8) when q - unknown >= 8 then 8 end as run,
      case when held_yes = 4 then true when held_no >= 1 then false end as held,
      case when often_yes >= 3 then true when often_no >= 2 then false end as often,
      growth_score, margin_score,
      growth_score * {WEIGHTS[0]} + margin_score * {WEIGHTS[1]} as score
    from c"""


# checking and measuring --------------------------------------------------------------------------


def differences(expected: Mapping[str, Array], found: Mapping[str, Array]) -> list[str]:
    """What differs: known elsewhere, or by more than the order of a rolling sum explains."""
    complaints = []
    for name in OUTPUTS:
        a, b = expected[name], found[name]
        if not np.array_equal(np.isnan(a), np.isnan(b)):
            complaints.append(
                f"{name}: known in {(~np.isnan(a)).sum()} places, there in {(~np.isnan(b)).sum()}"
            )
        elif not np.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True):
            complaints.append(f"{name}: off by up to {np.nanmax(np.abs(a - b))}")
    return complaints


def interleaved(runs: Mapping[str, Run], rounds: int) -> dict[str, list[float]]:
    """Seconds of each run in each round; every run once before, unmeasured."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            gc.collect()
            start = time.perf_counter()
            result = run()
            taken = time.perf_counter() - start
            del result
            if number:
                seconds[name].append(taken)
    return seconds


def ratio(seconds: Mapping[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(seconds[one], seconds[other], strict=True))


def compare(entities: int, rounds: int, threads: Sequence[int], block: int) -> dict[str, Any]:
    facts = series(entities)
    whole = ours(facts, block=block)
    expected = {name: known(whole[name]) for name in OUTPUTS}
    outputs = [end for name in OUTPUTS for end in _arrays(whole[name])]
    runs: dict[str, Run] = {}
    for count in threads:
        runs[f"memory, {_threads(count)}"] = memory_pass(list(facts.values()), outputs, count)
        runs[f"ours, {_threads(count)}"] = partial(ours, facts, block=block, threads=count)
    ranged = facts | {"revenue": (facts["revenue"] * 0.995, facts["revenue"] * 1.005)}
    runs["ours, revenue as ranges"] = partial(ours, ranged, block=block)
    checked = {}
    for name, module, make in (("polars", pl, polars_run), ("duckdb", duckdb, duckdb_run)):
        if module is None:
            print(f"{name} is not installed: left out")
            continue
        run, results = make(facts)
        runs[name] = run
        checked[name] = differences(expected, results())
        for complaint in checked[name]:
            print(f"{name} differs: {complaint}")
    if any(checked.values()):
        sys.exit("the engines do not agree; nothing was measured")
    seconds = interleaved(runs, rounds)
    limit = min(
        (f"memory, {_threads(count)}" for count in threads), key=lambda name: statistics.median(seconds[name])
    )
    base = f"ours, {_threads(threads[0])}"
    return {
        "entities": entities,
        "quarters": QUARTERS,
        "metrics": len(OUTPUTS),
        "rounds": rounds,
        "block": block,
        "mebibytes": round(sum(a.nbytes for a in [*facts.values(), *outputs]) / 2**20),
        "known": round(float(np.mean([np.mean(~np.isnan(values)) for values in expected.values()])), 3),
        "equal": sorted(checked),
        "limit": limit,
        "milliseconds": {name: round(1e3 * statistics.median(taken), 1) for name, taken in seconds.items()},
        "x limit": {name: round(ratio(seconds, name, limit), 2) for name in runs},
        "x ours": {name: round(ratio(seconds, name, base), 2) for name in runs},
    }


def _arrays(panel: Panel) -> list[Array]:
    return [panel.lo] if panel.is_point else [panel.lo, panel.hi]


def _threads(count: int) -> str:
    return f"{count} thread{'s' if count > 1 else ''}"


def one_size(entities: int, rounds: int, block: int) -> dict[str, float]:
    """Time per entity, block after block without keeping the results, and what memory that took."""
    facts = series(entities)

    def work() -> float:
        start = time.perf_counter()
        for _ in blocks(facts=facts, finish=scored, block=block, **program()):
            pass
        return time.perf_counter() - start

    taken = [work() for _ in range(rounds)]
    tracemalloc.start()  # after the inputs, and in a round of its own, for it costs time
    work()
    beyond = tracemalloc.get_traced_memory()[1]
    return {
        "entities": entities,
        "microseconds per entity": round(1e6 * statistics.median(taken) / entities, 2),
        "input MiB": round(sum(values.nbytes for values in facts.values()) / 2**20, 1),
        "peak beyond inputs MiB": round(beyond / 2**20, 1),
    }


def grow(sizes: Sequence[int], rounds: int, block: int) -> list[dict[str, float]]:
    """One process for each size, so that the peak of one is not that of another."""
    found = []
    for size in sizes:
        command = [
            sys.executable,
            __file__,
            "--one-size",
            str(size),
            "--rounds",
            str(rounds),
            "--block",
            str(block),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return found


def show(compared: Mapping[str, Any], growth: Sequence[Mapping[str, float]]) -> None:
    print(
        f"{compared['entities']:,} entities x {QUARTERS} quarters x {compared['metrics']} metrics,", end=" "
    )
    print(
        f"{compared['mebibytes']} MiB in and out, {compared['known']:.0%} known, {compared['rounds']} rounds"
    )
    print(f"{'':26}{'ms':>9}{'x memory':>10}{'x ours':>9}")
    for name, value in compared["milliseconds"].items():
        print(f"{name:26}{value:9.1f}{compared['x limit'][name]:10.2f}{compared['x ours'][name]:9.2f}")
    print(f"x memory: of `{compared['limit']}`, the fastest pass")
    if growth:
        print(f"\n{'entities':>10}{'us each':>10}{'inputs MiB':>12}{'beyond MiB':>12}")
        for row in growth:
            print(f"{row['entities']:10,}{row['microseconds per entity']:10.2f}", end="")
            print(f"{row['input MiB']:12.1f}{row['peak beyond inputs MiB']:12.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--entities", type=int, nargs="*", default=[1_000, 10_000, 100_000], help="sizes of the growth"
    )
    parser.add_argument("--compare", type=int, default=10_000, help="entities of the comparison")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--block", type=int, default=CELLS // QUARTERS, help="entities at a time")
    parser.add_argument("--quick", action="store_true", help="1,000 entities, three rounds, no growth")
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_size:
        print(json.dumps(one_size(options.one_size, options.rounds, options.block)))
        return
    if options.quick:
        options.rounds, options.compare, options.entities = 3, 1_000, []
    compared = compare(options.compare, options.rounds, options.threads, options.block)
    growth = grow(options.entities, min(options.rounds, 3), options.block)
    show(compared, growth)
    print(json.dumps({**compared, "growth": growth}))


if __name__ == "__main__":
    main()
