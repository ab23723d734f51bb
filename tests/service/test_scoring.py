"""From a handed-in quiz to a score that is kept, and to the little of it that is told. The calibration is invented."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.loader import Bank
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.quiz import QuizService
from bdhvs.service.scores import score_of
from bdhvs.service.scoring import Scoring, VersionInUse
from bdhvs.store import ScoreRow, Store
from tests.calibrated import add, calibrated_content, copied_content, invented
from tests.service.conftest import Clock, Player

LONG, SHORT = "thu-suc", "thu-suc-ngan"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("content")
    calibrated_content(made)
    return made


def scoring_by(folder: Path, store: Store, clock: Clock, *, synthetic: bool = True) -> Scoring:
    return Scoring(store, VersionInUse(Bank.load(folder), synthetic=synthetic), now_us=clock)


def with_scoring(player: Player, scoring: Scoring) -> Player:
    """The same learner before a service that scores."""
    player.quiz = QuizService(player.bank, player.quiz.store, now_us=player.quiz._now_us, standing=scoring.standing)
    return player


@pytest.fixture
def scoring(folder: Path, store: Store, clock: Clock) -> Scoring:
    return scoring_by(folder, store, clock)


@pytest.fixture
def scored(player: Player, scoring: Scoring) -> Player:
    return with_scoring(player, scoring)


async def take(player: Player, form: str = LONG, *, level: int = 9, **more: object) -> object:
    """Do all up to a level, then hand in; the result."""
    opened = await player.open(form, again=True)
    for shown in opened.items:
        await player.answer(shown.id, right=player.bank.item(shown.id).level <= level, **more)
    return (await player.act("finish")).result


def bands(result: object) -> set[str | None]:
    return {one.band for one in result.domains}  # type: ignore[attr-defined]


def rows_of(player: Player) -> list[ScoreRow]:
    return player.quiz.store.scores_of(player.learner.id)


async def test_who_does_everything_is_named_the_highest_band_there_is(scored: Player) -> None:
    result = await take(scored)
    assert bands(result) <= {"Trung cấp", None}
    assert "Trung cấp" in bands(result)
    assert result.bands.startswith("CHỈ LÀ LÀM THỬ")  # type: ignore[attr-defined]
    named = next(one for one in result.domains if one.band)  # type: ignore[attr-defined]
    assert named.band_sentence.startswith("Từ Trung cấp trở lên")


async def test_a_short_quiz_is_told_what_would_add_evidence(scored: Player) -> None:
    result = await take(scored, SHORT, level=2)
    assert bands(result) == {None}  # two tasks in a domain are never enough
    said = [one.band_sentence for one in result.domains]  # type: ignore[attr-defined]
    assert all("Làm thêm" in one or "làm thêm" in one for one in said), said


async def test_without_a_calibration_of_people_there_is_one_plain_sentence(player: Player, folder: Path, store: Store, clock: Clock) -> None:
    """The synthetic calibration of the folder names nobody's band in a real class."""
    result = await take(with_scoring(player, scoring_by(folder, store, clock, synthetic=False)))
    assert bands(result) == {None}
    assert {one.band_sentence for one in result.domains} == {None}  # type: ignore[attr-defined]
    assert "nhiều người làm các việc này" in result.bands  # type: ignore[attr-defined]
    assert rows_of(player) == []


async def test_provisional_cuts_name_nobody_s_band(player: Player, tmp_path: Path, store: Store, clock: Clock) -> None:
    content = copied_content(tmp_path)
    add(content, invented(player.bank, synthetic=False), cuts=False)
    result = await take(with_scoring(player, scoring_by(tmp_path, store, clock, synthetic=False)))
    assert bands(result) == {None}
    assert "mốc giữa các mức chưa được chốt" in result.bands  # type: ignore[attr-defined]


async def test_help_is_evidence_for_level_1_only(scored: Player) -> None:
    result = await take(scored, help="teacher")
    assert bands(result) <= {"Cơ bản", None}
    domains = score_of(rows_of(scored)[-1].details).domains
    assert all(one.ability < one.ability_helped for one in domains.values())  # type: ignore[operator]
    assert all(one.autonomy in ("with_help", "insufficient", "none") for one in domains.values())


async def test_the_entry_gate_takes_the_bands_away_and_says_what_to_learn(
    scored: Player, scoring: Scoring, folder: Path, store: Store
) -> None:
    """Three tasks on using the device, none done: no level is named, however well the rest went."""
    bank = Bank.load(folder)
    entry = [one for one in bank.items.values() if one.level == 0][:4]
    form = bank.form(SHORT).model_copy(update={"items": tuple(one.id for one in entry)})
    await take(scored)
    clever = QuizService(with_form(bank, form), store, now_us=scored.quiz._now_us, standing=scoring.standing)
    scored.quiz = clever
    result = await take(scored, SHORT, level=-1)
    assert bands(result) == {None}
    assert result.bands.startswith("Trước hết")  # type: ignore[attr-defined]


def with_form(bank: Bank, form: object) -> Bank:
    import dataclasses

    return dataclasses.replace(bank, forms={**bank.forms, form.id: form})  # type: ignore[attr-defined]


async def test_bands_rest_on_all_quizzes_handed_in_and_on_the_first_time(scored: Player, clock: Clock) -> None:
    await take(scored, SHORT)
    few = score_of(rows_of(scored)[-1].details)
    clock.now += 1_000_000
    await take(scored, LONG)
    clock.now += 1_000_000
    many = score_of(rows_of(scored)[-1].details)
    assert few.tasks < many.tasks
    await take(scored, LONG, level=-1)  # again, all wrong: what was met before counts as it went then
    again = score_of(rows_of(scored)[-1].details)
    assert again == many
    assert [one.reason for one in rows_of(scored)] == ["handed_in"] * 3


async def test_an_attempt_under_way_tells_nothing(scored: Player, scoring: Scoring) -> None:
    """An assessment that is not handed in is no evidence yet, so nobody can try answers out on the sheet."""
    await take(scored, SHORT)
    before = rows_of(scored)
    opened = await scored.open(LONG)
    for shown in opened.items:
        await scored.answer(shown.id, right=True)
    learner = scored.learner
    await scoring.standing(learner.id, learner.classroom_id)
    assert rows_of(scored) == before


async def test_the_same_evidence_is_scored_once_and_a_new_version_adds_a_row(
    scored: Player, store: Store, clock: Clock, tmp_path: Path
) -> None:
    result = await take(scored)
    first = rows_of(scored)
    assert (await scored.open(LONG)).result == result
    assert rows_of(scored) == first
    calibrated_content(tmp_path)
    content = Bank.load(tmp_path).content
    add(content, invented(scored.bank, version="2026-11-02", shift=1.0))
    later = scoring_by(tmp_path, store, clock)
    clock.now += 1_000_000
    await later.standing(scored.learner.id, scored.learner.classroom_id)
    old, new = rows_of(scored)
    assert old == first[0], "a score is never written over"
    assert (old.reason, new.reason) == ("handed_in", "version")
    assert old.attempt_id == new.attempt_id
    assert old.evidence == new.evidence
    assert old.version != new.version
    kept = store.score_versions().get(new.version)
    assert kept is not None
    assert kept.calibration == kept.details["calibration"]["version"] == "2026-11-02"
    assert score_of(new.details).domains["1"].ability > score_of(old.details).domains["1"].ability + 0.4  # type: ignore[operator]


async def test_a_new_calibration_counts_without_a_restart(scored: Player, tmp_path: Path, store: Store, clock: Clock) -> None:
    content = copied_content(tmp_path)
    with_scoring(scored, scoring_by(tmp_path, store, clock))
    assert "nhiều người" in (await take(scored)).bands  # type: ignore[attr-defined]
    add(content, invented(scored.bank))
    assert "Trung cấp" in bands((await scored.open(LONG)).result)


async def test_a_broken_file_leaves_the_version_before_in_use(tmp_path: Path, bank: Bank, caplog: pytest.LogCaptureFixture) -> None:
    content = calibrated_content(tmp_path)
    version = VersionInUse(Bank.load(tmp_path), synthetic=True)
    before = version()
    (content.assessments / "calibration" / "2026-11-09.yaml").write_text("version: [", "utf-8")
    assert version() == before
    assert "2026-11-09.yaml" in caplog.text
    fresh = VersionInUse(Bank.load(tmp_path), synthetic=True)
    assert fresh() == "broken"


async def test_cuts_of_another_scale_are_not_taken(tmp_path: Path, bank: Bank) -> None:
    content = calibrated_content(tmp_path)
    add(content, invented(bank, version="2026-11-02"), cuts=False)  # a scale of its own
    assert VersionInUse(Bank.load(tmp_path), synthetic=True)() == "no_cuts"
    kept = invented(bank, version="2026-11-03").model_copy(update={"previous": "2026-11-01"})
    add(content, kept, cuts=False)
    found = VersionInUse(Bank.load(tmp_path), synthetic=True)()
    assert not isinstance(found, str)
    assert found.details["calibration"]["version"] == "2026-11-03"


async def test_nothing_of_ability_or_difficulty_leaves(scored: Player, store: Store, folder: Path) -> None:
    """Every reply of two quizzes and the results: no number of the score or of the calibration is in any of them."""
    sent = []
    opened = await scored.open(LONG)
    sent.append(msgspec.json.encode(opened))
    for shown in opened.items:
        sent.append(msgspec.json.encode(await scored.answer(shown.id, right=False)))
    sent.append(msgspec.json.encode(await scored.act("finish")))
    sent.append(msgspec.json.encode(await scored.open(LONG)))
    everything = b"\n".join(sent).decode()
    row = rows_of(scored)[-1]
    numbers = {json.dumps(one) for one in numbers_in(row.details) if one != int(one)}
    assert len(numbers) > 20
    assert not [one for one in numbers if one in everything]
    for word in (row.version, row.evidence, row.id, "theta", "ability", "probabilit", "difficulty", "intercept"):
        assert word not in everything


def numbers_in(value: object) -> Iterable[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers_in(one)
    elif isinstance(value, float):
        yield value


async def test_a_withheld_item_is_no_evidence_until_it_is_revealed(scored: Player, folder: Path, store: Store, clock: Clock) -> None:
    await take(scored)
    held = scored.opened.items[0].id
    scoring = Scoring(store, VersionInUse(Bank.load(folder), synthetic=True), now_us=clock, withheld=lambda item: item == held)
    clock.now += 1
    await scoring.standing(scored.learner.id, scored.learner.classroom_id)
    first, second = rows_of(scored)
    assert second.reason == "evidence"
    assert score_of(second.details).tasks == score_of(first.details).tasks - 1


async def test_a_whole_class_is_scored_at_once_and_as_one_by_one(
    scored: Player, other: Player, rooms: ClassroomService, store: Store, folder: Path, clock: Clock
) -> None:
    await take(scored, level=2)
    await take(other, level=1)  # before a service without scoring
    assert rows_of(other) == []
    scoring = scoring_by(folder, store, clock)
    await scoring.bring_class_up_to_date(scored.learner.classroom_id)
    assert len(rows_of(scored)) == len(rows_of(other)) == 1
    alone = await scoring_by(folder, store, clock).standing(other.learner.id, other.learner.classroom_id)
    assert alone.score == score_of(rows_of(other)[0].details)


async def test_scores_go_with_their_person(scored: Player, store: Store) -> None:
    await take(scored)
    before = rows_of(scored)
    await store.forget_person(scored.learner.id)
    assert rows_of(scored) == []
    (moved,) = store.scores()
    assert moved.details == before[0].details
    assert {moved.id, moved.learner_id, moved.attempt_id}.isdisjoint({before[0].id, before[0].learner_id, before[0].attempt_id})
    await store.erase_person(moved.learner_id)
    assert store.scores() == []


async def test_a_result_comes_though_scoring_fails(
    scored: Player, scoring: Scoring, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "_version", lambda: (_ for _ in ()).throw(ValueError("a broken version")))
    result = await take(scored, SHORT)
    assert result.bands == "Chưa gọi tên mức. Những việc đã làm vẫn được giữ đủ."  # type: ignore[attr-defined]
    assert "a broken version" in caplog.text
