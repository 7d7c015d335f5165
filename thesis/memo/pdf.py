"""Prints an HTML memo as PDF, the same bytes every time.

WeasyPrint lays the pages out by the print rules of the page's own stylesheet. It is given nothing but the
page: whatever a template of the user's would load, from the disk or the network, is refused.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from thesis.files.output_mark import PDF_KEY, PDF_MARK, with_mark

EXTRA = "a PDF needs weasyprint: pip install 'thesis[pdf]'"
SYSTEM = (
    "a PDF needs Pango, a library of the system: `apt install libpango-1.0-0 libpangoft2-1.0-0` or "
    "`brew install pango`"
)


class PdfToolMissing(Exception):
    """What it takes to make a PDF is not installed; the message says how to get it."""


def pdf(page: str) -> bytes:
    """The pages of an HTML memo. Errors: ``PdfToolMissing``."""
    weasyprint = _weasyprint()
    nothing_else = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    html = weasyprint.HTML(string=page, url_fetcher=nothing_else)
    made = html.write_pdf(pdf_identifier=b"thesis", pdf_tags=True, finisher=_add_mark)
    assert isinstance(made, bytes)
    return with_mark("memo.pdf", made)


def _add_mark(document: Any, made: Any) -> None:
    """Put a place for the mark among the document's properties, and these outside the compressed objects."""
    plain = type("Properties", (type(made.info),), {"compressible": False})
    made.info = plain({**made.info, PDF_KEY: f"({PDF_MARK})"})


def require_pdf_tools() -> None:
    """See that a PDF can be made, before anything is worked out for it. Errors: ``PdfToolMissing``."""
    _weasyprint()


def _weasyprint() -> Any:
    if find_spec("weasyprint") is None:
        raise PdfToolMissing(EXTRA)
    import logging

    logging.getLogger("weasyprint").addHandler(logging.NullHandler())  # else it warns on standard error
    try:
        import weasyprint
    except OSError:
        raise PdfToolMissing(SYSTEM) from None
    return weasyprint
