"""PDFs read back: what stands in them, on how many pages, in which letters."""

from __future__ import annotations

import importlib
import sys
from io import BytesIO
from typing import Any

import pytest

from bdhvs.errors import MissingExtra
from tests.credentials.making import LONG, MADE_US, changed, levelled, report, sheet, with_own_view

pypdf = pytest.importorskip("pypdf")
pytest.importorskip("fpdf")

from bdhvs.credentials.report_pdf import report_pdf  # noqa: E402  # after the check that there is something to import
from bdhvs.credentials.sheet_pdf import sheet_pdf  # noqa: E402


def read(content: bytes) -> Any:
    return pypdf.PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in read(content).pages).split())


def fonts(content: bytes) -> list[Any]:
    """The descriptors of all fonts of all pages."""
    found = []
    for page in read(content).pages:
        for font in page["/Resources"]["/Font"].values():
            found.append(font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object())
    return found


def test_a_report_tells_class_counts_domains_and_hard_questions() -> None:
    said = text_of(report_pdf(report(), MADE_US))
    for wanted in (
        "Lớp thôn Đoài, xã Tân Lập", "Class code K7M2PX", "opened on 22/11/2026", "answers 08:01–09:01", "22/11/2026 11:00",
        "2. Giao tiếp và hợp tác trong môi trường số", "9 · 2 · 4", "5 of 8 learners; maybe 31–86 %", "Nguyễn Thị Hòa 2",
        "4.2 Bảo vệ dữ liệu", "2 of 8 learners did it alone", "Ông nên làm gì?", "(5 learners): Đọc mã cho người gọi",
        "An toàn trước lừa đảo", "not the state's confirmation on VNeID", "1/2", "2/2",
    ):  # fmt: skip
        assert wanted in said, wanted


def test_whom_to_visit_is_never_on_paper() -> None:
    assert "stopped before handing in" not in text_of(report_pdf(report(), MADE_US))


@pytest.mark.parametrize("stem", ["Ông nên làm gì?", LONG])
def test_what_people_think_of_themselves_finds_room_before_the_signatures(stem: str) -> None:
    made = report_pdf(with_own_view(report(stem=stem)), MADE_US)
    assert len(read(made).pages) == 2
    heights: dict[str, list[float]] = {}
    read(made).pages[1].extract_text(visitor_text=lambda text, cm, tm, font, size: heights.setdefault(text.strip(), []).append(tm[5] * cm[3] + cm[5]))
    own = [min(ys) for text, ys in heights.items() if "then explain" in text or "nobody's fault" in text]
    signed = [max(ys) for text, ys in heights.items() if "For the village or commune" in text]
    assert own
    assert min(own) > max(signed) + 10  # points; the page counts from below
    assert "What people think" not in text_of(report_pdf(report(), MADE_US))


def test_what_the_teacher_changed_has_a_page_of_its_own_with_time_and_reason() -> None:
    made = report_pdf(changed(report()), MADE_US)
    assert len(read(made).pages) == 3
    said = text_of(made)
    for wanted in ("What the teacher changed", "22/11/2026 11:00", "Thử sức số", "Reason: đáp án in sai", "3 people of the class"):
        assert wanted in said, wanted
    assert "What the teacher changed" not in text_of(report_pdf(report(), MADE_US))


def test_without_names_the_paper_has_numbers() -> None:
    said = text_of(report_pdf(report().without_names(), MADE_US))
    assert "Nguyễn Thị" not in said
    assert "Learner 3" in said


@pytest.mark.parametrize("people", [3, 60])
@pytest.mark.parametrize("stem", ["Ông nên làm gì?", LONG])
def test_a_class_of_up_to_sixty_takes_two_pages_whatever_the_questions(people: int, stem: str) -> None:
    content = report_pdf(report(people, stem=stem), MADE_US)
    assert len(read(content).pages) == 2
    assert f"Nguyễn Thị Hòa {people}" in text_of(content)
    assert "(signature and full name)" in read(content).pages[1].extract_text()


def test_a_larger_class_has_its_list_at_the_end_with_everybody() -> None:
    content = report_pdf(report(200), MADE_US)
    pages = read(content).pages
    assert len(pages) == 5
    assert "The list has 200 learners" in pages[0].extract_text()
    said = text_of(content)
    assert all(f"Hòa {n} " in said for n in range(1, 201))


def test_an_empty_class_has_a_report_too() -> None:
    from dataclasses import replace

    empty = replace(report(), attendance=(), domains=(), hardest=(), lessons=(), visits=())
    said = text_of(report_pdf(empty, MADE_US))
    assert "answers –" in said


@pytest.mark.parametrize("content", [report_pdf(report(), MADE_US), sheet_pdf(sheet(), MADE_US)], ids=["report", "sheet"])
def test_every_font_is_embedded_and_the_language_is_said(content: bytes) -> None:
    described = fonts(content)
    assert described
    assert all("/FontFile2" in one and "NotoSans" in one["/FontName"] for one in described)
    assert read(content).trailer["/Root"]["/Lang"] == "en"
    assert len(content) < 200_000


def test_the_same_report_gives_the_same_file() -> None:
    assert report_pdf(report(), MADE_US) == report_pdf(report(), MADE_US)


def test_an_emoji_or_foreign_sign_in_a_name_neither_fails_nor_leaves_a_box(caplog: pytest.LogCaptureFixture) -> None:
    said = text_of(report_pdf(report(names=["Tí 😀", "😀", "山田", "Lê Thị Ợ"]), MADE_US))
    assert "Lê Thị Ợ" in said
    assert "Tí" in said
    assert caplog.records == []


def test_every_vietnamese_letter_comes_out() -> None:
    letters = "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ"
    said = text_of(report_pdf(report(hard=1, stem=f"{letters} {letters.upper()}"), MADE_US))
    assert all(word in said for word in f"{letters} {letters.upper()}".split())


def test_a_sheet_is_one_page_with_counts_next_lessons_and_the_notice() -> None:
    content = sheet_pdf(sheet(), MADE_US)
    assert len(read(content).pages) == 1
    said = text_of(content)
    for wanted in (
        "Bác Năm", "Lớp thôn Đoài", "You did 20 of 30 tasks.", "3. Ứng dụng trí tuệ nhân tạo",
        "3 done alone, 1 with help, 2 not yet", "no task yet", "An toàn trước lừa đảo lấy mã OTP",
        "It is not the state's confirmation on VNeID.", "Helped 5 people who did it with their own hands",
    ):  # fmt: skip
        assert wanted in said, wanted


@pytest.mark.parametrize(
    ("module", "package"), [("report_pdf", "fpdf"), ("sheet_pdf", "fpdf"), ("report_xlsx", "openpyxl")]
)
def test_without_the_extra_the_line_to_type_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, package: str
) -> None:
    for name in [name for name in sys.modules if name.startswith(("bdhvs.credentials", package))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=r'pip install "bdhvs\[report\]"'):
        importlib.import_module(f"bdhvs.credentials.{module}")


def test_levels_have_a_page_of_their_own_and_why_there_are_none_stands_on_page_2() -> None:
    pages = read(report_pdf(levelled(report(40)), MADE_US)).pages
    assert len(pages) >= 3
    said = pages[2].extract_text()
    assert "Intermediate" in said
    assert "Basic, alone" in said
    plain = read(report_pdf(report(), MADE_US)).pages
    assert len(plain) == 2
    assert "No level is named" in plain[1].extract_text()
    assert "Do not conclude anything" in plain[1].extract_text()
