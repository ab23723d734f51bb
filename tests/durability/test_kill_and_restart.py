"""A class server that is killed while answers stream in has kept every answer it acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bdhvs.core.attempt import replay
from bdhvs.store import Store, events_of
from tests.clients import ApiLearner, ClassProcess

FORM = "thu-suc"
LEARNERS = 24
KILLS = 3


class Progress:
    """Counts answers of all learners; who waits is woken when there are enough."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answers = 0

    def count(self) -> None:
        with self._changed:
            self._answers += 1
            self._changed.notify_all()

    def wait_for(self, answers: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._answers >= answers, timeout=300)


def test_three_kills_under_load_lose_no_acknowledged_answer_and_double_none(tmp_path: Path) -> None:
    with ClassProcess(tmp_path / "data", "--lesson", "an-toan-truoc-lua-dao-otp") as room:
        learners = [ApiLearner(room.url) for _ in range(LEARNERS)]
        for place, learner in enumerate(learners):
            learner.join(room.code, f"Học viên {place}")
        items = learners[0].open(FORM)["items"]
        progress = Progress()
        with ThreadPoolExecutor(LEARNERS) as pool:
            work = [pool.submit(take, learner, progress) for learner in learners]
            for kill in range(1, KILLS + 1):
                assert progress.wait_for(LEARNERS * len(items) * kill // (KILLS + 1))
                room.kill()
                room.start()
            for one in work:
                one.result()
        for learner in learners:
            learner.close()
    # Whoever is not done at a kill sends a message that nobody answers.
    assert sum(learner.tried_again for learner in learners) >= KILLS
    check(room.data, learners, len(items))


def take(learner: ApiLearner, progress: Progress) -> None:
    """The whole form from the first to the last item; the cookie is the one of the beginning."""
    for item in learner.open(FORM)["items"]:
        learner.answer(item)
        progress.count()
    learner.finish()


def check(data: Path, learners: Sequence[ApiLearner], items: int) -> None:
    with Store.read_only(data) as store:
        stored = {rows.attempt.id: rows for rows in store.response_rows()}
    assert stored.keys() == {learner.attempt for learner in learners}
    for learner in learners:
        rows = stored[learner.attempt]
        assert [event.event_id for event in rows.events] == learner.acknowledged  # none lost, none doubled, in order
        assert [event.seq for event in rows.events] == list(range(1, items + 2))
        attempt = replay(events_of(rows.attempt, rows.events))
        assert attempt.status == "finished"
        assert {attempt.outcome(ref.id) for ref in attempt.items} == {"answered"}
