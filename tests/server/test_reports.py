"""After class: who may open which report, and what stands in it."""

from __future__ import annotations

import sys
from io import BytesIO

import httpx
import pytest

from bdhvs.core.presenting import arrangement
from bdhvs.server.reports import SHEETS_AT_ONCE
from tests.clients import event_id
from tests.server.conftest import Class, say
from tests.service.conftest import right_response

TEACHER_ONLY = ["/gv/bao-cao.html", "/gv/bao-cao.pdf", "/gv/bao-cao.xlsx", "/gv/bao-cao.html?ten=1"]


async def work(klass: Class, client: httpx.AsyncClient, *, hand_in: bool = True) -> None:
    """Two right answers of the short quiz."""
    opened = (await say(client, type="open", form="thu-suc-ngan")).json()
    found = klass.context.store.attempt(opened["attempt"])
    assert found is not None
    for shown in opened["items"][:2]:
        item = klass.context.bank.item(shown["id"])
        raw = item.places(right_response(item), arrangement(item, found[0].seed, found[0].shuffle_options))
        about = {"attempt": opened["attempt"], "item": item.id, "version": item.version, "event_id": event_id()}
        assert (await say(client, type="answer", response=raw, **about)).status_code == 200
    if hand_in:
        assert (await say(client, type="finish", attempt=opened["attempt"], event_id=event_id())).status_code == 200


@pytest.mark.parametrize("path", TEACHER_ONLY)
async def test_the_class_report_is_for_the_teacher_only(klass: Class, path: str) -> None:
    learner = await klass.learner("Bác Năm")
    for client in (learner, klass.client()):
        refused = await client.get(path)
        assert refused.status_code == 403
        assert "Bác Năm" not in refused.text


async def test_the_page_has_names_only_when_asked_and_whom_to_visit_off_the_paper(klass: Class) -> None:
    await work(klass, await klass.learner("Bác Năm"))
    await klass.learner("Cô Tư")
    teacher = await klass.teacher()
    page = (await teacher.get("/gv/bao-cao.html?lang=en")).text
    attendance = page.split('id="there-title"')[1]
    assert "Learner 1" in attendance
    assert "Bác Năm" not in attendance
    visits = page.split('class="report-visits"')[1].split("</section>")[0]
    assert "Cô Tư" in visits
    assert "joined but has not begun" in visits
    named = (await teacher.get("/gv/bao-cao.html?lang=en&ten=1")).text
    assert "Bác Năm" in named.split('id="there-title"')[1]
    css = next(line for line in page.splitlines() if "report.css" in line).split('href="')[1].split('"')[0]
    printed = (await teacher.get(css)).text.split("@media print")[1]
    assert ".report-visits" in printed.split("display: none")[0]


async def test_a_simulation_done_with_help_stands_in_the_page_as_level_1(klass: Class) -> None:
    learner = await klass.learner("Bác Năm")
    opened = (await say(learner, type="open", form="luyen-may-tap")).json()
    item = klass.context.bank.item(opened["items"][0]["id"])
    row = klass.context.store.attempt(opened["attempt"])[0]  # type: ignore[index]
    raw = item.places(right_response(item), arrangement(item, row.seed, row.shuffle_options))
    about = {"attempt": opened["attempt"], "item": item.id, "version": item.version, "event_id": event_id()}
    assert (await say(learner, type="answer", response=raw, help="teacher", **about)).status_code == 200
    page = (await (await klass.teacher()).get("/gv/bao-cao.html?lang=en")).text
    assert "<td>level 1: 1</td>" in page.split('id="phone-title"')[1].split("</section>")[0]


async def test_the_page_keeps_the_strict_policy(klass: Class) -> None:
    await work(klass, await klass.learner("Bác Năm"))
    page = (await (await klass.teacher()).get("/gv/bao-cao.html")).text
    assert " style=" not in page
    assert "<style" not in page


async def test_names_in_the_report_are_never_read_as_html(klass: Class) -> None:
    await klass.learner("<b>Lan</b>")
    page = (await (await klass.teacher()).get("/gv/bao-cao.html?ten=1")).text
    assert "<b>Lan" not in page
    assert "&lt;b&gt;Lan" in page


async def test_the_teacher_takes_a_pdf_and_a_workbook_away(klass: Class) -> None:
    pypdf, openpyxl = pytest.importorskip("pypdf"), pytest.importorskip("openpyxl")
    await work(klass, await klass.learner("Bác Năm"))
    teacher = await klass.teacher()
    pdf = await teacher.get("/gv/bao-cao.pdf?ten=1")
    assert pdf.headers["content-type"] == "application/pdf"
    assert f'bao-cao-{klass.code}.pdf"' in pdf.headers["content-disposition"]
    pages = pypdf.PdfReader(BytesIO(pdf.content)).pages
    assert len(pages) == 2
    assert "Bác Năm" in pages[0].extract_text()
    book = openpyxl.load_workbook(BytesIO((await teacher.get("/gv/bao-cao.xlsx?lang=en")).content))
    assert book["Attendance"]["B2"].value == "Learner 1"


async def test_a_learner_sees_their_own_results_and_nobody_else_s(klass: Class) -> None:
    mine, other = await klass.learner("Bác Năm"), await klass.learner("Cô Tư")
    await work(klass, mine)
    page = (await mine.get("/ket-qua?lang=en")).text
    assert "Bác Năm" in page
    assert "You did 2 of 2 tasks." in page
    assert "not the state&#39;s confirmation on VNeID" in page
    theirs = (await other.get("/ket-qua?lang=en")).text
    assert "Bác Năm" not in theirs
    assert "Nothing to show yet" in theirs
    assert (await klass.client().get("/ket-qua")).headers["location"] == "/"
    assert (await klass.client().get("/ket-qua.pdf")).headers["location"] == "/"


async def test_nothing_of_a_quiz_under_way_is_shown(klass: Class) -> None:
    client = await klass.learner("Bác Năm")
    await work(klass, client, hand_in=False)
    assert "Nothing to show yet" in (await client.get("/ket-qua?lang=en")).text


async def test_a_forged_cookie_opens_no_sheet(klass: Class) -> None:
    client = klass.client()
    client.cookies.set("bdhvs_hv", "ImZvcmdlZCI.nothing", domain="lop.example")
    assert (await client.get("/ket-qua.pdf")).headers["location"] == "/"


async def test_the_sheet_comes_as_pdf_and_not_without_end(klass: Class) -> None:
    pypdf = pytest.importorskip("pypdf")
    client, other = await klass.learner("Bác Năm"), await klass.learner("Cô Tư")
    replies = [await client.get("/ket-qua.pdf") for _ in range(SHEETS_AT_ONCE + 1)]
    assert [reply.status_code for reply in replies] == [200] * SHEETS_AT_ONCE + [429]
    (page,) = pypdf.PdfReader(BytesIO(replies[0].content)).pages
    assert "Bác Năm" in page.extract_text()
    assert (await other.get("/ket-qua.pdf")).status_code == 200


async def test_without_the_extra_the_page_works_and_says_what_to_install(
    klass: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("bdhvs.credentials.", "fpdf", "openpyxl"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fpdf", None)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setattr("bdhvs.server.reports.find_spec", lambda name: None)
    learner, teacher = await klass.learner("Bác Năm"), await klass.teacher()
    page = await teacher.get("/gv/bao-cao.html")
    assert page.status_code == 200
    assert "bdhvs[report]" in page.text
    assert "/gv/bao-cao.pdf" not in page.text
    assert "/ket-qua.pdf" not in (await learner.get("/ket-qua")).text
    for client, path in ((teacher, "/gv/bao-cao.pdf"), (teacher, "/gv/bao-cao.xlsx"), (learner, "/ket-qua.pdf")):
        refused = await client.get(path)
        assert refused.status_code == 501
        assert "bdhvs[report]" in refused.text
