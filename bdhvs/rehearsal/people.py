"""Who sits in a rehearsed class: invented names, and the ways in which people work."""

from __future__ import annotations

import random
from dataclasses import dataclass

#: Invented: a word of address and a common given name, together nobody.
ADDRESSED = ("Bác", "Cô", "Chú", "Bà", "Ông", "Anh", "Chị", "Em")
GIVEN = (
    "An", "Bình", "Chi", "Dung", "Đào", "Giang", "Hạnh", "Hòa", "Hồng", "Khánh", "Lan", "Liên", "Mai", "Minh", "Nga",
    "Ngọc", "Phúc", "Quý", "Sáu", "Sơn", "Tâm", "Thảo", "Thắng", "Tư", "Vân", "Yến",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody works. Seconds are of a class at its own pace; the others are probabilities for each question.

    ``again`` is whether another answer is chosen after a wrong one; ``leaves_after`` counts questions, None: stays.
    """

    think_s: tuple[float, float]
    asks: float = 0.03
    skips: float = 0.05
    helped: float = 0.1
    again: bool = True
    leaves_after: int | None = None


STEADY = Manner((8, 25))
QUICK = Manner((5, 12), asks=0, helped=0)
SLOW = Manner((20, 40), asks=0.1)
STUCK = Manner((15, 40), asks=0.5, helped=0.4)
SHY = Manner((8, 25), asks=0, skips=0.4)
HASTY = Manner((5, 8), asks=0, skips=0.02, again=False)
LEAVING = Manner((8, 25), leaves_after=3)
#: In ten people all manners but one; the first asks for help at once, so that also a small class has something to do.
TEN = (STUCK, STEADY, SLOW, STEADY, QUICK, SHY, STEADY, HASTY, SLOW, STEADY)
SMALLEST_WITH_LEAVING = 3


def manners(students: int) -> list[Manner]:
    """How each of `students` people works: the same for the same number. One of them goes away."""
    chosen = [TEN[number % len(TEN)] for number in range(students)]
    if students >= SMALLEST_WITH_LEAVING:
        chosen[students // 2] = LEAVING
    return chosen


def names(students: int, chance: random.Random) -> list[str]:
    """Invented names, each once as long as there are enough; after that they come again, as in a village."""
    all_names = [f"{address} {given}" for address in ADDRESSED for given in GIVEN]
    chance.shuffle(all_names)
    return [all_names[number % len(all_names)] for number in range(students)]
