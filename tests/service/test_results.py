"""What a result and the class at a glance say, counted by hand."""

from __future__ import annotations

import dataclasses

from bdhvs.bank.loader import Bank
from bdhvs.service.overview import overview
from bdhvs.service.quiz import QuizService
from bdhvs.service.results import LessonLink, lessons_for
from bdhvs.store import Store
from bdhvs.store.export import response_rows
from tests.service.conftest import Clock, Player


async def test_tasks_done_alone_with_help_and_not_yet_are_counted_per_domain(player: Player, bank: Bank) -> None:
    opened = await player.open("thu-suc-ngan")
    ids = [shown.id for shown in opened.items]
    await player.answer(ids[0], right=True)
    await player.answer(ids[1], right=True, help="teacher")
    await player.answer(ids[2], right=False)
    await player.act("skip", item=ids[3])
    result = (await player.act("finish")).result
    by_code = {domain.code: domain for domain in result.domains}
    first, second = by_code["1"], by_code["2"]
    assert [bank.item(one).competence[0] for one in ids[:4]] == ["1", "1", "2", "2"]
    assert (first.alone, first.helped, first.total) == (1, 1, 2)
    assert first.sentence == "làm được 2 trong 2 việc, 1 việc cần giúp"
    assert (second.alone, second.helped, second.total) == (0, 0, 2)
    assert result.summary == "Làm được 2 trong 12 việc."
    assert [review.outcome for review in result.review[:6]] == [
        "answered", "answered", "answered", "skipped", "cut_off", "not_reached",
    ]  # fmt: skip


async def test_the_lesson_that_teaches_most_of_what_is_missing_comes_first(
    player: Player, bank: Bank, store: Store, clock: Clock
) -> None:
    lessons = [
        LessonLink("Ít", "/bai/it", ("1.1",), "vi"),
        LessonLink("Nhiều", "/bai/nhieu", ("1.1", "4.1", "4.2", "2.3"), "vi"),
        LessonLink("Thừa", "/bai/thua", ("0.1",), "vi"),
        LessonLink("English", "/bai/nhieu", ("1.1", "4.1", "4.2"), "en"),
    ]
    player.quiz = QuizService(bank, store, now_us=clock, lessons=lessons)
    await player.open("thu-suc")
    result = (await player.act("finish")).result
    assert [link.title for link in result.next] == ["Nhiều", "Ít"]


async def test_a_form_without_review_shows_none(player: Player, bank: Bank, store: Store, clock: Clock) -> None:
    hidden = {**bank.forms, "thu-suc-ngan": bank.form("thu-suc-ngan").model_copy(update={"review": False})}
    player.quiz = QuizService(dataclasses.replace(bank, forms=hidden), store, now_us=clock)
    opened = await player.open("thu-suc-ngan")
    await player.answer(opened.items[0].id, right=True)
    assert (await player.act("finish")).result.review == ()


async def test_results_speak_the_learner_s_language(player: Player) -> None:
    await player.open("thu-suc-ngan", lang="en")
    result = (await player.act("finish")).result
    assert result.summary == "You did 0 of 12 tasks."
    assert "not the state's confirmation on VNeID" in result.notice


async def test_the_class_at_a_glance_counts_what_was_done_and_who_asks_for_help(
    player: Player, other: Player, bank: Bank, store: Store
) -> None:
    opened = await player.open("thu-suc-ngan")
    ids = [shown.id for shown in opened.items]
    await player.answer(ids[0], right=True)
    await player.answer(ids[1], right=True, help="teacher")
    await player.answer(ids[2], right=False)
    await player.act("finish")
    theirs = await other.open("thu-suc-ngan")
    await other.act("ask_help", item=theirs.items[0].id)
    seen = overview(store, player.learner.classroom_id, bank, "vi")
    asking, done = seen.learners
    assert (asking.name, asking.answered, asking.asks) == ("Lan (2)", 0, "Thử sức số – mười hai câu · Câu 1")
    assert (done.name, done.answered, done.right, done.helped, done.finished) == ("Lan", 3, 2, 1, 1)
    assert seen.answers == 3
    assert sum(line.answered for line in seen.competences) == 3
    assert sum(line.alone for line in seen.competences) == 1
    assert sum(line.helped for line in seen.competences) == 1
    assert sum(line.not_yet for line in seen.competences) == 1


async def test_tidy_rows_tell_tries_silences_and_help_apart(player: Player, store: Store) -> None:
    opened = await player.open("luyen-otp")
    ids = [shown.id for shown in opened.items]
    await player.act("hint", item=ids[0])
    await player.answer(ids[0], right=False, elapsed_ms=4200, confidence=2)
    await player.answer(ids[0], right=True)
    await player.act("skip", item=ids[1])
    await player.act("finish")
    rows = list(response_rows(store))
    assert [(row["item"], row["try"], row["last"], row["outcome"]) for row in rows] == [
        (ids[0], 1, False, "answered"),
        (ids[0], 2, True, "answered"),
        (ids[1], 0, True, "skipped"),
        (ids[2], 0, True, "cut_off"),
        (ids[3], 0, True, "not_reached"),
        (ids[4], 0, True, "not_reached"),
    ]
    first = rows[0]
    assert (first["help"], first["elapsed_ms"], first["confidence"]) == ("hint", 4200, 2)
    assert 0 <= first["score"] < first["max"]
    assert {row["score"] for row in rows[2:]} == {None}
    assert {row["finish_reason"] for row in rows} == {"learner"}
    assert rows[2]["recorded_at"] is not None
    assert rows[3]["recorded_at"] is None


def test_what_no_lesson_teaches_is_helped_by_the_nearest_lesson_of_its_domain() -> None:
    lessons = [
        LessonLink("Xa", "/bai/xa", ("2.6", "4.2"), "vi"),
        LessonLink("Gần", "/bai/gan", ("2.3",), "vi"),
        LessonLink("Near", "/bai/gan", ("2.2",), "en"),
    ]
    assert [one.title for one in lessons_for(["2.2"], lessons, "vi")] == ["Gần"]
    assert [one.title for one in lessons_for(["2.2", "2.6", "4.2"], lessons, "vi")] == ["Xa", "Gần"]
    assert lessons_for(["6.1"], lessons, "vi") == []  # there is none of the domain
