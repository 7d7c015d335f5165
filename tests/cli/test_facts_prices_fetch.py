"""``thesis facts prices fetch`` as a person meets it, against a server on this machine that has closes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from thesis.facts.fact_file import read_rows

ROOT = Path(__file__).parents[2]
CLOSES = b"Date,Close,Adj Close\n2026-09-29,40.10,40\n2026-09-30,41.20,41\n2026-10-14,42.30,42\n"
KEY = "secret/key"


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    passing = SimpleNamespace(monotonic=lambda: 0.0, time=lambda: 0.0, sleep=lambda _: None)
    monkeypatch.setattr("thesis.cli.facts_prices_fetch.time", passing)


@pytest.fixture
def site(loopback: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The server, named in the settings."""
    settings = tmp_path / "config.toml"
    settings.write_text(
        f'[prices]\nurl = "{loopback.url}/d/{{symbol}}.csv?from={{since}}&key={{key}}"\n'
        '[prices.symbols]\nACME = "acme.us"\n'
    )
    monkeypatch.setenv("THESIS_CONFIG", str(settings))
    monkeypatch.setenv("THESIS_PRICES_KEY", KEY)
    monkeypatch.setenv("THESIS_TODAY", "2026-10-15")
    return loopback


@pytest.fixture
def pack(folder_pack: Any) -> Path:
    text = (ROOT / "tests" / "data" / "acme" / "metrics.yaml").read_text(encoding="utf-8")
    price = "concepts:\n  price: {label: Price, unit: USD/share, kind: daily, above: 0}\n"
    folder: Path = folder_pack({"metrics.yaml": text.replace("concepts:\n", price)})
    return folder


def prices(pack: Path) -> dict[str, tuple[str, str]]:
    rows = read_rows((pack / "facts" / "ACME.csv").read_text(encoding="utf-8"), "f")
    return {row.period: (row.value, row.source) for row in rows if row.concept == "price"}


ALL = "/d/acme.us.csv?from=1990-01-01&key=secret%2Fkey"


def test_closes_are_taken_over_and_next_time_what_is_newer(site: Any, pack: Path, run: Any) -> None:
    site.say(ALL, CLOSES)
    done = run("facts", "prices", "fetch", "-p", str(pack))
    assert done.code == 0, done.err
    source = "daily closes of acme.us, 127.0.0.1"
    assert prices(pack) == {"2026-09-30": ("41.2", source), "2026-10-14": ("42.3", source)}
    site.say(ALL.replace("1990-01-01", "2026-10-14"), CLOSES + b"2026-10-15,43,42\n")
    again = run("facts", "prices", "fetch", "-p", str(pack))
    assert again.code == 0 and list(prices(pack)) == ["2026-09-30", "2026-10-14", "2026-10-15"]


def test_the_key_is_shown_nowhere(site: Any, pack: Path, run: Any) -> None:
    """Neither in rows nor in messages about answers that repeat it, are refused, moved or not there."""
    said = []
    for reply in (
        site.reply(CLOSES),
        site.reply(b"", 403),
        site.reply(b"", 500),
        site.reply(b"", 404),
        site.reply(b"", 302, {"Location": "http://127.0.0.2/x?key=secret%2Fkey"}),
        site.reply(b"", 302, {"Location": "http://127.0.0.2/x?key=secret%2fkey"}),
        site.reply(b"", 302, {"Location": "http://127.0.0.2/x?key=secret/key"}),
        site.reply(b"", 302, {"Location": "/d/acme.us.csv?from=1990-01-01&key=%73ecret/key" + "x" * 400}),
        site.reply(b"x", headers={"Content-Encoding": "secret/key"}),
        site.reply(b'{"Information": "the key secret\\/key has been used too often"}'),
        site.reply(b" " * 190 + b"the key secret/key has been used too often"),
        site.reply(b"Date,Close\n2026-09-30,secret/key\n"),
        site.reply(b"Date,Close\n2026-09-30,41.20\n2026-10-14," + b"9" * 34 + b"secret%2fkey\n"),
    ):
        site.replies[ALL] = [reply]
        done = run("facts", "prices", "fetch", "-p", str(pack), "--since", "1990-01-01")
        assert "Traceback" not in done.err
        said += [done.out, done.err, str(prices(pack))]
    assert all("secre" not in text for text in said)
    assert any("the key *** has been used" in text for text in said)
    assert any("403" in text for text in said) and any("127.0.0.2" in text for text in said)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"Date,Close\n2026-09-29,40.12345\n2026-09-30,41.23456\n", "dividend-adjusted"),
        (b"Date,Adj Close\n2026-09-30,41.20\n", "none of them holds the close as it was traded"),
        (b"<html>Too many requests today</html>", "it begins `<html>Too many requests"),
        (b"Date,Close\n2026-09-29,40\n2026-09-30,4\n", "unadjusted"),
        (b"", "no table of prices"),
    ],
)
def test_what_is_no_price_is_refused_and_nothing_is_written(
    body: bytes, told: str, site: Any, pack: Path, run: Any
) -> None:
    site.say(ALL, body)
    before = (pack / "facts" / "ACME.csv").read_bytes()
    done = run("facts", "prices", "fetch", "-p", str(pack))
    assert done.code == 3 and told in done.err
    assert (pack / "facts" / "ACME.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "no site is set"),
        ("https://prices.example/all.csv", "no place for the share"),
        ("https://prices.example/{symbl}.csv", "did you mean `symbol`?"),
        ("http://prices.example/{symbol}.csv", "begins with https://"),
        ("https://{symbol}.example/", "cannot have a place"),
        ("https://jane@prices.example/{symbol}", "expected an address"),
        ("prices.example/{symbol}", "expected an address"),
        ("https://prices.example/{symbol}?key={key}", "THESIS_PRICES_KEY is not set"),
        ("https://999.1.1.1/{symbol}", "error[download]: `https://999.1.1.1`: cannot be asked"),
    ],
)
def test_an_address_that_cannot_be_asked_is_told(
    url: str, told: str, pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("THESIS_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("THESIS_PRICES_URL", url)
    done = run("facts", "prices", "fetch", "-p", str(pack))
    assert done.code == 3 and told in done.err and "Traceback" not in done.err


def test_an_entity_without_a_price_is_told(site: Any, pack: Path, run: Any, folder_pack: Any) -> None:
    done = run("facts", "prices", "fetch", "-p", str(folder_pack({}, "plain")))
    assert done.code == 3 and "reads no price of ACME" in done.err
    done = run("facts", "prices", "fetch", "-p", str(pack), "--entity", "ACNE")
    assert done.code == 2 and "did you mean `ACME`?" in done.err
    assert site.asked == []
