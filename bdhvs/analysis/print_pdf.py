"""A page on A4 paper: printed into a PDF by the Chromium that is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bdhvs.errors import SetupError

TIMEOUT_S = 180
NO_BROWSER = (
    "found no Chromium to print a PDF with. Install it (Debian: sudo apt install chromium), or name it in the variable CHROMIUM; "
    "or write --out FILE.html and print that from any browser"
)


def print_pdf(html: str, out: Path, browser: Path | None) -> None:
    """Write a page of HTML as PDF.

    Raises
    ------
    SetupError
        when there is no browser, or it did not print.
    """
    if browser is None:
        raise SetupError(NO_BROWSER, "chromium")
    with TemporaryDirectory(prefix="bdhvs-") as home:
        page = Path(home) / "trang.html"
        page.write_text(html, "utf-8")
        # Chromium refuses to run as root with its sandbox.
        root = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
        quiet = [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={home}/b",
        ]
        command = [
            str(browser),
            *quiet,
            *root,
            "--no-pdf-header-footer",
            f"--print-to-pdf={out.absolute()}",
            page.as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise SetupError(f"{browser}: did not print ({exc}); name another in CHROMIUM", "chromium") from exc
    if done.returncode or not out.is_file():
        raise SetupError(
            f"{browser}: did not print {out}: {done.stderr[-300:].strip() or 'no reason given'}", "chromium"
        )
