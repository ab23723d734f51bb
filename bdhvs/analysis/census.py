"""How many adults live where: a CSV that a programme office has, and nobody else may guess."""

from __future__ import annotations

import csv
from pathlib import Path

from bdhvs.errors import DataFileError, Problem


def read_census(path: Path | str) -> tuple[dict[str, int], dict[str, str]]:
    """Adults and names by commune, from a CSV file with the columns commune, adults and perhaps name.

    Raises
    ------
    DataFileError
        with every line that is wrong, or when there is no such file.
    """
    adults: dict[str, int] = {}
    names: dict[str, str] = {}
    problems = []
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as exc:
        raise DataFileError([Problem(str(path), 0, f"cannot be read ({exc}); expected a CSV file in UTF-8")]) from exc
    for number, row in enumerate(rows, 2):
        code, count = (row.get("commune") or "").strip(), (row.get("adults") or "").strip().replace(".", "")
        if not code or not count.isdigit() or code in adults:
            said = f"found commune {code!r} with adults {count!r}, expected a code that comes once and a whole number"
            problems.append(Problem(str(path), number, said))
            continue
        adults[code] = int(count)
        if (row.get("name") or "").strip():
            names[code] = str(row["name"]).strip()
    if problems or not adults:
        raise DataFileError(
            problems or [Problem(str(path), 1, "found no rows, expected the columns commune, adults, name")]
        )
    return adults, names
