"""The class report and a learner's sheet, against small classes counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.presenting import arrangement
from bdhvs.i18n import translator
from bdhvs.service.class_report import ClassReport, class_report
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.learner_sheet import learner_sheet
from bdhvs.service.practised import evidence_in_words
from bdhvs.service.quiz import QuizService
from bdhvs.service.results import LessonLink
from bdhvs.store import Store
from tests.service.conftest import Clock, Player

FORM = "thu-suc-ngan"  # twelve items, two of each domain
LESSON = LessonLink("Safe from scams", "/bai/otp", ("4.1", "4.2"), "en")


async def people(count: int, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock) -> list[Player]:
    """Learners who joined one second after the other."""
    joined = []
    for number in range(1, count + 1):
        clock.now += 1_000_000
        joined.append((await rooms.join(next(iter(rooms._open)), f"Bác {number}", "vi")).learner)
    return [Player(quiz, learner, bank) for learner in joined]


def made(store: Store, bank: Bank, *, lang: str = "en") -> ClassReport:
    return class_report(store, store.classrooms()[0], bank, lessons=[LESSON], lang=lang)


async def test_a_class_nobody_joined_has_an_empty_report(store: Store, rooms: ClassroomService, bank: Bank, clock: Clock) -> None:
    report = made(store, bank)
    assert (report.joined, report.answering, report.handed_in, report.answered) == (0, 0, 0, 0)
    assert report.domains == report.hardest == report.visits == report.lessons == ()
    assert report.first_us is report.last_us is None


async def test_attendance_says_when_somebody_answered_and_what_was_handed_in(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    first, _ = await people(2, quiz, rooms, bank, clock)
    start = clock.now
    opened = await first.open(FORM)
    clock.now = start + 60_000_000
    await first.answer(opened.items[0].id, right=True)
    clock.now = start + 300_000_000
    await first.answer(opened.items[1].id, right=False)
    await first.act("finish")
    report = made(store, bank)
    there, absent = report.attendance
    assert (there.first_us, there.last_us) == (start + 60_000_000, start + 300_000_000)
    assert (there.given, there.answered, there.handed_in) == (12, 2, 1)
    assert (absent.first_us, absent.last_us, absent.given, absent.answered, absent.handed_in) == (None, None, 0, 0, 0)
    assert (report.joined, report.answering, report.handed_in, report.answered) == (2, 1, 1, 2)
    assert (report.first_us, report.last_us) == (there.first_us, there.last_us)


async def test_a_domain_counts_tasks_and_the_learners_who_did_at_least_half_alone(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    # Domain 1 has the first two items. One learner did both alone, one one of two, one both with help, one met none.
    both, one, helped, none = await people(4, quiz, rooms, bank, clock)
    ids = [shown.id for shown in (await both.open(FORM)).items]
    await both.answer(ids[0], right=True)
    await both.answer(ids[1], right=True)
    await one.open(FORM)
    await one.answer(ids[0], right=True)
    await one.act("skip", item=ids[1])
    await helped.open(FORM)
    await helped.answer(ids[0], right=True, help="teacher")
    await helped.answer(ids[1], right=True, help="teacher")
    await none.open(FORM)
    line = next(line for line in made(store, bank).domains if line.code == "1")
    assert (line.alone, line.helped, line.not_yet, line.unmet) == (3, 2, 1, 2)
    assert (line.learners, line.half_alone) == (3, 2)
    # Wilson's 95 % interval of 2 of 3, from the formula by hand: 0.2077 to 0.9385.
    assert (line.low, line.high) == (pytest.approx(0.2077, abs=1e-4), pytest.approx(0.9385, abs=1e-4))
    assert [line.code for line in made(store, bank).domains] == ["1"]  # of the others nothing is known


async def test_an_item_done_again_counts_once_as_it_was_answered_last(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    (player,) = await people(1, quiz, rooms, bank, clock)
    ids = [shown.id for shown in (await player.open(FORM)).items]
    await player.answer(ids[0], right=False)
    await player.act("finish")
    clock.now += 1_000_000
    await player.open(FORM, again=True)
    await player.answer(ids[0], right=True)
    line = made(store, bank).domains[0]
    assert (line.alone, line.not_yet) == (1, 0)
    assert made(store, bank).attendance[0].given == 12


async def test_the_hardest_item_comes_first_with_the_favourite_mistake_and_the_lesson(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    klass = await people(3, quiz, rooms, bank, clock)
    ids = [shown.id for shown in (await klass[0].open(FORM)).items]
    hard = next(one for one in ids if bank.item(one).competence in LESSON.competences)
    choice = next(one for one in ids if bank.item(one).kind == "single_choice" and one != hard)
    easy = next(one for one in ids if one not in (hard, choice))
    for number, player in enumerate(klass):
        await player.open(FORM)
        await player.answer(hard, right=False)
        await player.answer(choice, right=number == 0)
        await player.answer(easy, right=True)
    report = made(store, bank)
    assert [item.item for item in report.hardest] == [hard, choice]
    first, second = report.hardest
    assert (first.met, first.alone, first.lessons) == (3, 0, ("Safe from scams",))
    assert report.lessons == ("Safe from scams",)
    wrong = next(option for option in bank.item(choice).options if not option.key)  # type: ignore[attr-defined]
    assert (second.met, second.alone, second.wrong, second.wrong_by) == (3, 1, wrong.text.en, 2)
    assert second.stem
    assert "<" not in second.stem


async def test_two_learners_are_too_few_to_call_an_item_hard(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    for player in await people(2, quiz, rooms, bank, clock):
        opened = await player.open(FORM)
        await player.answer(opened.items[0].id, right=False)
    assert made(store, bank).hardest == ()


async def test_a_mistake_is_counted_from_the_first_answer_before_any_feedback(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    form = "luyen-otp"  # practice: a wrong answer may be tried again
    for player in await people(3, quiz, rooms, bank, clock):
        opened = await player.open(form)
        item = next(one.id for one in opened.items if bank.item(one.id).kind == "single_choice")
        await player.answer(item, right=False)
        await player.answer(item, right=True)
    (hard,) = made(store, bank).hardest
    assert (hard.met, hard.alone, hard.wrong_by) == (3, 0, 3)  # right at last, but not alone


async def test_who_needs_a_visit_and_why(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    fine, other, calls, stopped, _ = await people(5, quiz, rooms, bank, clock)
    for player in (fine, other, calls):
        for number, shown in enumerate((await player.open(FORM)).items):
            with_help = player is calls and number < 3
            await player.answer(shown.id, right=True, help="teacher" if with_help else "none")
        await player.act("finish")
    for shown in (await stopped.open(FORM)).items[:3]:
        await stopped.answer(shown.id, right=True)
    assert {visit.name: visit.reasons for visit in made(store, bank).visits} == {
        "Bác 3": ("needed somebody at 3 questions",),
        "Bác 4": ("answered 3 of 12 questions", "stopped before handing in"),
        "Bác 5": ("joined but has not begun",),
    }


async def test_three_calls_in_a_long_quiz_are_nothing_unusual(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    (player,) = await people(1, quiz, rooms, bank, clock)
    for number, shown in enumerate((await player.open("thu-suc")).items):
        await player.answer(shown.id, right=True, help="teacher" if number < 3 else "none")
    await player.act("finish")
    assert made(store, bank).visits == ()


async def test_without_names_nobody_can_be_told_from_the_report(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    await people(2, quiz, rooms, bank, clock)
    report = made(store, bank)
    assert [one.name for one in report.attendance] == ["Bác 1", "Bác 2"]
    assert report.visits
    unnamed = report.without_names()
    assert "Bác" not in repr(unnamed)
    assert unnamed.visits == ()


async def test_a_sheet_counts_nothing_of_an_assessment_before_it_is_handed_in(
    player: Player, store: Store, bank: Bank
) -> None:
    def sheet():  # type: ignore[no-untyped-def]
        return learner_sheet(store, player.learner.id, bank, class_name="Lớp thử", lessons=[LESSON], lang="en")

    ids = [shown.id for shown in (await player.open(FORM)).items]
    await player.answer(ids[0], right=True)
    await player.answer(ids[1], right=True, help="teacher")
    await player.act("skip", item=ids[2])
    assert sheet().is_empty
    assert len(sheet().domains) == 6
    await player.act("finish")
    done = {domain.code: (domain.alone, domain.helped, domain.not_yet) for domain in sheet().domains}
    assert (done["1"], done["2"], done["3"]) == ((1, 1, 0), (0, 0, 1), (0, 0, 0))
    assert sheet().summary == "You did 2 of 3 tasks."
    assert "not the state's confirmation on VNeID" in sheet().notice


async def test_a_sheet_shows_practice_at_once_and_only_one_s_own(
    player: Player, other: Player, store: Store, bank: Bank
) -> None:
    opened = await player.open("luyen-otp")
    await player.answer(opened.items[0].id, right=False)
    mine, theirs = (
        learner_sheet(store, one.learner.id, bank, class_name="Lớp thử", lessons=[LESSON], lang="en")
        for one in (player, other)
    )
    assert sum(domain.not_yet for domain in mine.domains) == 1
    assert [lesson.title for lesson in mine.next] == ["Safe from scams"]
    assert theirs.is_empty
    assert theirs.next == ()


async def test_a_simulation_done_with_help_speaks_for_level_1_only(
    store: Store, quiz: QuizService, rooms: ClassroomService, bank: Bank, clock: Clock
) -> None:
    item = next(bank.item(one) for one in bank.form("luyen-may-tap").items)
    assert isinstance(item, Simulation)
    assert item.reached is not None
    danger = item.reached.way_to(next(state for state in item.reached.came if state.done))
    alone, helped, careless, absent = await people(4, quiz, rooms, bank, clock)
    for player in (alone, helped, careless, absent):
        await player.open("luyen-may-tap")
    await alone.answer(item.id, right=True)
    await helped.answer(item.id, right=True, help="teacher")
    row = store.attempt(careless.attempt)[0]  # type: ignore[index]
    raw = item.places({"actions": danger}, arrangement(item, row.seed, row.shuffle_options))
    await careless.act("answer", item=item.id, version=item.version, response=raw)
    (line,) = (one for one in made(store, bank).practised if one.item == item.id)
    assert (line.met, line.alone, line.helped, line.not_yet, line.danger) == (3, 1, 1, 1, 1)
    best = item.evidence_level({"actions": [list(one) for one in item.route]}, helped=False)
    assert best > 1
    assert line.evidence == ((1, 1), (best, 1))
    assert evidence_in_words(line, translator("vi")) == f"mức 1: 1 người, mức {best}: 1 người"
    assert "trước mức 1" in evidence_in_words(replace(line, is_entry=True), translator("vi"))
