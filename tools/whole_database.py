"""Writes what all migration steps together make of an empty file: python tools/whole_database.py"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bdhvs.store.migrate import STEPS, Steps, bring_up_to_date


def whole() -> str:
    """The SQL of a file that took every step."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bdhvs.sqlite3"
        bring_up_to_date(path, Steps(STEPS.folder, STEPS.head))
        with closing(sqlite3.connect(path)) as connection:
            lines = connection.iterdump()
            return "".join(f"{line}\n" for line in lines if line not in ("BEGIN TRANSACTION;", "COMMIT;"))


if __name__ == "__main__":
    assert STEPS.whole is not None
    STEPS.whole.write_text(whole(), encoding="utf-8", newline="\n")
