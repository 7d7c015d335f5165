"""Where daily closes are downloaded from: a site's address with places for the share and the day.

Which site a user may take closes from is between the two of them, so that none is built in. The pattern of
the address and the source to name in rows stand in the user's settings, and a key in the environment: it goes
into the address and is shown nowhere.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from thesis.core.problem import InvalidInput, Problem, did_you_mean

PLACES = ("symbol", "since", "today", "key")
KEY = "THESIS_PRICES_KEY"
MOST_CHARACTERS = 2000  # of an address
_PLACE = re.compile(r"\{([^{}]*)\}")
EXAMPLE = "https://prices.example/daily/{symbol}.csv"


class PriceSite(NamedTuple):
    """A site's address with places, how it calls shares, and how to name it as a source.

    ``pattern`` has ``{symbol}`` in it, and perhaps ``{since}``, ``{today}`` and ``{key}``. ``symbols`` holds
    the names of entities that the site calls by others; ``where`` says where the pattern stands.
    """

    pattern: str
    where: str
    source: str = ""
    symbols: Mapping[str, str] = {}
    key: str = ""

    @property
    def host(self) -> str:
        """The name of the site."""
        return urlsplit(_PLACE.sub("x", self.pattern)).hostname or ""

    @property
    def base(self) -> str:
        """Scheme, host and port of the address."""
        parts = urlsplit(_PLACE.sub("x", self.pattern))
        return f"{parts.scheme}://{parts.netloc}"

    def symbol(self, entity: str) -> str:
        """What the site calls a share."""
        return self.symbols.get(entity, entity)

    def address(self, entity: str, since: date, today: date) -> str:
        """Where the closes of a share are."""
        given = {
            "symbol": self.symbol(entity),
            "since": str(since),
            "today": str(today),
            "key": self.key,
        }
        return _PLACE.sub(lambda found: quote(given[found[1]], safe=""), self.pattern)

    def told_source(self, entity: str) -> str:
        """Where a row's close comes from, in words."""
        return self.source or f"daily closes of {self.symbol(entity)}, {self.host}"


def checked_site(site: PriceSite) -> PriceSite:
    """The same site. Errors: ``InvalidInput`` for an address that cannot be asked, or lacks what it needs."""
    named = _PLACE.findall(site.pattern)
    told, hint = "", f'write it like url = "{EXAMPLE}"'
    unknown = [name for name in named if name not in PLACES]
    try:
        parts = urlsplit(_PLACE.sub("x", site.pattern))
        is_address = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        is_address = False
    if len(site.pattern) > MOST_CHARACTERS or not (site.pattern.isascii() and site.pattern.isprintable()):
        told = f"expected an address of up to {MOST_CHARACTERS} plain characters"
    elif not is_address or " " in site.pattern:
        told = f"expected an address like {EXAMPLE}, found `{site.pattern[:80]}`"
    elif "{" in urlsplit(site.pattern).netloc:
        told = "the name of the site cannot have a place in it"
    elif parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        told = f"expected an address that begins with https://, found `{site.pattern[:80]}`"
    elif unknown:
        told = f"the address has no place called `{{{unknown[0][:40]}}}`"
        hint = did_you_mean(unknown[0], PLACES) or f"its places are {', '.join(f'{{{p}}}' for p in PLACES)}"
    elif "symbol" not in named:
        told = "the address has no place for the share"
    elif "key" in named and not site.key:
        told, hint = (
            f"the address asks for a key, and {KEY} is not set",
            f"set {KEY} to the key of {site.host}",
        )
    if told:
        raise InvalidInput([Problem("price-site", f"{site.where}: {told}", hint=hint)])
    return site


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
