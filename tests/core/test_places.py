"""Finding a place by any name or code it has or had, and saying so when that could be two places."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.bank.places import load_places
from bdhvs.core.places import Commune, Former, Geography
from bdhvs.core.vietnamese import without_diacritics
from bdhvs.errors import PlaceRefused

VIETNAM = load_places()
FORMER = [(former, one) for one in VIETNAM.provinces for former in one.former]
COMMUNES = (
    Commune("00001", "Hòa Bình", "25", "ward", (Former("Thịnh Lang"), Former("Chung"))),
    Commune("00002", "Hòa Bình", "01", "commune"),
    Commune("00003", "Hòa Bình", "01", "ward", (Former("Chung"),)),
    Commune("00004", "Mã", "01", "commune"),
    Commune("00005", "Má", "01", "commune"),
    Commune("00006", "1", "79", "ward"),
)
SOME = Geography(VIETNAM.provinces, COMMUNES)


def test_there_are_34_and_every_one_of_the_63_before_leads_to_one() -> None:
    assert len(VIETNAM.provinces) == 34
    assert sum(one.kind == "city" for one in VIETNAM.provinces) == 7  # with Đồng Nai, a city since 30 April 2026
    assert sum(len(one.former) for one in VIETNAM.provinces) == 63 - 26  # 26 kept both name and code
    codes_before = {former.code for former, _ in FORMER}
    assert len(codes_before | {one.code for one in VIETNAM.provinces}) == 63
    for former, province in FORMER:
        assert VIETNAM.province(former.name).unit == province
    # The facts of the programme name these two.
    assert (VIETNAM.province("Quảng Nam").unit.name, VIETNAM.province("Hòa Bình").unit.name) == ("Đà Nẵng", "Phú Thọ")


@given(
    st.sampled_from(
        [name for one in VIETNAM.provinces for name in (one.name, one.full_name, *(each.name for each in one.former))]
    ),
    st.data(),
)
def test_a_name_is_found_however_it_is_typed(name: str, data: st.DataObject) -> None:
    unit = VIETNAM.province(name).unit
    form = data.draw(st.sampled_from(["NFC", "NFD"]))
    changed = data.draw(st.sampled_from([str, str.upper, str.lower, lambda one: f"  {one.replace(' ', '  ')} ."]))
    assert VIETNAM.province(unicodedata.normalize(form, changed(name))).unit == unit
    assert VIETNAM.province(without_diacritics(name)).unit == unit


@pytest.mark.parametrize(
    ("typed", "name", "by", "exact"),
    [
        ("Thanh Hoá", "Thanh Hóa", "name", True),
        ("tinh thanh hoa", "Thanh Hóa", "name", False),
        ("TP.HCM", "Hồ Chí Minh", "name", True),
        ("Bà Rịa–Vũng Tàu", "Hồ Chí Minh", "former", True),
        ("tỉnh Đồng Nai", "Đồng Nai", "name", True),
        ("1", "Hà Nội", "code", True),
        ("15", "Lào Cai", "code", True),  # of Yên Bái before, which is in Lào Cai now
        ("64", "Gia Lai", "former", True),  # its own code before
    ],
)
def test_what_people_type(typed: str, name: str, by: str, exact: bool) -> None:
    found = VIETNAM.province(typed)
    assert (found.unit.name, found.by, found.exact) == (name, by, exact)


@pytest.mark.parametrize("typed", ["", "Tỉnh", "Atlantis", "99", "²", "-"])
def test_what_is_no_place_is_refused(typed: str) -> None:
    with pytest.raises(PlaceRefused) as refused:
        VIETNAM.province(typed)
    assert refused.value.code == "place_unknown"


def test_a_name_of_several_places_is_not_guessed() -> None:
    with pytest.raises(PlaceRefused) as refused:
        SOME.commune("Hòa Bình")
    assert refused.value.code == "place_ambiguous"
    assert refused.value.candidates == ("Phường Hòa Bình, Phú Thọ", "Xã Hòa Bình, Hà Nội", "Phường Hòa Bình, Hà Nội")
    assert SOME.commune("Hòa Bình", "25").unit.code == "00001"
    assert SOME.commune("xã Hoà Bình", "01").unit.code == "00002"  # the kind that was written tells them apart
    with pytest.raises(PlaceRefused, match="which may be"):
        SOME.commune("chung")
    with pytest.raises(PlaceRefused, match="which may be"):
        SOME.commune("ma")  # without marks it may be either; with them it is one
    assert SOME.commune("Má").unit.code == "00005"
    assert SOME.commune("thinh lang").unit.code == "00001"
    assert SOME.commune("Phường 1", "79").unit.code == "00006"
    assert SOME.commune("00004").by == "code"


def test_a_former_name_that_is_also_a_present_one_is_told() -> None:
    both = Geography(VIETNAM.provinces, [*COMMUNES, Commune("00007", "Mới", "01", "commune", (Former("Mã"),))])
    found = both.commune("Mã", "01")
    assert (found.unit.code, [one.code for one in found.also]) == ("00004", ["00007"])
