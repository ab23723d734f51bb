"""The author's editor in a real kernel: findings as one types, a preview that answers, and saving without harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import bdhvs
from bdhvs.core.items import item_kinds
from bdhvs.errors import NotFound
from bdhvs.widgets.item_editor import ItemEditor
from tests.widgets.conftest import Front, new_event


def plain(html: str) -> str:
    return re.sub("<[^>]+>", "", html).strip()


def typed(editor: ItemEditor, text: str, *, save: bool = False) -> None:
    editor._pane._received({"text": text, **({"save": True} if save else {})})


@pytest.fixture
def editor(tmp_path: Path) -> ItemEditor:
    return bdhvs.write_item(folder=tmp_path, lang="en")


@pytest.mark.parametrize("kind", item_kinds())
def test_a_new_item_of_each_kind_begins_as_one_that_works(kind: str, tmp_path: Path) -> None:
    editor = bdhvs.write_item(kind=kind, folder=tmp_path)
    assert editor.draft.item is not None
    assert (editor.draft.item.id, editor.draft.item.kind) == ("cau-hoi-moi", kind)
    assert [one.lang for one in editor._previews] == ["vi", "en"]
    assert [one for one in editor.draft.problems if one.severity == "error"] == []


def test_errors_and_advice_follow_what_is_typed_and_the_last_good_preview_stays(editor: ItemEditor) -> None:
    text, before = editor.draft.text, editor._previews
    typed(editor, text.replace("options:", "option:"))
    lines = {line: message for line, severity, message, _ in editor._pane.findings if severity == "error"}
    assert any('Did you mean "options"' in message for message in lines.values())
    assert editor._previews == before
    typed(editor, text.replace("explanation:", "explanation:  "))
    assert editor._pane.findings == []
    assert editor._previews == before, "the same item needs no new preview"
    typed(editor, text.replace("version: 1", "version: 2"))
    assert editor._previews != before


def test_saving_writes_the_file_and_never_over_another_item(editor: ItemEditor, tmp_path: Path) -> None:
    text = editor.draft.text
    file = tmp_path / "assessments" / "items" / str(editor.draft.item.competence) / "cau-hoi-moi.yaml"  # type: ignore[union-attr]
    typed(editor, text.replace("options:", "option:"), save=True)
    assert "errors first" in editor._pane.said
    assert not file.exists()
    typed(editor, text, save=True)
    assert editor._pane.said == f"Saved: {file}"
    typed(editor, text.replace("version: 1", "version: 2"), save=True)
    assert "version: 2" in file.read_text("utf-8"), "the editor goes on with its own file"
    other = bdhvs.write_item(folder=tmp_path, lang="en")
    typed(other, text, save=True)
    assert "another item called cau-hoi-moi" in other._pane.said
    assert "version: 2" in file.read_text("utf-8")
    again = bdhvs.write_item("cau-hoi-moi", folder=tmp_path, lang="en")
    typed(again, again.draft.text, save=True)
    assert again._pane.said.startswith("Saved")


@pytest.mark.parametrize("junk", [None, 1, [], {"text": 3}, {"save": True}, {"text": "x" * 70_000}])
def test_junk_changes_nothing(editor: ItemEditor, junk: Any) -> None:
    before = (editor._pane.text, editor._pane.findings)
    editor._pane._received(junk)
    assert (editor._pane.text, editor._pane.findings) == before


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there are: none"):
        bdhvs.write_item("khong-co", folder=tmp_path)
    with pytest.raises(NotFound, match="single_choice"):
        bdhvs.write_item(kind="khong-co", folder=tmp_path)
    with pytest.raises(NotFound, match="no file"):
        bdhvs.preview_item(tmp_path / "khong-co.yaml")


def test_a_file_is_previewed_with_its_solution_and_escaped_findings(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "assessments" / "items" / "4.2" / "cuoc-goi-xin-ma-otp.yaml"
    shown = bdhvs.preview_item(shipped, lang="en")
    assert "Nothing to correct" in shown.children[0].value
    solutions = [column.children[2].value for column in shown.children[1].children]
    assert "Cúp máy" in solutions[0]
    assert "Hang up" in solutions[1]
    broken = bdhvs.preview_item("id: <b>\n", lang="en")
    assert len(broken.children) == 1
    assert "&lt;b&gt;" in broken.children[0].value
    assert "<b>" not in broken.children[0].value


def test_the_preview_opens_answers_and_teaches_over_the_comm(front: Front, tmp_path: Path) -> None:
    front.execute(f"import bdhvs\neditor = bdhvs.write_item(folder={str(tmp_path)!r})")
    for place, lang in enumerate(("vi", "en")):
        front.execute(f"preview = editor._previews[{place}]")
        comm, form = (str(front.execute(code)["data"]["text/plain"]).strip("'") for code in ("preview.model_id", "preview._form_id"))
        status, opened = front.ask(comm, {"v": 1, "type": "open", "form": form, "lang": lang})
        assert status == 200, opened
        assert [item["id"] for item in opened["items"]] == ["cau-hoi-moi"]
        item = opened["items"][0]
        answer = {"v": 1, "type": "answer", "attempt": opened["attempt"], "event_id": new_event(), "item": item["id"], "version": item["version"]}
        status, saved = front.ask(comm, {**answer, "response": {"choice": item["body"]["options"][0]["id"]}, "help": "none", "elapsed_ms": 10})
        assert status == 200, saved
        assert saved["state"]["feedback"]["html"]
        expected = front.execute(f"editor.draft.item.stem.in_language({lang!r})")["data"]["text/plain"]
        assert plain(item["stem"]) == plain(expected.strip("'\"").replace("**", ""))
    assert not list(tmp_path.iterdir()), "a preview keeps nothing in the author's folder"
