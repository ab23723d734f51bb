"""A class list as teachers have them, and names that are kept only with consent."""

from __future__ import annotations

import contextlib
import random
import sys
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import binary
from openpyxl import Workbook

from bdhvs.errors import MissingExtra, NotAllowed
from bdhvs.i18n import translator
from bdhvs.service.class_list import MAX_NAMES, ClassListError, preview, preview_file, read_class_list
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.consents import GUARDIAN, GUARDIAN_VERSION, KEEP_NAME, KEEP_NAME_VERSION
from bdhvs.service.list_rows import MAX_FILE_BYTES, MAX_UNPACKED_BYTES
from bdhvs.store import Store
from tests.service.conftest import Clock

HOA, NAM, SAU = "Nguyễn Thị Hòa", "Trần Văn Nam", "Đỗ Thị Ngọc Ánh"
#: The same three names as old fonts' programs wrote them, typed off the tables of the fonts.
VNI = "Nguyeãn Thò Hoøa\nTraàn Vaên Nam\nÑoã Thò Ngoïc AÙnh"
TCVN3 = "NguyÔn ThÞ Hßa\nTrÇn V¨n Nam\n§ç ThÞ Ngäc ¸nh"


def names_of(data: bytes) -> tuple[str, ...]:
    return preview(data).names


def doubts_of(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.doubt) for one in preview(text.encode()).doubts]


def excel(*rows: tuple[object, ...], title: str = "Lớp") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_names_are_read_a_line_each_cleaned_and_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "lop.csv"
    path.write_text("\ufeff  Nguyễn  Thị Hòa ;1951\r\n\r\nTrần Văn Nam,1960\nTrần Văn Nam\t1972\n", "utf-8")
    found = preview_file(path)
    assert read_class_list(path) == found.names == ("Nguyễn Thị Hòa", "Trần Văn Nam", "Trần Văn Nam (2)")
    assert [(one.line, one.doubt) for one in found.doubts] == [(4, "duplicate")]


def test_every_doubtful_line_is_named_and_the_others_are_taken() -> None:
    text = "Lan\n;1950\nHoa\n" + "x" * 60 + "\n0912 345 678\nMai 1951\n=A1&B1\nTh? Hoa\n...\nlan\n"
    assert doubts_of(text) == [
        (2, "no_name"),
        (4, "too_long"),
        (5, "number"),
        (6, "number"),
        (7, "formula"),
        (8, "lost_letter"),
        (9, "no_name"),
        (10, "duplicate"),
    ]
    found = preview(text.encode())
    assert found.names == ("Lan", "Hoa", "lan (2)")
    assert len(found.left_out) == 7
    for lang in ("vi", "en"):
        assert all(one.in_words(translator(lang)).strip() for one in found.doubts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_every_form(encoding: str) -> None:
    assert names_of(f"{HOA}\n{NAM}\n{SAU}\n".encode(encoding)) == (HOA, NAM, SAU)


def test_windows_1258_is_read() -> None:
    # That encoding has letters with hat or breve whole and tones apart.
    text = "".join(
        one if one.encode("cp1258", "ignore") else unicodedata.normalize("NFD", one)
        for one in f"{HOA}\n{NAM}\n{SAU}\n"
        .replace("ễ", "ê\u0303").replace("ị", "i\u0323").replace("ò", "o\u0300").replace("ầ", "â\u0300")
        .replace("ỗ", "ô\u0303").replace("ọ", "o\u0323")
    )
    found = preview(text.encode("cp1258"))
    assert (found.names, found.encoding) == ((HOA, NAM, SAU), "Windows-1258")


@pytest.mark.parametrize(
    ("text", "header", "encoding"), [(VNI, "Hoï vaø teân", "VNI"), (TCVN3, "Hä vµ tªn", "TCVN3")], ids=["VNI", "TCVN3"]
)
def test_old_fonts_are_converted_and_asked_to_be_looked_at(text: str, header: str, encoding: str) -> None:
    for data in (text.encode("latin-1"), text.encode("utf-8")):  # as the old program wrote it; pasted into a new one
        found = preview(data)
        assert found.names == (HOA, NAM, SAU)
        assert (found.encoding, found.doubts[0].doubt) == (encoding, "old_letters")
    book = preview(excel((header,), *((line,) for line in text.splitlines())))
    assert (book.names, book.encoding) == ((HOA, NAM, SAU), f"Excel, {encoding}")


@pytest.mark.parametrize("name", ["Y Bhiăm Niê", "H'Hen Niê", "Jürgen Müller", "Lan", "Điểu K'Ré", "田中", "Lò Thị Mỷ"])
def test_names_of_other_peoples_stay_as_they_are(name: str) -> None:
    found = preview(f"{HOA}\n{name}\n".encode())
    assert (found.names, found.doubts) == ((HOA, name), ())
    assert names_of(f"{name}\n".encode()) == (name,)


@pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "cp437"])
def test_unknown_letters_are_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(ClassListError, match="UTF-8") as error:
        preview("Иван\nえいご\néàüöç".encode(encoding, "ignore") * 3)
    assert error.value.code == "class_list_letters"


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ((("STT", "Họ và tên", "Năm sinh"), (1, HOA, 1951), (2, NAM, 1960)), (HOA, NAM)),
        ((("TT", "Họ đệm", "Tên"), (1, "Nguyễn Thị", "Hòa"), (2, "Trần Văn", "Nam")), (HOA, NAM)),
        ((("TT", "HỌ VÀ TÊN", None, "Thôn"), (1, "Nguyễn Thị", "Hòa", "Đoài"), (2, "Trần Văn", "Nam", "Đông")), (HOA, NAM)),
        ((("DANH SÁCH LỚP",), ("Thôn Đoài",), (), ("TT", "Full name"), (1, HOA), (2, NAM)), (HOA, NAM)),
        (((1, HOA, "Thôn 3"), (2, NAM, "Thôn 4")), (HOA, NAM)),
        ((("Tên",), ("Lan",), ("Tèn",)), ("Lan", "Tèn")),
        ((("Lan",), ("Tèn",)), ("Lan", "Tèn")),
    ],
)
def test_the_column_is_found_in_excel_and_in_csv(rows: tuple[tuple[object, ...], ...], names: tuple[str, ...]) -> None:
    assert names_of(excel(*rows)) == names
    csv_text = "\n".join(",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows)
    assert names_of(csv_text.encode()) == names
    assert names_of(("sep=;\n" + csv_text.replace('","', '";"')).encode("utf-16")) == names


def test_lines_of_excel_are_counted_as_excel_counts_them() -> None:
    found = preview(excel((), ("Tên",), ("Lan",), (), (None, "ghi chú"), (1951,), ("=1+1",)))
    assert found.names == ("Lan",)
    assert [(one.line, one.doubt) for one in found.doubts] == [(5, "no_name"), (6, "number"), (7, "formula")]


def test_a_list_has_an_end() -> None:
    found = preview("".join(f"Lan {'abcdefghij'[n // 100]}{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n % 10]}\n" for n in range(501)).encode())
    assert len(found.names) == MAX_NAMES
    assert [(one.line, one.doubt) for one in found.doubts] == [(501, "too_many")]
    endless = preview(b"\n" * 6000 + b"Lan\n" * 3)
    assert (endless.names, endless.doubts[-1].doubt) == ((), "cut")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"1951\n1960\n", "Họ và tên\n".encode()])
def test_a_list_without_a_name_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lop.txt"
    path.write_bytes(content)
    with pytest.raises(ClassListError) as error:
        read_class_list(path)
    assert error.value.code == "class_list_empty"
    with pytest.raises(ClassListError, match="cannot be read"):
        read_class_list(tmp_path / "khong-co.txt")


# ── hostile files ───────────────────────────────────────────────────────────────────────────────────────


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def with_part(book: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(book)) as packed:
        return zipped(**{one: data if one == name else packed.read(one) for one in packed.namelist()})


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccccccccc">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x" * (MAX_FILE_BYTES + 1), "too_big"),
        (with_part(excel(("Lan",)), SHEET, b" " * (MAX_UNPACKED_BYTES + 1)), "too_big"),
        (zipped(**{f"xl/{n}": b"" for n in range(600)}), "too_big"),
        (with_part(excel(("Lan",)), STYLES, DOCTYPE), "damaged"),
        (with_part(excel(("Lan",)), SHEET, DOCTYPE.decode().encode("utf-16")), "damaged"),
        (with_part(excel(("Lan",)), SHEET, b"<worksheet><sheetData><row"), "damaged"),
        (excel(("Lan",))[:-300], "damaged"),
        (excel(("Lan",))[:400], "damaged"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (zipped(**{"word/document.xml": b"<x/>"}), "no_list"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        (b"%PDF-1.7\nLan", "no_list"),
        (b"\x89PNG\r\n\x1a\n", "no_list"),
        (b"L\x00an\nHoa\n" * 3, "no_list"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ClassListError) as error:
        preview(data, "lop")
    assert error.value.code == f"class_list_{reason}"


def test_a_part_that_lies_about_its_size_is_never_unpacked_in_full() -> None:
    honest = with_part(excel(("Lan",)), SHEET, b"<!-- " + b"a" * 20_000_000 + b" -->")
    size = (20_000_009).to_bytes(4, "little")
    assert honest.count(size) >= 2
    with pytest.raises(ClassListError) as error:
        preview(honest.replace(size, (9).to_bytes(4, "little")))
    assert error.value.code == "class_list_damaged"


def test_a_sheet_with_far_rows_and_columns_is_cut() -> None:
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    cell = '<row r="%d"><c r="%s%d" t="inlineStr"><is><t>%s</t></is></c></row>'
    rows = cell % (1, "A", 1, "Lan") + cell % (2, "XFD", 2, "Hoa") + cell % (1_048_576, "A", 1_048_576, "Mai")
    assert names_of(with_part(excel(("x",)), SHEET, far % rows.encode())) == ("Lan",)


@pytest.mark.parametrize("seed", range(30))
def test_damage_anywhere_in_an_excel_file_never_raises_anything_else(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(excel(("Tên",), *((f"Lan {letter}",) for letter in "abcdefgh")))
    for _ in range(chance.randint(1, 12)):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    with contextlib.suppress(ClassListError):
        preview(bytes(data))


@given(binary(max_size=300))
def test_any_bytes_give_a_list_or_a_reason(data: bytes) -> None:
    with contextlib.suppress(ClassListError):
        assert all(1 <= len(name) <= 46 for name in preview(data).names)


def test_without_openpyxl_the_line_to_type_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    book = excel(("Lan",))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"bdhvs\[xlsx\]"):
        preview(book)
    assert names_of(b"Lan\n") == ("Lan",)


async def test_a_listed_name_is_kept_with_consent_and_a_nickname_needs_none(store: Store, clock: Clock) -> None:
    rooms = ClassroomService(store, now_us=clock, names=("Lan", "Hoa"))
    room = await rooms.open_class("Lớp")
    with pytest.raises(NotAllowed) as refused:
        await rooms.join(room.code, "", "vi", listed="Lan")
    assert refused.value.code == "consent_missing"
    with pytest.raises(NotAllowed) as refused:
        await rooms.join(room.code, "", "vi", listed="Ai đó", agreed=True)
    assert refused.value.code == "not_listed"
    named = await rooms.join(room.code, "", "vi", listed="Lan", agreed=True)
    nick = await rooms.join(room.code, "Tí", "vi", agreed=True)
    kept = {one.id: one.name_kind for one in store.learners(room.id)}
    assert kept == {named.learner.id: "name", nick.learner.id: "nickname"}
    assert [(one.purpose, one.text_version) for one in store.consents(named.learner.id)] == [(KEEP_NAME, KEEP_NAME_VERSION)]
    assert store.consents(nick.learner.id) == []


async def test_in_a_class_for_under_16s_a_listed_name_needs_a_guardian_and_a_nickname_none(
    store: Store, clock: Clock
) -> None:
    rooms = ClassroomService(store, now_us=clock, names=("Lan",), under_16=True)
    room = await rooms.open_class("Lớp")
    for agreed, guardian, code in ((True, False, "guardian_missing"), (False, True, "consent_missing")):
        with pytest.raises(NotAllowed) as refused:
            await rooms.join(room.code, "", "vi", listed="Lan", agreed=agreed, guardian=guardian)
        assert refused.value.code == code
    named = await rooms.join(room.code, "", "vi", listed="Lan", agreed=True, guardian=True)
    kept = [(one.purpose, one.text_version) for one in store.consents(named.learner.id)]
    assert sorted(kept) == [(GUARDIAN, GUARDIAN_VERSION), (KEEP_NAME, KEEP_NAME_VERSION)]
    nick = await rooms.join(room.code, "Tí", "vi")
    assert store.consents(nick.learner.id) == []
