"""An adaptive form in a class: on the board, in the teacher's hands, in the tables; and a class on a machine without numpy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.doctor.content import check_adaptive
from bdhvs.i18n import translator
from bdhvs.service.board_view import Looking
from bdhvs.service.class_report import class_report
from bdhvs.service.held import held
from bdhvs.store import Store
from bdhvs.store.export import response_rows
from tests.clients import ApiLearner, ClassProcess, event_id, some_response
from tests.server.conftest import Class, say

FORM = "xep-lop"


async def take(client: httpx.AsyncClient, most: int = 99) -> list[str]:
    """Answer items as they come; which they were, the one on the screen included."""
    opened = (await say(client, type="open", form=FORM)).json()
    shown, met = next(one for one in opened["items"] if one["id"] == opened["current"]), []
    for _ in range(most):
        met.append(shown["id"])
        act = {"type": "answer", "item": shown["id"], "version": shown["version"], "response": some_response(shown)}
        saved = (await say(client, attempt=opened["attempt"], event_id=event_id(), **act)).json()
        if "next" not in saved:
            await say(client, type="finish", attempt=opened["attempt"], event_id=event_id())
            return met
        shown = saved["next"]["item"]
    return [*met, shown["id"]]


async def test_the_board_has_columns_by_place(klass: Class) -> None:
    first, second = await klass.learner("Lan"), await klass.learner("Mai", "192.168.1.21")
    await take(first, 3)
    await take(second, 1)
    view = klass.context.board.view(Looking(form=FORM), "vi")
    assert view.adaptive
    assert [column.item for column in view.columns] == [str(number) for number in range(1, 17)]
    states = [[cell.state for cell in row.cells[:4]] for row in view.rows]
    assert states == [["answered"] * 3 + ["thinking"], ["answered", "thinking", "not_started", "not_started"]]
    assert [column.answered for column in view.columns[:3]] == [2, 1, 1]
    assert view.missed == ()
    assert klass.context.board.view(Looking(form=FORM, item="1", key=True), "vi").details is None


async def test_a_call_for_help_names_the_place(klass: Class) -> None:
    learner = await klass.learner()
    item = (await take(learner, 2))[-1]
    opened = (await say(learner, type="open", form=FORM)).json()
    await say(learner, type="ask_help", attempt=opened["attempt"], event_id=event_id(), item=item)
    call = klass.context.board.view(Looking(form=FORM), "en").rows[0].call
    assert call is not None
    assert call.place.endswith("Question 3")


async def test_the_class_cannot_take_it_together(klass: Class) -> None:
    teacher = await klass.teacher()
    answer = await teacher.post("/gv/nhip", data={"do": "open", "form": FORM, "part": "1"}, headers={"accept-language": "en"})
    assert "questions of their own" in answer.text or "câu hỏi riêng" in answer.text
    assert klass.context.pace.of(klass.context.room.id).led == {}
    page = (await teacher.get("/gv")).text
    assert f'<option value="{FORM}"' not in page


async def test_a_faulty_item_is_taken_out_and_no_order_is_offered(klass: Class) -> None:
    learner, teacher = await klass.learner(), await klass.teacher()
    met = await take(learner, 2)
    page = (await teacher.get(f"/gv/de/{FORM}")).text
    assert met[0] in page
    assert "order-title" not in page
    answer = await teacher.post(f"/gv/de/{FORM}/thu-tu", data={"order": "shuffled"})
    assert answer.status_code == 422
    answer = await teacher.post(f"/gv/de/{FORM}/{met[0]}/khong-tinh", data={"why": "the key is wrong"})
    assert answer.status_code == 303
    view = klass.context.board.view(Looking(form=FORM), "vi")
    assert view.rows[0].cells[0].state == "not_started"  # it is left out
    rows = list(response_rows(klass.context.store))
    assert [row["neutralised_why"] for row in rows] == ["the key is wrong", None, None]


async def test_the_end_of_the_class_hands_it_in(klass: Class) -> None:
    learner, teacher = await klass.learner(), await klass.teacher()
    await take(learner, 2)
    await teacher.post("/gv/nhip", data={"do": "end", "sure": "yes"})
    opened = (await say(learner, type="open", form=FORM)).json()
    assert opened["status"] == "finished"
    assert [one["outcome"] for one in opened["result"]["review"]] == ["answered", "answered", "cut_off"]


async def test_report_table_and_what_is_held_have_every_item_given(klass: Class) -> None:
    learner = await klass.learner()
    met = await take(learner)
    store, room, bank = klass.context.store, klass.context.room, klass.context.bank
    report = class_report(store, room, bank)
    assert (report.attendance[0].given, report.attendance[0].answered) == (len(met), len(met))
    rows = list(response_rows(store))
    assert [(row["position"], row["item"]) for row in rows] == list(enumerate(met, start=1))
    assert len({row["adaptive_version"] for row in rows} - {None}) == 1
    person: dict[str, Any] = held(store, store.learners(room.id)[0].id, bank, "vi", 1)
    assert [one["id"] for one in person["attempts"][0]["items"]] == met
    assert person["attempts"][0]["adaptive_version"] == rows[0]["adaptive_version"]


async def test_the_home_page_says_at_most(klass: Class) -> None:
    learner = await klass.learner()
    home = (await learner.get("/lop")).text
    assert f"/kiem-tra/{FORM}" in home


def test_without_numpy_it_is_not_offered_and_the_rest_of_the_class_runs(tmp_path: Path) -> None:
    with ClassProcess(tmp_path / "data", without=("numpy", "scipy")) as room:
        learner = ApiLearner(room.url)
        learner.join(room.code, "Bác Năm")
        with httpx.Client(base_url=room.url, headers={"origin": room.url}, trust_env=False) as visitor:
            visitor.post("/vao", data={"code": room.code, "name": "Cô Sáu"})
            assert f"/kiem-tra/{FORM}" not in visitor.get("/lop").text
            assert visitor.post("/api/quiz", json={"v": 1, "type": "open", "form": FORM}).status_code == 404
        learner.answer(learner.open("thu-suc-ngan")["items"][0])
        learner.close()
    with Store.read_only(tmp_path / "data") as store:
        assert {row["form"] for row in response_rows(store)} == {"thu-suc-ngan"}


def test_a_class_loads_numpy_only_for_an_adaptive_form(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import asyncio, json, sys\n"
        "from pathlib import Path\n"
        "from bdhvs.server.opening import ServeOptions, prepare\n"
        "from bdhvs.store import Store\n"
        "from bdhvs.service.learner import Learner\n"
        "from bdhvs.service.protocol import take_message\n"
        "async def run():\n"
        "    with Store.open(Path(sys.argv[1])) as store:\n"
        "        context, _ = await prepare(ServeOptions(Path(sys.argv[1]), 'L'), store, ['http://x'])\n"
        "        who = (await context.rooms.join(context.room.code, 'Lan', 'vi')).learner\n"
        "        said = []\n"
        "        for form in ('thu-suc', 'xep-lop'):\n"
        "            await context.quiz.handle(who, take_message({'v': 1, 'type': 'open', 'form': form}))\n"
        "            said.append('numpy' in sys.modules)\n"
        "        print(json.dumps(said))\n"
        "asyncio.run(run())\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "d")], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [False, True]


def test_the_doctor_says_whether_it_can_be_given(klass_bank: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = check_adaptive(klass_bank, translator("en"))
    assert (finding.verdict, finding.figures["adaptive"]) == ("ok", [FORM])
    monkeypatch.setitem(__import__("sys").modules, "scipy", None)
    finding = check_adaptive(klass_bank, translator("en"))
    assert finding.verdict == "note"
    assert "bdhvs[measurement]" in finding.text


@pytest.fixture(scope="module")
def klass_bank() -> Any:
    from bdhvs.bank.loader import Bank

    return Bank.load()
