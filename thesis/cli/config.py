"""The user's configuration: settings that hold for all packs and belong in none of them.

It is a TOML file, ``~/.config/thesis/config.toml``, or where ``THESIS_CONFIG`` says::

    [sec]
    contact = "Jane Doe jane@example.com"

    [analyst]
    name = "Jane Doe"

    [prices]
    url = "https://prices.example/daily/{symbol}.csv?from={since}&key={key}"
    source = "Example Exchange, daily closes"

    [prices.symbols]
    AMZN = "amzn.us"
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.files.disk import read_text
from thesis.files.own_folder import is_there

if TYPE_CHECKING:
    from thesis.sources.prices.price_site import PriceSite

LONGEST = 200  # characters of a contact
MOST_BYTES = 1_000_000

_QUOTES = 'a text stands in quotes: contact = "Jane Doe jane@example.com"'
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def config_file() -> Path:
    """Where the user's settings are, whether there are any or not."""
    chosen = os.environ.get("THESIS_CONFIG")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return Path(home) / "thesis" / "config.toml"


def contact() -> str:
    """Whom the SEC may write to about our requests: ``SEC_CONTACT``, else the user's settings.

    Errors: ``InvalidInput`` where it is missing or cannot be one.
    """
    said = os.environ.get("SEC_CONTACT", "").strip()
    where = "SEC_CONTACT"
    if not said:
        where = str(config_file())
        said = _contact_in(config_file())
    if not said:
        message = "the SEC wants to know whom to write to about automated requests, and turns others away"
        raise InvalidInput([Problem("no-contact", message, hint=_remedy())])
    if "@" not in said or not (said.isascii() and said.isprintable()) or len(said) > LONGEST:
        message = f"expected a name and an e-mail address in plain letters, found `{said[:80]}` in {where}"
        raise InvalidInput([Problem("no-contact", message, hint=_remedy())])
    return said


def analyst() -> str:
    """Who signs, judges and forecasts: ``THESIS_ANALYST``, else ``name`` under ``[analyst]``; or nothing.

    Errors: ``InvalidInput`` where the settings are no TOML.
    """
    said = os.environ.get("THESIS_ANALYST", "").strip()
    path = config_file()
    if said or not is_there(path, str(path)):
        return said
    table = _toml(read_text(path, str(path), MOST_BYTES), str(path)).get("analyst", {})
    name = table.get("name", "") if isinstance(table, dict) else ""
    return name.strip() if isinstance(name, str) else ""


def price_site() -> PriceSite:
    """Where daily closes are downloaded from: ``THESIS_PRICES_URL``, else ``[prices]`` of the settings.

    The key is ``THESIS_PRICES_KEY``. Errors: ``InvalidInput`` where no address is set, or one that is wrong.
    """
    from thesis.sources.prices.price_site import EXAMPLE, PriceSite, checked_site

    path = config_file()
    has_file = is_there(path, str(path))
    found = _toml(read_text(path, str(path), MOST_BYTES), str(path)).get("prices", {}) if has_file else {}
    table = found if isinstance(found, dict) else {}
    symbols = table.get("symbols", {})
    texts = [
        table.get("url", ""),
        table.get("source", ""),
        *(symbols.values() if isinstance(symbols, dict) else [0]),
    ]
    if table is not found or not all(isinstance(text, str) for text in texts):
        message = f"`{path}`: expected texts under [prices] and [prices.symbols]"
        raise InvalidInput([Problem("price-site", message, hint=f'write them like url = "{EXAMPLE}"')])
    named = os.environ.get("THESIS_PRICES_URL", "").strip()
    url, where = (named, "THESIS_PRICES_URL") if named else (table.get("url", "").strip(), f"`{path}`")
    if not url:
        message = "no site is set from which closes may be taken"
        hint = f'set THESIS_PRICES_URL="{EXAMPLE}", or write url = "{EXAMPLE}" under [prices] into {path}'
        raise InvalidInput([Problem("price-site", message, hint=hint)])
    key = os.environ.get("THESIS_PRICES_KEY", "").strip()
    return checked_site(PriceSite(url, where, table.get("source", "").strip(), symbols, key))


def _remedy() -> str:
    return (
        'set SEC_CONTACT="Jane Doe jane@example.com", or write contact = "Jane Doe jane@example.com" '
        f"under [sec] into {config_file()}"
    )


def _contact_in(path: Path) -> str:
    """The contact that a file names, or nothing.

    Errors: ``InvalidInput`` where the file is none of its kind.
    """
    shown = str(path)
    if not is_there(path, shown):
        return ""
    text = read_text(path, shown, MOST_BYTES)
    table = _toml(text, shown).get("sec", {})
    said = table.get("contact", "") if isinstance(table, dict) else table
    if not isinstance(said, str):
        message = f"`{shown}`: expected a text under sec.contact, found `{str(said)[:80]}`"
        raise InvalidInput([Problem("no-contact", message, hint=_remedy())])
    return said.strip()


def _toml(text: str, shown: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        told = found[1] if found else str(error)
        lines = text.split("\n")
        end = (len(lines), len(lines[-1]) + 1)
        line, column = (int(found[2]), int(found[3])) if found and found[2] else end
        hint = _QUOTES if told == "Invalid value" else ""
        problem = Problem("toml-syntax", told[:1].lower() + told[1:], SourceSpan(shown, line, column), hint)
    except RecursionError:
        problem = Problem(
            "toml-syntax", "lists and tables too deep inside one another", SourceSpan(shown, 1, 1)
        )
    except ValueError:  # a whole number of thousands of digits, which Python does not read
        problem = Problem("toml-syntax", "a number of too many digits", SourceSpan(shown, 1, 1))
    raise InvalidInput([problem], {shown: text})
