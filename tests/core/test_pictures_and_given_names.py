"""Three pictures are read or refused; names that follow from numbers are all different."""

from __future__ import annotations

import pytest

from bdhvs.core.given_names import ANIMALS, COLOURS, PAIRS, given_name
from bdhvs.core.names import MAX_NAME_CHARS, clean_name
from bdhvs.core.pictures import PICTURES, read_pictures
from bdhvs.errors import NotAllowed


def test_the_first_names_are_as_the_docs_say_and_come_round_with_a_number() -> None:
    assert [given_name(number) for number in (0, 1, PAIRS, 2 * PAIRS)] == ["Trâu Vàng", "Mèo Xanh", "Trâu Vàng 2", "Trâu Vàng 3"]


def test_everybody_in_a_province_has_another_name_and_each_is_a_name_as_it_stands() -> None:
    names = [given_name(number) for number in range(5_000)]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(clean_name(name) == name and len(name) <= MAX_NAME_CHARS for name in names)


def test_neighbours_share_neither_animal_nor_colour() -> None:
    assert len(set(ANIMALS)) == len(ANIMALS)
    assert len(set(COLOURS)) == len(COLOURS)
    for number in range(PAIRS):
        assert set(given_name(number).split()).isdisjoint(given_name(number + 1).split()[:2])


def test_there_are_twelve_pictures_and_three_are_read_in_order_also_twice_the_same() -> None:
    assert len(set(PICTURES)) == 12
    assert read_pictures(["ca", "trau", "ca"]) == ("ca", "trau", "ca")


@pytest.mark.parametrize("sent", [[], ["ca"], ["ca", "trau"], ["ca", "trau", "rong"], ["ca"] * 4, ["", "", ""], ["CA", "ca", "ca"]])
def test_anything_else_is_refused(sent: list[str]) -> None:
    with pytest.raises(NotAllowed) as refused:
        read_pictures(sent)
    assert refused.value.code == "pictures_missing"
