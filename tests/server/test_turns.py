"""Forms that a teacher chose for a class, among them a turn."""

from __future__ import annotations

from pathlib import Path

from bdhvs.server.app import class_app
from bdhvs.server.opening import ServeOptions, prepare
from bdhvs.server.pace import leadable
from bdhvs.store import Store
from tests.server.conftest import BASE, Class, say


async def test_a_turn_has_one_card_and_leads_each_learner_to_a_form_of_their_own(store: Store, tmp_path: Path) -> None:
    chosen = ("do-truoc", "xep-lop-nguoi-cao-tuoi")
    context, media = await prepare(
        ServeOptions(tmp_path / "data", "Lớp thôn Đoài", lessons=(), forms=chosen), store, [BASE]
    )
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
