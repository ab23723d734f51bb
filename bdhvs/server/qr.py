"""QR codes, for a screen and for a terminal."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """An SVG of the QR code, black on white with its quiet zone; scales with its box."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=4,
        omitsize=True,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
    )
    return out.getvalue().decode("utf-8")


def qr_terminal(text: str) -> str:
    """The QR code in half-block characters, dark on light in any terminal theme."""
    out = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()
