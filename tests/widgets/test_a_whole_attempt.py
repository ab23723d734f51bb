"""A quiz in a notebook from the first cell to the result, over the comm of a real kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.loader import Bank
from bdhvs.store import Store
from tests.service.conftest import right_response, wrong_response
from tests.widgets.conftest import Front, kernel, new_event, raw_answer, shown_quiz


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load()


def test_an_answer_is_saved_then_judged_and_the_end_gives_a_result(front: Front, bank: Bank) -> None:
    comm = shown_quiz(front, "luyen-otp")
    status, opened = front.ask(comm, {"v": 1, "type": "open", "form": "luyen-otp"})
    assert (status, opened["type"], opened["status"]) == (200, "opened", "started")
    for shown in opened["items"]:
        item = bank.item(shown["id"])
        message = {"v": 1, "type": "answer", "attempt": opened["attempt"], "event_id": new_event(), "item": item.id}
        message |= {"version": item.version, "response": raw_answer(item, shown, right_response(item))}
        status, saved = front.ask(comm, message)
        assert (status, saved["type"], saved["state"]["feedback"]["verdict"]) == (200, "saved", "right")
        assert front.ask(comm, message) == (200, saved), "the same fact again gets the same reply"
    finish = {"v": 1, "type": "finish", "attempt": opened["attempt"], "event_id": new_event()}
    status, finished = front.ask(comm, finish)
    assert (status, finished["type"]) == (200, "finished")
    assert sum(domain["alone"] for domain in finished["result"]["domains"]) == len(opened["items"])


def test_two_quizzes_of_a_notebook_opened_at_once_share_a_folder(front: Front, home: Path) -> None:
    comms = [shown_quiz(front, form) for form in ("lam-quen", "thu-suc-ngan")]
    for comm, form in zip(comms, ("lam-quen", "thu-suc-ngan"), strict=True):
        assert front.ask(comm, {"v": 1, "type": "open", "form": form})[0] == 200
    assert len(list((home / "bdhvs" / "self-study").iterdir())) == 1


def test_a_quiz_shown_twice_is_one_attempt(front: Front) -> None:
    first, second = shown_quiz(front, "kiem-tra-otp"), shown_quiz(front, "kiem-tra-otp")
    opened = [front.ask(comm, {"v": 1, "type": "open", "form": "kiem-tra-otp"})[1] for comm in (first, second)]
    assert opened[0] == opened[1]


def test_with_a_folder_given_a_restarted_kernel_goes_on(tmp_path: Path, bank: Bank) -> None:
    data = tmp_path / "data"
    for answered in (False, True):
        with kernel(tmp_path / "home") as front:
            comm = shown_quiz(front, "luyen-otp", f", data={str(data)!r}")
            _, opened = front.ask(comm, {"v": 1, "type": "open", "form": "luyen-otp"})
            first = opened["items"][0]
            assert opened["states"][first["id"]]["status"] == ("answered" if answered else "new")
            item = bank.item(first["id"])
            message = {"v": 1, "type": "answer", "attempt": opened["attempt"], "event_id": new_event(), "item": item.id}
            message |= {"version": item.version, "response": raw_answer(item, first, wrong_response(item))}
            assert front.ask(comm, message)[0] == 200


def test_a_class_in_the_folder_keeps_its_learners_to_itself(tmp_path: Path) -> None:
    """Studying alone on a class's folder makes a learner of its own, and never continues as one of the class."""
    import asyncio

    from bdhvs.service.classrooms import ClassroomService

    async def class_with_lan(store: Store) -> None:
        rooms = ClassroomService(store, now_us=lambda: 1_700_000_000_000_000)
        await rooms.join((await rooms.open_class("Lớp bà Lan")).code, "Lan", "vi")

    with Store.open(tmp_path / "data") as store:
        asyncio.run(class_with_lan(store))
    with kernel(tmp_path / "home") as front:
        comm = shown_quiz(front, "luyen-otp", f", data={str(tmp_path / 'data')!r}")
        assert front.ask(comm, {"v": 1, "type": "open", "form": "luyen-otp"})[0] == 200
    with Store.read_only(tmp_path / "data") as store:
        rooms = {room.name: len(store.learners(room.id)) for room in store.classrooms()}
        goes_on = store.last_open_classroom()
    assert rooms == {"Lớp bà Lan": 1, "Tự học": 1}
    assert goes_on is not None
    assert goes_on.name == "Lớp bà Lan", "a class server on this folder goes on with its class"


def test_a_folder_in_use_elsewhere_is_answered_with_a_calm_wait(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data"), kernel(tmp_path / "home") as front:
        comm = shown_quiz(front, "luyen-otp", f", data={str(tmp_path / 'data')!r}")
        status, refused = front.ask(comm, {"v": 1, "type": "open", "form": "luyen-otp"})
    assert (status, refused["code"]) == (503, "store_unavailable")
