"""The forms that a teacher chooses: not on the usual home page, and there when they are asked for."""

from __future__ import annotations

from pathlib import Path

from bdhvs.server.app import class_app
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.server.pace import leadable
from bdhvs.store import Store
from tests.server.conftest import BASE, Class, say


async def test_measuring_forms_wait_until_the_teacher_chooses_them(store: Store, tmp_path: Path) -> None:
    usual, _ = await prepare(ServeOptions(tmp_path / "data", "Lớp thôn Đoài", lessons=()), store, [BASE])
    waiting = {form.id for form in usual.bank.forms.values() if form.purpose}
    assert waiting and not waiting & set(usual.listed_forms)

    chosen = ("do-truoc", "xep-lop-nguoi-cao-tuoi")
    context, media = await prepare(ServeOptions(tmp_path / "data", "Lớp thôn Đoài", lessons=(), forms=chosen), store, [BASE])
    client = await Class(class_app(context, media), context).learner()
    home = (await client.get("/lop")).text
    assert "Trước khi học" in home
    assert "16 câu" in home  # a turn has as many questions as either of its forms
    assert (await client.get("/kiem-tra/do-truoc")).status_code == 200
    opened = (await say(client, type="open", form="do-truoc")).json()
    assert opened["form"]["id"] in ("do-a", "do-b")
    assert (await client.get(f"/kiem-tra/{opened['form']['id']}")).status_code == 404  # only by its turn
    assert leadable(context) == ("xep-lop-nguoi-cao-tuoi",)  # everybody has another form: it is taken alone
    assert [form.id for form in context.repairs.forms()] == ["do-a", "do-b", "xep-lop-nguoi-cao-tuoi"]
