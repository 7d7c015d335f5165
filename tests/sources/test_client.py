"""Download: politeness, patience and suspicion, against a server that misbehaves on purpose."""

from __future__ import annotations

import gzip
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from thesis.core.problem import InvalidInput
from thesis.sources.download_session import DownloadSession, RequestLimits, SiteHints
from thesis.sources.edgar import index
from thesis.sources.throttle import LONGEST_ASKED, RequestClock, Throttle, backoff

AGENT = "thesis/0 Jane Doe jane@example.com"
BODY = b"figures " * 2_000
QUICK = RequestLimits(silence=5.0)


class Time:
    """Seconds that pass only while somebody waits, and, if told so, whenever somebody looks."""

    def __init__(self, per_look: float = 0.0) -> None:
        self.at, self.per_look = 1_000.0, per_look
        self.waits: list[float] = []

    def now(self) -> float:
        self.at += self.per_look
        return self.at

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> RequestClock:
        return RequestClock(self.now, lambda: 60.0, self.sleep)

    @property
    def long_waits(self) -> list[float]:
        """Those that are no mere keeping of the pace."""
        return [wait for wait in self.waits if wait > 0.5]


@pytest.fixture
def passing() -> Time:
    return Time()


@pytest.fixture
def session(loopback: Any, passing: Time) -> Iterator[DownloadSession]:
    hints = SiteHints(index.REFUSED, index.REDIRECTED)
    with DownloadSession(AGENT, [loopback.url], passing.clock, QUICK, hints) as session:
        yield session


def body(session: DownloadSession, url: str) -> bytes:
    into = io.BytesIO()
    assert session.get(url, into).status == 200
    return into.getvalue()


def refused(session: DownloadSession, url: str) -> str:
    """The problem and the remedy for which nothing comes."""
    with pytest.raises(InvalidInput) as caught:
        session.get(url, io.BytesIO())
    (problem,) = caught.value.problems
    assert problem.code == "download" and url in problem.message
    return f"{problem.message} = {problem.hint}"


# manners -------------------------------------------------------------------------------------------


def test_who_asks_is_said_with_every_request(loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", BODY)
    assert body(session, f"{loopback.url}/a") == BODY
    (_, headers) = loopback.asked[0]
    assert (headers["user-agent"], headers["accept-encoding"]) == (AGENT, "gzip")


def test_no_second_sees_more_than_ten_requests(
    loopback: Any, session: DownloadSession, passing: Time
) -> None:
    """Redirects count as well."""
    loopback.say("/a", BODY)
    loopback.say("/b", status=301, headers={"Location": "/a"})
    started, at = passing.at, []
    for _ in range(10):
        body(session, f"{loopback.url}/b")
        at.append(passing.at - started)
    assert len(loopback.asked) == 20
    assert at[-1] >= 19 / 10
    assert at[-1] <= 20 / 5  # and it does not dawdle


def test_a_pace_is_even_and_does_not_save_up() -> None:
    passing = Time()
    pace = Throttle(passing.clock, per_second=4)
    pace.wait()
    passing.at += 100
    for _ in range(3):
        pace.wait()
    assert passing.waits == [0.25, 0.25]


def test_waits_grow_and_have_an_end() -> None:
    waits = [backoff(attempt) for attempt in range(1, 12)]
    assert all(0.75 <= wait <= 38 for wait in waits)
    assert waits[4] > waits[2] > waits[0]
    assert len({backoff(5) for _ in range(20)}) > 1


# patience ------------------------------------------------------------------------------------------


def test_too_many_requests_is_waited_out_as_long_as_asked(
    loopback: Any, session: DownloadSession, passing: Time
) -> None:
    loopback.say("/a", b"", loopback.reply(BODY), status=429, headers={"Retry-After": "7"})
    assert body(session, f"{loopback.url}/a") == BODY
    assert passing.long_waits == [7.0]


def test_a_time_to_come_back_may_be_a_date(loopback: Any, session: DownloadSession, passing: Time) -> None:
    later = {"Retry-After": "Thu, 01 Jan 1970 00:01:40 GMT"}
    loopback.say("/a", b"", loopback.reply(BODY), status=503, headers=later)
    assert body(session, f"{loopback.url}/a") == BODY
    assert passing.long_waits == [40.0]


def test_who_is_told_to_wait_for_an_hour_gives_up(
    loopback: Any, session: DownloadSession, passing: Time
) -> None:
    loopback.say("/a", status=429, headers={"Retry-After": "3600"})
    assert LONGEST_ASKED < 3600
    assert "asks to wait 3,600 seconds" in refused(session, f"{loopback.url}/a")
    assert passing.long_waits == []


def test_a_server_that_is_away_twice_is_asked_a_third_time(
    loopback: Any, session: DownloadSession, passing: Time
) -> None:
    away = loopback.reply(b"", 503)
    loopback.say("/a", b"", away, loopback.reply(BODY), status=500)
    assert body(session, f"{loopback.url}/a") == BODY
    assert len(loopback.asked) == 3
    first, second = passing.long_waits
    assert 0.5 < first < 1.5 <= second < 3


def test_a_server_that_stays_away_is_given_up(loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", status=503)
    told = refused(session, f"{loopback.url}/a")
    assert "gave up after 5 attempts: the server answers 503" in told and "is kept" in told
    assert len(loopback.asked) == 5


def test_who_is_late_is_told_without_the_key(loopback: Any, passing: Time) -> None:
    loopback.say("/a?key=a%2Fb", b"x" * 500, pause=0.01)
    limits = QUICK._replace(longest=0.2)
    asked = DownloadSession(AGENT, [loopback.url], passing.clock, limits, secret="a/b")
    with asked as session, pytest.raises(InvalidInput) as late:
        session.get(f"{loopback.url}/a?key=a%2Fb", io.BytesIO())
    (problem,) = late.value.problems
    assert "not all there after" in problem.message and "/a?key=***" in problem.message


def test_nobody_there(loopback: Any, passing: Time) -> None:
    with DownloadSession(AGENT, ["http://127.0.0.1:1"], passing.clock, QUICK) as session:
        assert "the connection failed" in refused(session, "http://127.0.0.1:1/a")
    assert len(passing.long_waits) == 4


CHUNKED = {"Transfer-Encoding": "chunked"}
PACKED = {"Content-Encoding": "gzip"}
CUTS: dict[str, dict[str, Any]] = {
    "shorter than announced": {"body": BODY, "sent": 900},
    "nothing at all": {"body": BODY, "sent": 0},
    "the last chunk is missing": {"body": b"5\r\nhello\r\n", "headers": CHUNKED},
    "gzip without its end": {"body": gzip.compress(BODY)[:-12], "headers": PACKED},
    "gzip that is damaged": {"body": b"\x1f\x8b\x08\x00" + b"\x00" * 6 + b"\xff" * 50, "headers": PACKED},
}


@pytest.mark.parametrize("cut", list(CUTS.values()), ids=list(CUTS))
def test_a_body_that_is_cut_is_asked_for_again(
    cut: dict[str, Any], loopback: Any, session: DownloadSession
) -> None:
    """And what came of it the first time leaves no trace."""
    loopback.replies["/a"] = [loopback.reply(**cut), loopback.reply(b"all of it")]
    assert body(session, f"{loopback.url}/a") == b"all of it"
    loopback.replies["/a"] = [loopback.reply(**cut)]
    assert "gave up after 5 attempts" in refused(session, f"{loopback.url}/a")


def test_gzip_is_unpacked(loopback: Any, session: DownloadSession) -> None:
    big = BODY * 500  # more than is unpacked in one go
    loopback.say("/a", gzip.compress(big), headers=PACKED)
    assert body(session, f"{loopback.url}/a") == big


def test_silence_is_no_answer(loopback: Any, passing: Time) -> None:
    loopback.say("/a", b"x", loopback.reply(BODY), pause=1.0)
    with DownloadSession(AGENT, [loopback.url], passing.clock, RequestLimits(silence=0.1)) as session:
        assert body(session, f"{loopback.url}/a") == BODY
    assert len(loopback.asked) == 2


# suspicion -----------------------------------------------------------------------------------------


def test_a_drip_has_an_end(loopback: Any) -> None:
    """Every byte comes in time, and all of them would take for ever."""
    loopback.say("/a", BODY, pause=0.002)
    with DownloadSession(
        AGENT, [loopback.url], Time(per_look=1.0).clock, RequestLimits(longest=20)
    ) as session:
        assert "not all there after 20 seconds" in refused(session, f"{loopback.url}/a")
    assert len(loopback.asked) == 1


DRIPS = {
    "the line of the status": b"H",
    "headers": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Slow: ",
    "endless headers": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "the body": b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n",
    "a redirect": b"HTTP/1.1 302 Found\r\nLocation: /",
    "an error": b"HTTP/1.1 503 Away\r\nX-Slow: ",
    "nothing but continuing": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 1",
}


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], str]]:
    """``dripping(b"HTTP/1.1 200 OK")``: the address of a server that says so, then a byte now and then."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def serve(said: bytes) -> None:
        while not ended.is_set():
            try:
                talking, _ = listening.accept()
            except OSError:
                return
            with talking, suppress(OSError):
                talking.recv(65536)
                talking.sendall(said)
                while not ended.wait(0.01):
                    talking.sendall(b"a")

    def start(said: bytes) -> str:
        threads.append(threading.Thread(target=serve, args=(said,), daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    ended.set()
    listening.close()


@pytest.mark.parametrize("said", list(DRIPS.values()), ids=list(DRIPS))
def test_no_part_of_an_answer_drips_for_ever(said: bytes, dripping: Callable[[bytes], str]) -> None:
    """A byte comes now and then, so that the server is never silent, whatever it is sending."""
    url = dripping(said)
    clock = RequestClock(time.monotonic, time.time, lambda _: None)
    limits = RequestLimits(silence=5.0, longest=0.4)
    with DownloadSession(AGENT, [url], clock, limits) as session:
        assert "not all there after 0 seconds" in refused(session, f"{url}/a")


def test_a_fetch_has_a_deadline_as_a_whole(loopback: Any) -> None:
    """Each document comes in time, and there is no end of documents."""
    passing = Time()
    loopback.say("/a", BODY)
    with DownloadSession(AGENT, [loopback.url], passing.clock, RequestLimits(whole=600)) as session:
        for _ in range(5):
            assert body(session, f"{loopback.url}/a") == BODY
            passing.at += 110
        passing.at += 60
        told = refused(session, f"{loopback.url}/a")
    assert "the fetch was not done after 10 minutes" in told and "goes on from there" in told
    assert len(loopback.asked) == 5


def test_no_wait_is_longer_than_what_is_left(loopback: Any) -> None:
    passing = Time()
    loopback.say("/a", status=429, headers={"Retry-After": "90"})
    with DownloadSession(AGENT, [loopback.url], passing.clock, RequestLimits(whole=200)) as session:
        assert "not done after 3 minutes" in refused(session, f"{loopback.url}/a")
    assert passing.long_waits == [90.0, 90.0]


def test_a_drip_takes_no_more_than_what_is_left(dripping: Callable[[bytes], str]) -> None:
    url = dripping(DRIPS["headers"])
    clock = RequestClock(time.monotonic, time.time, lambda _: None)
    with DownloadSession(AGENT, [url], clock, RequestLimits(silence=5.0, whole=0.4)) as session:
        assert "the fetch was not done" in refused(session, f"{url}/a")


@pytest.mark.parametrize("packing", ["identity", "gzip"])
def test_a_document_has_a_size_unpacked(packing: str, loopback: Any, passing: Time) -> None:
    sent = gzip.compress(b"\0" * 10_000_000) if packing == "gzip" else b"\0" * 3_000_000
    loopback.say("/a", sent, headers={"Content-Encoding": packing})
    into = io.BytesIO()
    limited = DownloadSession(AGENT, [loopback.url], passing.clock, RequestLimits(most_bytes=2_500_000))
    with limited as session, pytest.raises(InvalidInput) as caught:
        session.get(f"{loopback.url}/a", into)
    assert "larger than 2,500,000 bytes" in caught.value.problems[0].message
    assert len(into.getvalue()) <= 2_500_000


def test_packed_otherwise_than_asked_for(loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", b"?", headers={"Content-Encoding": "br"})
    assert "`br`" in refused(session, f"{loopback.url}/a")


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/a",
        "//evil.example/a",
        "http://127.0.0.1:1/a",  # another port is another server
        "https://127.0.0.1/a",
        "file:///etc/passwd",
        "http://127.0.0.1@evil.example/a",
    ],
)
def test_a_redirect_off_the_site_is_refused(to: str, loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", status=302, headers={"Location": to})
    told = refused(session, f"{loopback.url}/a")
    assert "off the site" in told and to.lstrip("/")[:20].rpartition("//")[2] in told
    assert len(loopback.asked) == 1


def test_never_from_https_to_http(passing: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same host without encryption is another."""

    async def moved(client: httpx.AsyncClient, request: httpx.Request, **_: Any) -> httpx.Response:
        return httpx.Response(301, headers={"Location": "http://www.sec.gov/a"}, request=request)

    monkeypatch.setattr(httpx.AsyncClient, "send", moved)
    with DownloadSession(AGENT, ["https://www.sec.gov"], passing.clock, QUICK) as session:
        assert "redirected to http://www.sec.gov/a" in refused(session, "https://www.sec.gov/a")


def test_a_redirect_within_the_site_is_followed(loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", status=301, headers={"Location": "b/c"})
    loopback.say("/b/c", status=307, headers={"Location": f"{loopback.url}/d"})
    loopback.say("/d", BODY)
    assert body(session, f"{loopback.url}/a") == BODY


@pytest.mark.parametrize("to", ["/b", "", "http://[", "/a"])
def test_a_redirect_that_leads_nowhere(to: str, loopback: Any, session: DownloadSession) -> None:
    """Round in circles, or no address at all."""
    loopback.say("/a", status=302, headers={"Location": to})
    loopback.say("/b", status=302, headers={"Location": "/a"})
    assert "redirect" in refused(session, f"{loopback.url}/a")
    assert len(loopback.asked) <= 6


def test_forbidden_is_explained(loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", b"<html>Undeclared Automated Tool</html>", status=403)
    told = refused(session, f"{loopback.url}/a")
    assert "403" in told and "contact" in told and "too many requests" in told
    assert len(loopback.asked) == 1


@pytest.mark.parametrize("status", [204, 304, 400, 410])
def test_other_answers_are_no_files(status: int, loopback: Any, session: DownloadSession) -> None:
    """Not even 304, where nothing was said of what we have."""
    loopback.say("/a", status=status)
    assert f"answers {status}" in refused(session, f"{loopback.url}/a")


def test_what_is_not_there_and_what_is_not_newer(loopback: Any, session: DownloadSession) -> None:
    loopback.say("/a", status=304)
    assert session.get(f"{loopback.url}/nowhere", io.BytesIO()).status == 404
    assert session.get(f"{loopback.url}/a", io.BytesIO(), {"If-None-Match": '"1"'}).status == 304
    assert loopback.asked[-1][1]["if-none-match"] == '"1"'


def test_a_proxy_is_not_asked_for_this_machine(
    loopback: Any, passing: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    loopback.say("/a", BODY)
    with DownloadSession(AGENT, [loopback.url], passing.clock, QUICK) as session:
        assert body(session, f"{loopback.url}/a") == BODY
