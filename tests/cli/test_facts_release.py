"""``thesis facts release`` as a person meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
RELEASES = ROOT.parent / "shared" / "data" / "raw" / "amzn_release_md"
NUMBER = "0000012345-26-000110"
FILE = "release.md"
SAID = ("--accession", NUMBER, "--filed", "2026-10-28")
RELEASE = """\
(in millions)

| | Q3 2025 | Q2 2026 | Q3 2026 | Y/Y % Change |
|---|---|---|---|---|
| **Anvils** | | | | |
| Net sales (1) | $ 100 | $ 101 | $98 | (2)% |
| **Repairs** | | | | |
| Net sales | — | $ 58 | $ 64 | N/A |
| **Whole** | | | | |
| Net sales | $ 151 | 159 | $162 | 7 % |
"""
INDEX = {
    "cik": "0000012345",
    "filings": {
        "recent": {
            "accessionNumber": [
                "0000012345-26-000099",
                "0000012345-26-000109",
                NUMBER,
                "0000012345-27-000002",
            ],
            "form": ["8-K", "8-K", "8-K", "8-K"],
            "filingDate": ["2026-07-29", "2026-10-20", "2026-10-28", "2027-01-30"],
            "reportDate": ["2026-07-29", "2026-10-20", "2026-10-28", "2027-01-30"],
            "items": ["2.02,9.01", "5.02", "2.02,9.01", "2.02,9.01"],
        }
    },
}
LINES = {
    "sales": "Whole > Net sales",
    "anvils.sales": "Anvils > Net sales",
    "repairs.sales": "Repairs > Net sales",
    "building": "Money spent on shops",
}


@pytest.fixture
def pack(folder_pack: Any, tmp_path: Path) -> Path:
    """The Acme pack with its number and the lines of its releases, and a release beside it."""
    text = (ACME / "metrics.yaml").read_text(encoding="utf-8")
    text = text.replace("{name: Acme Anvils", "{name: Acme Anvils, cik: 12345")
    for name, line in LINES.items():
        assert f"  {name}: {{" in text
        text = text.replace(f"  {name}: {{", f'  {name}: {{release: "{line}", ')
    (tmp_path / FILE).write_text(RELEASE, encoding="utf-8")
    (tmp_path / "index.json").write_text(json.dumps(INDEX), encoding="utf-8")
    folder: Path = folder_pack({"metrics.yaml": text})
    return folder


def facts(pack: Path) -> str:
    return (pack / "facts/ACME.csv").read_text(encoding="utf-8")


def test_a_release_is_taken_over(pack: Path, run: Any) -> None:
    """The new quarter is written with the filing; a dash is no figure, and what is there adds nothing."""
    before = facts(pack).splitlines()
    found = run("facts", "release", FILE, "-p", "acme", *SAID)
    assert (found.code, found.err) == (0, "wrote acme/facts/ACME.csv\n")
    assert found.out.splitlines()[:4] == [
        f"{FILE}: 8-K {NUMBER}, filed 2026-10-28; quarters to 2026Q3, 8 figures, 8 of them asked for",
        "  not in this release: building",
        "  unmapped: 0 figures in 0 lines",
        "new: 3",
    ]
    new = [line for line in facts(pack).splitlines() if line not in before and "2026Q3" in line]
    assert new == [
        f"anvils.sales,2026Q3,98000000,USD,2026-10-28,8-K {NUMBER} (release),reported,",
        f"repairs.sales,2026Q3,64000000,USD,2026-10-28,8-K {NUMBER} (release),reported,",
        f"sales,2026Q3,162000000,USD,2026-10-28,8-K {NUMBER} (release),reported,",
    ]
    assert set(before) <= set(facts(pack).splitlines())
    assert run("lint", "acme").code == 0
    assert "2026Q3" in run("memo", "acme").out


def test_taking_it_over_twice_adds_nothing(pack: Path, run: Any) -> None:
    run("facts", "release", FILE, "-p", "acme", *SAID)
    before = facts(pack)
    again = run("facts", "release", FILE, "-p", "acme", *SAID)
    assert (again.code, again.err, facts(pack)) == (0, "", before)
    assert again.out.splitlines()[-1] == "unchanged: 8"


def test_a_dry_run_writes_nothing(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run(
        "facts", "release", FILE, "-p", "acme", *SAID, "--dry-run", "--verbose", "--without", "repairs.sales"
    )
    assert (found.code, facts(pack)) == (0, before)
    assert f"  sales 2026Q3  162000000  8-K {NUMBER} (release), 2026-10-28; reported\n" in found.out
    assert "        2x Repairs > Net sales\n" in found.out
    assert found.out.endswith("nothing was written: a dry run\n")


def test_only_what_is_wanted(pack: Path, run: Any) -> None:
    found = run("facts", "release", FILE, "-p", "acme", *SAID, "--only", "anvils.sales", "--dry-run")
    assert "8 figures, 3 of them asked for" in found.out
    assert "not in this release" not in found.out


def test_the_list_of_filings_gives_number_and_day(pack: Path, run: Any, tmp_path: Path) -> None:
    """The 8-K on results within the next quarter; or the one that the file is saved under."""
    found = run("facts", "release", FILE, "-p", "acme", "--index", "index.json", "--dry-run")
    assert f"8-K {NUMBER}, filed 2026-10-28" in found.out
    other = "0000012345-26-000109"
    shutil.copy(tmp_path / FILE, tmp_path / f"{other}.md")
    named = run("facts", "release", f"{other}.md", "-p", "acme", "--index", "index.json", "--dry-run")
    assert f"8-K {other}, filed 2026-10-20" in named.out


def test_of_two_releases_neither_is_guessed(pack: Path, run: Any, tmp_path: Path) -> None:
    recent = INDEX["filings"]["recent"] | {"items": ["2.02", "2.02", "2.02", "2.02"]}  # type: ignore[index]
    (tmp_path / "index.json").write_text(
        json.dumps({"cik": "12345", "filings": {"recent": recent}}), encoding="utf-8"
    )
    found = run("facts", "release", FILE, "-p", "acme", "--index", "index.json")
    assert found.code == 3 and found.err.count("error[unknown-filing]") == 2
    told = run(
        "facts", "release", FILE, "-p", "acme", "--index", "index.json", "--filed", "2026-10-28", "--dry-run"
    )
    assert f"8-K {NUMBER}, filed 2026-10-28" in told.out


def test_without_a_day_it_is_refused(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run("facts", "release", FILE, "-p", "acme", "--accession", NUMBER)
    assert found.code == 3 and "error[unknown-filing]" in found.err and "--filed" in found.err
    assert facts(pack) == before


def test_what_breaks_an_identity_is_not_written(pack: Path, run: Any, tmp_path: Path) -> None:
    before = facts(pack)
    (tmp_path / FILE).write_text(RELEASE.replace("$162", "$182"), encoding="utf-8")
    found = run("facts", "release", FILE, "-p", "acme", *SAID)
    assert found.code == 3 and "`lines` does not tie in 2026Q3" in found.err
    assert found.err.endswith("nothing was written\n")
    assert facts(pack) == before


def test_a_restatement_says_by_how_much(pack: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(RELEASE.replace("| 159 |", "| 157 |"), encoding="utf-8")
    found = run("facts", "release", FILE, "-p", "acme", *SAID, "--only", "sales")
    assert "restated: 1\n  sales 2026Q2  159000000 -> 157000000 (-1.26%)  8-K " in found.out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RELEASE.replace("(in millions)", ""), "no-scale"),
        (RELEASE.replace("Q3 2026", "Q4 2026"), "bad-date"),
        (RELEASE.replace("Q3 2026", "Q3 2099"), "bad-date"),
        ("no table\n", "not-a-release"),
        ("\0", "not-a-release"),
        (None, "missing-file"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(
    text: str | None, code: str, pack: Path, run: Any, tmp_path: Path
) -> None:
    before = facts(pack)
    (tmp_path / FILE).unlink()
    if text is not None:
        (tmp_path / FILE).write_text(text, encoding="utf-8")
    found = run("facts", "release", FILE, "-p", "acme", *SAID)
    assert found.code == 3, found.out
    assert f"[{code}]" in found.err and "Traceback" not in found.err
    assert facts(pack) == before


def test_a_line_that_is_said_twice_leaves_the_other_lines(pack: Path, run: Any, tmp_path: Path) -> None:
    before = facts(pack)
    (tmp_path / FILE).write_text(RELEASE.replace("**Repairs**", "**Anvils**"), encoding="utf-8")
    found = run("facts", "release", FILE, "-p", "acme", *SAID)
    assert found.code == 3 and "[stated-twice]" in found.err
    assert "not written: what is told above of `anvils.sales` in 8-K" in found.err
    new = set(facts(pack).splitlines()) - set(before.splitlines())
    assert any(line.startswith("sales,2026Q3,162000000,") for line in new)
    assert not any(line.startswith("anvils.sales,") for line in new)


def test_a_problem_shows_the_line_of_the_release(pack: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(RELEASE.replace("**Repairs**", "**Anvils**"), encoding="utf-8")
    found = run("facts", "release", FILE, "-p", "acme", *SAID)
    assert "release.md:8:1: error[stated-twice]" in found.err
    assert "8 | | Net sales | — | $ 58 | $ 64 | N/A |" in found.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "FILE"),
        ((FILE, "--entity", "ACMEE"), "did you mean `ACME`?"),
        ((FILE, "--only", "sale"), "did you mean `sales`?"),
        ((FILE, "--accession", "12"), "a number like"),
        ((FILE, "--filed", "soon"), "expected a date"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str, pack: Path, run: Any) -> None:
    found = run("facts", "release", *arguments, "-p", "acme")
    assert (found.code, found.out) == (2, "")
    assert told in found.err


def test_a_bundled_pack_is_not_written_into(run: Any, pack: Path) -> None:
    found = run("facts", "release", FILE, "-p", "amzn-4t", *SAID)
    assert found.code == 3 and "comes with the program" in found.err


@pytest.mark.parametrize(
    ("name", "number", "day", "new"),
    [
        ("amazon-2025-08-8k-excerpts-parsed-text.md", "0001018724-25-000084", "2025-07-31", 17),
        ("AMZN-Q3-2025-Earnings-Release.md", "0001018724-25-000121", "2025-10-30", 17),
        ("amzn_Q4_2025_release_apresai_amzn.md", "0001018724-26-000002", "2026-02-05", 3),
    ],
)
def test_a_real_release_changes_nothing_that_was_known(
    name: str, number: str, day: str, new: int, run: Any
) -> None:
    """New is only what the report of the day after says again, filed a day later."""
    if not (RELEASES / name).exists():
        pytest.skip("the releases are not here")
    amazon = str(ROOT / "rules" / "amzn-4t")
    found = run(
        "facts", "release", str(RELEASES / name), "--accession", number, "--filed", day, "-p", amazon,
        "--without", "aws.growth_without_fx", "--dry-run",
    )  # fmt: skip
    assert found.code == 0, found.err
    assert f"\nnew: {new}\nunchanged: " in found.out
    assert "restated" not in found.out and "conflicting" not in found.out


def test_what_was_read_is_on_file(
    pack: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under any name, once; not of a dry run, and not without a cache folder."""
    arguments = ("facts", "release", FILE, *SAID, "-p", "acme")
    assert run(*arguments).code == 0
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    assert run(*arguments, "--dry-run").code == 0
    assert not (pack / "documents.csv").exists()
    found = run(*arguments)
    assert (found.code, f"put on file in acme/documents.csv: {FILE}\n" in found.out) == (0, True)
    (tmp_path / "again.md").write_text(RELEASE, encoding="utf-8")
    again = run("facts", "release", "again.md", *SAID, "-p", "acme")
    assert again.code == 0 and "put on file" not in again.out
    (row,) = json.loads(run("documents", "list", "acme", "--json").out)
    assert [row[name] for name in ("entity", "form", "accession", "filed", "period", "origin", "state")] == [
        "ACME", "8-K", NUMBER, "2026-10-28", "2026Q3", FILE, "here",
    ]  # fmt: skip
