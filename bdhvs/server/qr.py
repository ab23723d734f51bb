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


def qr_terminal(text: str, *, colours: bool) -> str:
    """The QR code in half-block characters, light where the code is light.

    With ``colours`` each line says its own colours, so that the code is right in a terminal of any theme; without
    (output to a file) it is right where text is light on dark, and most phones read the reverse as well.
    """
    out = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out, border=3, compact=True)
    lines = out.getvalue().splitlines()
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" if colours else line for line in lines)
