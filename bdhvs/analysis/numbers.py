"""Numbers as people write them."""

from __future__ import annotations

from bdhvs.i18n import language

MINUS = "\N{MINUS SIGN}"


def decimal(value: float, places: int, lang: str, *, sign: bool = False) -> str:
    """With so many places, a decimal comma in Vietnamese and a real minus; `sign` also writes a plus. "?" for NaN."""
    if value != value:
        return "?"
    text = f"{value:+.{places}f}" if sign else f"{value:.{places}f}"
    text = text.replace("-", MINUS)
    return text.replace(".", ",") if language(lang) == "vi" else text
