"""The board in a notebook: over the comm of a real kernel, from a real class, and with a class that misbehaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import bdhvs
from bdhvs.errors import SetupError
from bdhvs.widgets import board as module
from bdhvs.widgets.board import BoardWidget
from tests.browser.driver import ServedClass
from tests.clients import ApiLearner
from tests.widgets.conftest import Front

LOOKING = {"form": "", "item": "", "marks": False, "key": False, "names": True}
PATIENCE_S = 30


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedClass]:
    one = ServedClass(tmp_path_factory.mktemp("class"))
    yield one
    one.stop()


def shown_board(front: Front, served: ServedClass) -> str:
    data = front.execute(f"import bdhvs\nboard = bdhvs.board({str(served.data)!r})\nboard")["data"]
    return str(data["application/vnd.jupyter.widget-view+json"]["model_id"])


def said_to(front: Front, view: int, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The next message to a view that fits."""

    def is_it(one: dict[str, Any]) -> bool:
        content = (one["content"].get("data") or {}).get("content") if one["msg_type"] == "comm_msg" else None
        return isinstance(content, dict) and content.get("view") == view and fits(content)

    found: dict[str, Any] = list(front._until(is_it))[-1]["content"]["data"]["content"]
    return found


def look(front: Front, comm: str, view: int, **changes: Any) -> None:
    front.send(comm, {"method": "custom", "content": {"view": view, "looking": {**LOOKING, **changes}}})


def test_views_follow_the_class_and_the_key_comes_only_when_asked_for(front: Front, served: ServedClass) -> None:
    comm = shown_board(front, served)
    look(front, comm, 1)
    assert said_to(front, 1, lambda one: "shown" in one)["shown"]["view"]["rows"] == []
    with closing(ApiLearner(served.origin)) as learner:
        learner.join(served.told["code"], "Bác Năm")
        item = learner.open("lam-quen")["items"][0]
    row = said_to(front, 1, lambda one: "shown" in one and one["shown"]["view"]["rows"])["shown"]["view"]["rows"][0]
    assert row["name"] == "Bác Năm"
    look(front, comm, 2, item=item["id"], names=False)
    view = said_to(front, 2, lambda one: "shown" in one)["shown"]["view"]
    assert view["rows"][0]["name"] == ""
    assert view["details"]["solution"] is None
    look(front, comm, 3, item=item["id"], key=True)
    assert said_to(front, 3, lambda one: "shown" in one)["shown"]["view"]["details"]["solution"]


def test_the_teacher_s_token_never_goes_to_the_page(front: Front, served: ServedClass) -> None:
    shown_board(front, served)
    token = served.told["teacher_url"].rsplit("/", 1)[1]
    assert len(token) > 10
    assert token not in front.text()


def test_a_view_that_says_goodbye_is_no_longer_fed(front: Front, served: ServedClass) -> None:
    comm = shown_board(front, served)
    look(front, comm, 11)
    said_to(front, 11, lambda one: "shown" in one)
    assert front.execute("board.watching")["data"]["text/plain"] == "1"
    front.settle(front.send(comm, {"method": "custom", "content": {"view": 11}}))
    assert front.execute("board.watching")["data"]["text/plain"] == "0"
    look(front, comm, 11)
    said_to(front, 11, lambda one: "shown" in one)
    front.execute("board.close()")
    assert front.execute("board.watching")["data"]["text/plain"] == "0"


@pytest.mark.parametrize(
    "junk",
    [None, 3, "x", [], {}, {"view": "1"}, {"view": True, "looking": {}}, {"view": 5, "looking": []}, {"looking": LOOKING},
     {"view": 2**70}, {"view": 6, "looking": {"form": 3, "item": ["x"], "marks": "1", "key": "yes", "extra": {}}}],
)  # fmt: skip
def test_junk_ends_nothing_and_shows_nothing(junk: Any, front: Front, served: ServedClass) -> None:
    comm = shown_board(front, served)
    before = len(front.received)
    front.settle(front.send(comm, {"method": "custom", "content": junk}))
    front.settle(front.send(comm, {"method": "update", "state": {"_esm": "alert(1)", "css": "x", "strings": {}}, "buffer_paths": []}))
    assert "alert(1)" not in front.text()
    assert not [one for one in front.received[before:] if one["msg_type"] in ("error", "stream")]
    look(front, comm, 7)
    assert said_to(front, 7, lambda one: "shown" in one)


class Said(list[dict[str, Any]]):
    """What a widget said, and waiting for it."""

    def wait(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if found := [one for one in list(self) if fits(one)]:
                return found[-1]
            time.sleep(0.01)
        raise TimeoutError(f"said only {list(self)[-3:]}")


def widget(ask: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[BoardWidget, Said]:
    for name in ("PAUSE_S", "LOST_PAUSE_S"):
        monkeypatch.setattr(module, name, 0.01)
    made, said = BoardWidget(ask, module="", css="", strings={}, lang="vi"), Said()
    monkeypatch.setattr(made, "send", said.append)
    return made, said


def test_a_class_that_goes_away_and_comes_back_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, Any] = {"now": {"now_ms": 1, "view": "a"}}

    def ask(_: dict[str, str]) -> Any:
        if isinstance(answers["now"], Exception):
            raise answers["now"]
        return answers["now"]

    made, said = widget(ask, monkeypatch)
    made._received({"view": 1, "looking": LOOKING})
    said.wait(lambda one: "shown" in one)
    for trouble in (SetupError("away", "class_away"), RuntimeError("secret")):
        answers["now"] = trouble
        said.wait(lambda one: one.get("state") == "lost")
        said.clear()
        answers["now"] = {"now_ms": 2, "view": "a"}
        said.wait(lambda one: "shown" in one)
        assert "secret" not in str(said)
    count = len(said)
    answers["now"] = {"now_ms": 3, "view": "a"}  # only the time has passed
    time.sleep(0.1)
    assert len(said) == count
    answers["now"] = SetupError("no", "not_teacher")
    said.wait(lambda one: one.get("state") == "refused")
    while made.watching:
        time.sleep(0.01)
    made.close()


def test_a_page_that_fell_silent_is_forgotten_and_may_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, said = widget(lambda _: {"now_ms": 1, "view": "a"}, monkeypatch)
    monkeypatch.setattr(module, "FORGET_S", 0.05)
    made._received({"view": 1, "looking": LOOKING})
    said.wait(lambda one: "shown" in one)
    while made.watching:
        time.sleep(0.01)
    said.clear()
    monkeypatch.setattr(module, "FORGET_S", 60)
    made._received({"view": 1, "looking": LOOKING})
    said.wait(lambda one: "shown" in one)
    made.close()


def test_no_more_than_so_many_views_are_fed(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = widget(lambda _: {"now_ms": 1, "view": "a"}, monkeypatch)
    for number in range(3 * module.MOST_VIEWS):
        made._received({"view": number, "looking": LOOKING})
    assert made.watching == module.MOST_VIEWS
    made.close()
    assert made.watching == 0


def test_there_is_no_board_without_a_class(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        bdhvs.board(tmp_path)
    assert refused.value.code == "not_running"
