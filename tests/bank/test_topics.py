"""Topics of the home page: every lesson and listed form stands in one, and a wrong file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.bank.topics import FILE, read_topics
from bdhvs.errors import BankError

LESSONS = find_content().notebooks / "hoc-vien"


def test_every_lesson_and_listed_form_has_a_topic_and_every_topic_is_of_real_ones() -> None:
    topics = read_topics(LESSONS)
    listed = {form.id for form in Bank.load().forms.values() if form.listed}
    assert {one for topic in topics for one in topic.forms} == listed
    assert {one for topic in topics for one in topic.lessons} == {path.stem for path in LESSONS.glob("*.ipynb")}
    assert all(topic.title.en for topic in topics)


def test_a_folder_without_the_file_has_no_topics(tmp_path: Path) -> None:
    assert read_topics(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what: topics\nformat: 1\ntopics:\n  - id: a\n    title: {vi: A}\n    lesons: [x]\n", "lesons"),
        ("what: topics\nformat: 1\ntopics:\n  - id: a\n    title: {vi: A}\n    lessons: [x]\n    forms: [x]\n", "keep it in one"),
        ("- a\n", "expected fields"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(BankError, match=said):
        read_topics(tmp_path)
