"""A class list as teachers have them, and names that are kept only with consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.errors import NotAllowed
from bdhvs.service.class_list import KEEP_NAME, KEEP_NAME_VERSION, ClassListError, read_class_list
from bdhvs.service.classrooms import ClassroomService
from bdhvs.store import Store
from tests.service.conftest import Clock


def test_names_are_read_a_line_each_cleaned_and_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "lop.csv"
    path.write_text("\ufeff  Nguyễn  Thị Hòa ;1951\r\n\r\nTrần Văn Nam,1960\nTrần Văn Nam\t1972\n", "utf-8")
    assert read_class_list(path) == ("Nguyễn Thị Hòa", "Trần Văn Nam", "Trần Văn Nam (2)")


def test_every_wrong_line_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lop.txt"
    path.write_text("Lan\n;1950\nHoa\n" + "x" * 60 + "\n", "utf-8")
    with pytest.raises(ClassListError) as error:
        read_class_list(path)
    assert [problem.line for problem in error.value.problems] == [2, 4]


def test_a_wrong_encoding_says_where_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "lop.txt"
    path.write_bytes("Lan\nHoà\n".encode("cp1258", "replace"))
    with pytest.raises(ClassListError, match="UTF-8") as error:
        read_class_list(path)
    assert error.value.problems[0].line == 2


@pytest.mark.parametrize("content", ["", "\n\n", "Lan\n" * 501])
def test_an_empty_or_endless_list_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lop.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(ClassListError):
        read_class_list(path)
    with pytest.raises(ClassListError, match="cannot be read"):
        read_class_list(tmp_path / "khong-co.txt")


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
