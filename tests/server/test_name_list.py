"""The class list on the teacher's page: looked at line by line, stored after a yes, gone when it is dropped."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.server.uploads import MAX_UPLOAD_BYTES
from bdhvs.store import Store
from tests.server.conftest import BASE, Class

CSV = "STT,Họ và tên\n1,Nguyễn Thị Hòa\n2,  Trần   Văn Nam \n3,Trần Văn Nam\n4,\n5,Lê 0912345678\n"


async def look(teacher: httpx.AsyncClient, data: bytes, name: str = "danh-sach.csv") -> httpx.Response:
    return await teacher.post("/gv/danh-sach", files={"file": (name, data)})


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def stored(store: Store, word: str) -> list[str]:
    return [path.name for path in store.folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


async def test_nothing_is_stored_before_the_teacher_says_yes(klass: Class) -> None:
    teacher = await klass.teacher()
    shown = await look(teacher, CSV.encode())
    assert shown.status_code == 200
    for text in ("Nguyễn Thị Hòa", "Trần Văn Nam (2)", "Dòng 5:", "Dòng 6:", "Dòng 4:"):
        assert text in shown.text
    assert " checked" not in shown.text
    assert stored(klass.context.store, "Nguyễn Thị Hòa") == []
    assert klass.context.rooms.names == ()
    assert "Nguyễn Thị Hòa" not in (await klass.client().get(f"/j/{klass.code}")).text
    done = await teacher.post("/gv/danh-sach/dung", data={"token": token(shown.text)})
    assert done.status_code == 303
    assert "Nguyễn Thị Hòa" in (await teacher.get(done.headers["location"])).text
    assert stored(klass.context.store, "Nguyễn Thị Hòa")
    assert "Trần Văn Nam (2)" in (await klass.client().get(f"/j/{klass.code}")).text
    again = await teacher.post("/gv/danh-sach/dung", data={"token": token(shown.text)})
    assert again.status_code == 422  # a preview is good for one time


async def test_the_list_is_there_after_a_restart_and_gone_when_it_is_dropped(klass: Class, tmp_path: Path) -> None:
    teacher = await klass.teacher()
    shown = await look(teacher, CSV.encode())
    await teacher.post("/gv/danh-sach/dung", data={"token": token(shown.text), "under_16": "yes"})
    context, _ = await prepare(ServeOptions(tmp_path / "data", "Lớp"), klass.context.store, [BASE])
    assert context.rooms.names == ("Nguyễn Thị Hòa", "Trần Văn Nam", "Trần Văn Nam (2)")
    assert context.rooms.under_16
    assert (await teacher.post("/gv/danh-sach/bo")).status_code == 303
    assert klass.context.rooms.names == ()
    assert stored(klass.context.store, "Nguyễn Thị Hòa") == []


async def test_the_latest_preview_counts_and_a_guessed_one_is_none(klass: Class) -> None:
    teacher = await klass.teacher()
    first = token((await look(teacher, b"Lan\nHoa")).text)
    second = token((await look(teacher, b"Mai")).text)
    for wrong in (first, "", "x" * 3000, "é"):
        assert (await teacher.post("/gv/danh-sach/dung", data={"token": wrong})).status_code == 422
    assert (await teacher.post("/gv/danh-sach/dung", data={"token": second})).status_code == 303
    assert klass.context.rooms.names == ("Mai",)


async def test_an_excel_file_is_read_and_markup_in_a_name_stays_text(klass: Class) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book, out = openpyxl.Workbook(), BytesIO()
    for row in (["Họ và tên"], ["Nguyễn <b>Nam</b>"], ["Lê Thị Mai"]):
        book.active.append(row)
    book.save(out)
    shown = await look(await klass.teacher(), out.getvalue(), "<i>x</i>.xlsx")
    assert "Lê Thị Mai" in shown.text
    assert "<b>Nam" not in shown.text
    assert "<i>x" not in shown.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Hãy chọn một tệp trước"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000, "(.xls)"),
        (b"PK\x03\x04" + b"\xff" * 300, "hỏng"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, 'role="alert"'),
        (b"\n\n\n", "không có tên nào"),
        (b"0912345678\n123", "không có tên nào"),
    ],
)
async def test_a_wrong_file_is_told_in_words(klass: Class, data: bytes, sentence: str) -> None:
    shown = await look(await klass.teacher(), data, "x.xls")
    assert sentence in shown.text
    assert "Traceback" not in shown.text
    assert 'name="token"' not in shown.text
    assert klass.context.rooms.names == ()


async def test_a_film_is_refused_before_it_is_read_and_a_long_chunked_body_too(klass: Class) -> None:
    teacher = await klass.teacher()
    shown = await look(teacher, b"x" * (MAX_UPLOAD_BYTES + 1))
    assert shown.status_code == 413
    assert "900 KB" in shown.text

    async def chunks():  # type: ignore[no-untyped-def]
        for _ in range(2000):
            yield b"a" * 1000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert (await teacher.post("/gv/danh-sach", content=chunks(), headers=headers)).status_code == 413
    assert (await teacher.post("/gv/danh-sach/dung", data={"token": "x" * 20_000})).status_code == 413
    assert (await look(teacher, b"Lan\n" * 100)).status_code == 200


ADDRESSES = [
    ("GET", "/gv/danh-sach"),
    ("POST", "/gv/danh-sach"),
    ("POST", "/gv/danh-sach/dung"),
    ("POST", "/gv/danh-sach/bo"),
    ("POST", "/gv/khong-ten"),
    ("GET", "/gv/phieu-phu-huynh.pdf"),
]


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
async def test_all_of_it_is_the_teacher_s_alone(klass: Class, method: str, address: str) -> None:
    for client in (klass.client(), await klass.learner()):
        assert (await client.request(method, address)).status_code == 403
    assert not klass.context.rooms.no_names


async def test_another_site_sends_no_list(klass: Class) -> None:
    teacher = await klass.teacher()
    sent = await teacher.post("/gv/danh-sach", files={"file": ("x.csv", b"Lan")}, headers={"origin": "http://evil.example"})
    assert sent.status_code == 403


async def test_the_guardians_form_is_a_pdf(klass: Class) -> None:
    pytest.importorskip("fpdf")
    made = await (await klass.teacher()).get("/gv/phieu-phu-huynh.pdf")
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF-")


async def test_a_class_without_names_is_chosen_before_anybody_is_in(klass: Class) -> None:
    teacher = await klass.teacher()
    assert "/gv/khong-ten" in (await teacher.get("/gv/danh-sach")).text
    assert (await teacher.post("/gv/khong-ten")).status_code == 303
    join = (await klass.client().get(f"/j/{klass.code}")).text
    assert 'name="name"' not in join
    learner = await klass.learner("Bác Năm xóm Đông")
    assert "Xin chào Trâu Vàng!" in (await learner.get("/lop")).text
    assert stored(klass.context.store, "Bác Năm") == []
    for address in ("/gv", "/gv/nguoi-hoc", "/gv/bang.json", "/gv/bao-cao.html?ten=1"):
        assert "Trâu Vàng" in (await teacher.get(address)).text, address
    assert "Trâu Vàng" in (await learner.get("/ket-qua")).text
    assert (await look(teacher, b"Lan")).status_code == 422


async def test_with_somebody_in_it_is_too_late(klass: Class) -> None:
    await klass.learner()
    teacher = await klass.teacher()
    assert "/gv/khong-ten" not in (await teacher.get("/gv/danh-sach")).text
    late = await teacher.post("/gv/khong-ten")
    assert late.status_code == 422
    assert not klass.context.rooms.no_names
