"""Names for a class that stores none: an animal and a colour that follow from a number, "Trâu Vàng"."""

from __future__ import annotations

#: Friendly ones that nobody is teased with. Their count and that of the colours have no common divisor, so that the pair
#: comes round only after 16 × 9 = 144 people, and neighbours share neither.
ANIMALS = (
    *("Trâu", "Mèo", "Thỏ", "Voi", "Ong", "Bướm", "Én", "Sóc"),
    *("Hạc", "Công", "Ngựa", "Cá", "Sáo", "Yến", "Nai", "Cò"),
)
COLOURS = ("Vàng", "Xanh", "Đỏ", "Trắng", "Nâu", "Hồng", "Tím", "Bạc", "Cam")
PAIRS = len(ANIMALS) * len(COLOURS)


def given_name(number: int) -> str:
    """The name for the place `number` in a class, from 0; different numbers have different names.

    The same in every language: it is what the class calls somebody.
    """
    pair = f"{ANIMALS[number % len(ANIMALS)]} {COLOURS[number % len(COLOURS)]}"
    return pair if number < PAIRS else f"{pair} {number // PAIRS + 1}"
