"""A table of communes: what is read, and every line that is wrong, said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.places import load_places
from bdhvs.errors import PlacesError


def test_a_table_of_communes_is_read_as_people_save_it(tmp_path: Path) -> None:
    path = tmp_path / "xa.csv"
    path.write_text(
        "Mã;Tên;Tỉnh;Tên cũ\r\n00001;Phường Mẫu;Quảng Nam;Cũ Một| Cũ Hai\r\n\r\n2;Đặc khu Đảo;48;\r\n", "utf-8-sig"
    )
    found = load_places(communes=path)
    one, two = found.communes
    assert (one.code, one.name, one.kind, one.province, one.region) == ("00001", "Mẫu", "ward", "48", "urban")
    assert (two.code, two.name, two.kind, two.region) == ("00002", "Đảo", "special_zone", None)
    assert found.commune("cu hai").unit == one
    assert found.commune("00002").unit == two


def test_every_wrong_line_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "xa.csv"
    path.write_text(
        "code,name,province,kind\nX1,Xã Mẫu,38,\n00002,,38,xã\n00003,Mẫu,Atlantis,xã\n00004,Mẫu,38,huyện\n00005,Xã Một,38,\n5,Xã Hai,38,\n"
    )
    with pytest.raises(PlacesError) as error:
        load_places(communes=path)
    lines = [(one.line, one.message) for one in error.value.problems]
    assert [line for line, _ in lines] == [2, 3, 4, 5, 0]
    for (_, message), words in zip(
        lines, ("five digits", "expected a name", "Atlantis", "huyện", "00005"), strict=True
    ):
        assert words in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column"),
        (b"a,b\n1,2\n", "no column"),
        ("code,name,province\n1,Xã,38".encode("utf-16"), "UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_table_gets_one_sentence(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "xa.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PlacesError, match=words):
        load_places(communes=path)
