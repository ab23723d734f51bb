"""How many items there are for each competence and level, and where there are none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.core.framework import ENTRY_LEVEL


@dataclass(frozen=True, slots=True)
class Coverage:
    """Tasks per competence and level; self-assessments are none.

    ``levels`` are those an item can show; ``empty`` holds the pairs without any item. The entry module has
    level 0 only, the others have no level 0.
    """

    competences: tuple[str, ...]
    levels: tuple[int, ...]
    counts: dict[tuple[str, int], int]
    empty: tuple[tuple[str, int], ...]

    def table(self) -> str:
        """The table as text, a line per competence; "·" where nothing is, blank where nothing can be."""
        head = "      " + "".join(f"{level:>4}" for level in self.levels) + "  all"
        rows = [self._row(code) for code in self.competences]
        total = f"all   {''.join(f'{self._of_level(level):>4}' for level in self.levels)}{sum(self.counts.values()):>5}"
        return "\n".join([head, *rows, total])

    def _row(self, code: str) -> str:
        cells = [self.counts.get((code, level)) for level in self.levels]
        shown = "".join(f"{'' if cell is None else cell or '·':>4}" for cell in cells)
        return f"{code:<6}{shown}{sum(cell or 0 for cell in cells):>5}"

    def _of_level(self, level: int) -> int:
        return sum(count for (_, one), count in self.counts.items() if one == level)


def coverage(bank: Bank) -> Coverage:
    """The coverage of the framework by the items of `bank`."""
    framework = bank.framework
    levels = tuple(level.number for level in framework.levels if level.for_items)
    cells = [
        (code, level)
        for code in framework.competences
        for level in levels
        if (framework.domain(code) == framework.entry) == (level == ENTRY_LEVEL)
    ]
    found = Counter((item.competence, item.level) for item in bank.items.values() if item.is_performance)
    counts = {cell: found[cell] for cell in cells}
    return Coverage(tuple(framework.competences), levels, counts, tuple(cell for cell in cells if not counts[cell]))
