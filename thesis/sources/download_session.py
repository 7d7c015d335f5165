"""An HTTP session with the SEC, a mirror of it, or a site with prices, that keeps to its limits.

It names who asks, keeps to a pace, waits when told to, tries again what may pass, and takes nothing for a
document that is cut short, endless, or from somewhere else. The pace is that of the SEC's rules:
https://www.sec.gov/os/accessing-edgar-data.

A request has a deadline as a whole, from looking up the host to the last byte, and so has everything that a
session asks for. A limit of silence does not suffice: a server that sends a byte of its headers now and then
is never silent. So each request is a task that is cancelled when its time is up, wherever it stands.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import zlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import IO, TYPE_CHECKING, NamedTuple, Self, TypeVar

import httpx
import tenacity

from thesis.core.problem import FileProblems, InvalidInput
from thesis.sources.throttle import LONGEST_ASKED, RequestClock, Throttle, backoff, retry_after

if TYPE_CHECKING:
    from types import TracebackType

OK, NOT_MODIFIED, FORBIDDEN, NOT_FOUND = 200, 304, 403, 404
REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (429, 500, 502, 503, 504)  # what may be otherwise in a moment
MOST_REDIRECTS = 5

Origin = tuple[str, str, int | None]


T = TypeVar("T")


def _apart(work: Callable[[], T]) -> T:
    """Do what runs a loop; in a thread of its own where this thread has one running, as a notebook's does."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(work).result()


class RequestLimits(NamedTuple):
    """How much of anything: bytes after unpacking, attempts, and seconds.

    ``longest`` are the seconds of a request with its redirects, ``silence`` those without a byte, ``whole``
    those of everything that a session asks for, with all waits.
    """

    most_bytes: int = 200_000_000
    longest: float = 120.0
    silence: float = 30.0
    attempts: int = 5
    whole: float = 3600.0


class ServerAnswer(NamedTuple):
    """What became of a request: 200 with the body in the file, 304 or 404 without.

    The names of ``headers`` are in small letters.
    """

    status: int
    headers: Mapping[str, str]


class SiteHints(NamedTuple):
    """What a user can do about answers of a site: one that is refused (403), one that leads elsewhere."""

    refused: str = "the site wants a key or an account, or has been asked too often"
    redirected: str = "redirects are followed within the same host only"


HIDDEN = "***"


def hidden(text: str, secret: str) -> str:
    """A text without a key: as it is, or with any of its characters percent-encoded, in either case.

    >>> hidden("?key=a/b&key=a%2Fb&key=a%2fb", "a/b")
    '?key=***&key=***&key=***'
    """
    return hidden_bytes(text.encode(errors="surrogatepass"), secret).decode(errors="surrogatepass")


def hidden_bytes(data: bytes, secret: str) -> bytes:
    """The same of a body in UTF-8 or a form like it, where a key may also have a backslash before a sign."""
    if not secret:
        return data
    each = (rb"(?:\\?%s|(?i:%%%02x))" % (re.escape(bytes([code])), code) for code in secret.encode())
    return re.sub(b"".join(each), HIDDEN.encode(), data)


class RetryLater(Exception):
    """A failure that may pass; ``wait`` is how long the server asks to wait, if it does."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class DownloadSession:
    """Asks the hosts of ``bases``, and no others, in the name of ``agent``: program and contact.

    ``secret`` is a key that addresses hold, and that no message repeats.
    """

    def __init__(
        self,
        agent: str,
        bases: Collection[str],
        clock: RequestClock,
        limits: RequestLimits = RequestLimits(),  # noqa: B008, it cannot be changed
        hints: SiteHints = SiteHints(),  # noqa: B008, likewise
        secret: str = "",
    ) -> None:
        self._hints, self._secret = hints, secret
        self._origins = {self._origin_of(base) for base in bases}
        self._clock, self._limits = clock, limits
        self._pace = Throttle(clock)
        self._end = clock.now() + limits.whole
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(limits.silence, connect=min(limits.silence, 10.0)),
            follow_redirects=False,  # only within the same hosts, see _open
            # a company's proxy and certificates, as the environment has them; none to reach this machine
            trust_env=not all(_is_loopback(host) for _, host, _ in self._origins),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        _apart(lambda: self._runner.run(self._client.aclose()))
        _apart(self._runner.close)

    def get(self, url: str, into: IO[bytes], conditions: Mapping[str, str] | None = None) -> ServerAnswer:
        """The answer to a request, its body written into a file.

        ``conditions`` are headers that ask for something newer only. Errors: ``InvalidInput`` where the
        answer is no, cannot be used, or does not come for all the attempts, or in time.
        """
        flaws = FileProblems(self._shown(url))

        def pause(seconds: float) -> None:
            if self._clock.now() + seconds > self._end:
                raise self._overdue(flaws)
            self._clock.sleep(seconds)

        retrying = tenacity.Retrying(
            sleep=pause,
            stop=tenacity.stop_after_attempt(self._limits.attempts),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(RetryLater),
            reraise=True,
        )
        try:
            return retrying(self._get, url, into, dict(conditions or {}), flaws)
        except RetryLater as again:
            told = f"gave up after {self._limits.attempts} attempts: {again}"
            hint = "try again later: what is downloaded by now is kept"
            raise flaws.refuse_with("download", told, hint=hint) from None

    def _get(
        self, url: str, into: IO[bytes], conditions: Mapping[str, str], flaws: FileProblems
    ) -> ServerAnswer:
        """One attempt within its time. Errors: ``RetryLater`` where another may do better."""
        started = self._clock.now()
        end = min(started + self._limits.longest, self._end)
        if started >= end:
            raise self._overdue(flaws)

        async def within() -> ServerAnswer:
            async with asyncio.timeout(end - started):
                return await self._ask(url, into, conditions, flaws, end)

        try:
            return _apart(lambda: self._runner.run(within()))
        except TimeoutError:
            raise self._late(flaws, end) from None

    def _shown(self, address: str) -> str:
        """An address as messages have it, without the key."""
        return hidden(address, self._secret)

    def _origin_of(self, base: str) -> Origin:
        """Errors: ``InvalidInput`` for an address that is none."""
        try:
            return _origin(httpx.URL(base))
        except httpx.InvalidURL as error:
            told = f"cannot be asked: {self._shown(str(error))[:200]}"
            flaws = FileProblems(self._shown(base)[:200])
            raise flaws.refuse_with("download", told, hint="write it like https://host.example") from None

    def _late(self, flaws: FileProblems, end: float) -> InvalidInput:
        """What to say of a request whose time is up: its own, or that of the session."""
        if end >= self._end:
            return self._overdue(flaws)
        told = f"not all there after {self._limits.longest:.0f} seconds"
        once = FileProblems(flaws.shown)  # the end may be met twice, while reading and while closing
        return once.refuse_with("download", told, hint="the line or the server is too slow; try again")

    def _overdue(self, flaws: FileProblems) -> InvalidInput:
        told = f"the fetch was not done after {self._limits.whole / 60:,.0f} minutes"
        hint = "fetch again: what is downloaded by now is kept, and it goes on from there"
        return FileProblems(flaws.shown).refuse_with("download", told, hint=hint)

    async def _ask(
        self, url: str, into: IO[bytes], conditions: Mapping[str, str], flaws: FileProblems, end: float
    ) -> ServerAnswer:
        """One attempt. Errors: ``RetryLater`` where another may do better."""
        into.seek(0)
        into.truncate()
        try:
            async with self._open(url, conditions, flaws) as answer:
                headers = {name.lower(): text for name, text in answer.headers.items()}
                status = answer.status_code
                if status == OK:
                    await self._take(answer, into, flaws, end)
                    return ServerAnswer(status, headers)
                if status == NOT_FOUND or (status == NOT_MODIFIED and conditions):
                    return ServerAnswer(status, headers)
                raise self._no(status, headers, flaws)
        except httpx.LocalProtocolError as error:
            raise flaws.refuse_with("download", f"cannot be asked for: {self._shown(str(error))}") from None
        except (httpx.TimeoutException, httpx.TransportError) as error:
            raise RetryLater(_reason(error)) from None

    @asynccontextmanager
    async def _open(
        self, url: str, conditions: Mapping[str, str], flaws: FileProblems
    ) -> AsyncIterator[httpx.Response]:
        """The answer that redirects lead to, as long as they stay where we ask."""
        at = httpx.URL(url)
        for _ in range(MOST_REDIRECTS + 1):
            self._pace.wait()
            async with self._client.stream("GET", at, headers=dict(conditions)) as answer:
                if answer.status_code not in REDIRECTS:
                    yield answer
                    return
                at = self._followed(at, answer.headers.get("location", ""), flaws)
        raise flaws.refuse_with(
            "download", f"more than {MOST_REDIRECTS} redirects, the last to {self._shown(str(at))}"
        )

    def _followed(self, at: httpx.URL, location: str, flaws: FileProblems) -> httpx.URL:
        """Where a redirect leads. Errors: ``InvalidInput`` where that is off the site, or nowhere."""
        try:
            to = at.join(location)
        except httpx.InvalidURL:
            to = at
        if not location or to == at:
            raise flaws.refuse_with(
                "download", f"a redirect that leads nowhere: `{self._shown(location)[:200]}`"
            )
        if _origin(to) not in self._origins:
            told = f"is redirected to {self._shown(str(to))[:200]}, off the site"
            raise flaws.refuse_with("download", told, hint=self._hints.redirected)
        return to

    def _no(self, status: int, headers: Mapping[str, str], flaws: FileProblems) -> Exception:
        """What an answer means that has no body for us."""
        if status in PASSING:
            wait = retry_after(headers.get("retry-after"), self._clock.wall())
            if wait is None or wait <= LONGEST_ASKED:
                return RetryLater(f"the server answers {status}", wait)
            told = f"the server answers {status} and asks to wait {wait:,.0f} seconds"
            return flaws.refuse_with("download", told, hint="try again after that")
        if status == FORBIDDEN:
            told = "the server refuses to answer (403)"
            return flaws.refuse_with("download", told, hint=self._hints.refused)
        return flaws.refuse_with("download", f"the server answers {status}")

    async def _take(self, answer: httpx.Response, into: IO[bytes], flaws: FileProblems, end: float) -> None:
        """Write a body, unpacked.

        Errors: ``RetryLater`` where it ends too early, ``InvalidInput`` beyond the limits.
        """
        packing = answer.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip"):
            raise flaws.refuse_with(
                "download", f"packed as `{self._shown(packing)[:40]}`, and only gzip was asked for"
            )
        written = 0
        pieces = answer.aiter_raw()
        async for piece in pieces if packing == "identity" else _unpacked(pieces):
            written += len(piece)
            if written > self._limits.most_bytes:
                raise flaws.refuse_with("download", f"larger than {self._limits.most_bytes:,} bytes")
            if self._clock.now() > end:  # also while pieces come faster than the task can be cancelled
                raise self._late(flaws, end)
            into.write(piece)


async def _unpacked(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Gzip, piece by piece and never much at once. Errors: ``RetryLater`` where it is cut or damaged.

    httpx's own decoder takes an archive without its end for whole.
    """
    unpacking = zlib.decompressobj(wbits=31)
    try:
        async for piece in pieces:
            yield b""  # so that time is looked at, however little comes out
            while piece and not unpacking.eof:
                yield unpacking.decompress(piece, 1 << 20)
                piece = unpacking.unconsumed_tail
        while not unpacking.eof and (rest := unpacking.decompress(b"", 1 << 20)):
            yield rest
    except zlib.error:
        raise RetryLater("the gzip archive is damaged") from None
    if not unpacking.eof:
        raise RetryLater("the gzip archive is cut short")


def _wait(state: tenacity.RetryCallState) -> float:
    """As long as the server asks, else longer each time."""
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.wait if isinstance(failed, RetryLater) else None
    return backoff(state.attempt_number) if asked is None else asked


def _reason(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return f"the connection failed: {str(error)[:200] or type(error).__name__}"


def _origin(url: httpx.URL) -> Origin:
    """Scheme, host and port: the same host without encryption is another."""
    return url.scheme, url.host, url.port


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
