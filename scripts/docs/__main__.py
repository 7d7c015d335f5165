"""``python -m scripts.docs``: see the package."""

from __future__ import annotations

from scripts.docs.written import DOCS, renew

if __name__ == "__main__":
    for page in renew():
        print(f"wrote {page.relative_to(DOCS.parent)}")
