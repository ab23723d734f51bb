"""A hostile browser at a really running class: whatever it says, it reaches nothing but its own inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("websockets")
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.live.conftest import LiveRoom
from tests.live.talking import PARTS, Talk


def one(widgets: dict[str, dict[str, Any]], model: str, **having: Any) -> str:
    """The id of the widget of this model with these traits."""
    return next(
        key for key, state in widgets.items() if state["_model"] == model and having.items() <= state.items()
    )


@pytest.fixture(scope="module")
def lan(room: LiveRoom) -> Any:
    who = room.join("Lan")
    return who, who.open()


@pytest.fixture(params=[(), (PARTS,)], ids=["text", "parts"])
def talk(request: pytest.FixtureRequest, lan: Any) -> Any:
    made = Talk(*lan, offered=request.param)
    assert made.socket.subprotocol == (request.param[0] if request.param else None)
    yield made
    made.close()


def test_a_page_works_at_all(talk: Talk) -> None:
    widgets = talk.widgets()
    slider, button = one(widgets, "IntSliderModel"), one(widgets, "ButtonModel")
    talk.comm_msg(slider, {"method": "update", "state": {"value": 7}, "buffer_paths": []})
    talk.comm_msg(button, {"method": "custom", "content": {"event": "click"}})
    talk.hear()
    now = talk.again()
    assert now[slider]["value"] == 8
    assert now[one(now, "LabelModel", value="8")]


def test_a_reload_finds_the_same_kernel(lan: Any) -> None:
    who, kernel = lan
    assert who.open() == kernel


FORGED = ("execute_request", "shutdown_request", "inspect_request", "complete_request", "debug_request", "interrupt_request", "input_reply")


def test_requests_that_run_or_end_something_reach_no_kernel(talk: Talk, tmp_path: Path) -> None:
    proof = tmp_path / "forged"
    content = {"code": f"open({str(proof)!r}, 'w')", "silent": False, "restart": False}
    forged = {talk.send(kind, content, channel) for kind in FORGED for channel in ("shell", "control", "stdin", "iopub")}
    asked = talk.send("kernel_info_request", {})
    parents = {message["parent_header"].get("msg_id") for message in talk.hear(1.0)}
    assert asked in parents  # the honest question was answered, so the kernel lives
    assert not forged & parents
    assert not proof.exists()


def test_no_widget_can_be_made_by_a_browser(talk: Talk) -> None:
    before = talk.widgets()
    state = {"_model_module": "@jupyter-widgets/controls", "_model_name": "FileUploadModel", "_model_module_version": "2.0.0"}
    for target in ("jupyter.widget", "jupyter.widget.version", "anything"):
        talk.send("comm_open", {"comm_id": "forged-" + target.replace(".", "-"), "target_name": target, "data": {"state": state}})
    talk.hear(0.5)
    assert talk.again().keys() == before.keys()


def test_only_what_an_input_is_for_can_be_written(talk: Talk) -> None:
    before = talk.widgets()
    slider, label = one(before, "IntSliderModel"), one(before, "LabelModel", value="not shown")
    for comm in before:
        forged = {"value": "forged", "description": "forged", "disabled": True, "_model_name": "X", "max": 10**9, "children": []}
        talk.comm_msg(comm, {"method": "update", "state": forged if comm != slider else {"max": 10**9, "description": "forged"}, "buffer_paths": []})
    talk.comm_msg(label, {"method": "update", "state": {"value": "x"}, "buffer_paths": [["value"]]})
    talk.hear(0.5)
    assert talk.again() == before


def test_tracebacks_and_source_do_not_reach_the_browser(talk: Talk) -> None:
    widgets = talk.widgets()
    slider, button = one(widgets, "IntSliderModel"), one(widgets, "ButtonModel")
    talk.comm_msg(slider, {"method": "update", "state": {"value": 95}, "buffer_paths": []})
    talk.comm_msg(button, {"method": "custom", "content": {"event": "click"}})
    heard = str(talk.hear(1.0))
    assert "stands in the source" not in heard
    assert "Traceback" not in heard
    assert "/" + "site-packages" not in heard
    talk.comm_msg(slider, {"method": "update", "state": {"value": 3}, "buffer_paths": []})
    talk.hear(0.3)


def test_nobody_reaches_the_kernel_of_somebody_else(room: LiveRoom, lan: Any) -> None:
    _, kernel = lan
    minh = room.join("Minh")
    with pytest.raises(InvalidStatus) as refused:
        Talk(minh, kernel)
    assert refused.value.response.status_code == 403
    assert minh.open() != kernel
    with pytest.raises(InvalidStatus):  # also with a page of one's own
        Talk(minh, kernel)


@pytest.mark.parametrize("headers", [{"Cookie": ""}, {"Cookie": "bdhvs_hv=forged"}, {"Origin": "http://evil.example"}, {"Origin": ""}])
def test_strangers_and_foreign_pages_reach_no_kernel(lan: Any, headers: dict[str, str]) -> None:
    who, kernel = lan
    with pytest.raises(InvalidStatus):
        Talk(who, kernel, **headers)


def test_a_kernel_made_up_is_refused(lan: Any) -> None:
    with pytest.raises(InvalidStatus):
        Talk(lan[0], "00000000-0000-0000-0000-000000000000")


def test_a_message_too_large_ends_the_connection_and_nothing_else(lan: Any) -> None:
    for size in (70_000, 3_000_000):
        talk = Talk(*lan)
        with pytest.raises(ConnectionClosed):
            talk.send_until_closed("x" * size)
    after = Talk(*lan)
    assert after.widgets()
    after.close()


def test_a_flood_ends_the_connection_and_nothing_else(room: LiveRoom, lan: Any) -> None:
    other = room.join("Hoa")
    beside = Talk(other, other.open())
    flood = Talk(*lan)
    with pytest.raises(ConnectionClosed):
        flood.flood(20_000)
    assert beside.widgets()
    beside.close()
    after = Talk(*lan)
    assert after.widgets()
    after.close()


#: A count that is right, offsets that lead back and beyond the end.
OFFSETS = b"".join(number.to_bytes(8, "little") for number in (6, 900, 8, 2**60, 3, 64, 0))


@pytest.mark.parametrize("raw", ["", "[]", "null", "{", '{"header": 1}', '{"header": {}, "content": {}}', "[" * 60_000, b"\x00\x00\x00\x02", b"x" * 500, OFFSETS])
def test_junk_is_dropped(talk: Talk, raw: str | bytes) -> None:
    talk.socket.send(raw)
    assert talk.widgets()


@pytest.mark.parametrize(
    "path",
    [
        "/song/voila/files/thu.ipynb", "/song/voila/tree", "/song/voila/render/thu.ipynb", "/song/voila/query/x", "/song/api/kernels",
        "/song/api/contents", "/song/voila/api/contents/", "/song/", "/song/thu.ipynb", "/song/..%2fthu", "/song/voila/static/../../api/kernels",
        "/song/voila/static/..%2f..%2fapp.py", "/song/login", "/song/metrics", "/song/mo-lop",
    ],
)  # fmt: skip
def test_nothing_else_of_voila_is_there(room: LiveRoom, lan: Any, path: str) -> None:
    response = lan[0].client.get(path)
    assert response.status_code == 404, response.text[:300]


def test_kernels_cannot_be_ended_or_started_over_http(lan: Any) -> None:
    who, kernel = lan
    for method, path in [("DELETE", f"/song/api/kernels/{kernel}"), ("POST", "/song/api/kernels"), ("POST", f"/song/voila/api/shutdown/{kernel}")]:
        assert who.client.request(method, path).status_code in (404, 405)
    talk = Talk(*lan)
    assert talk.widgets()
    talk.close()


def test_strangers_see_neither_pages_nor_files(room: LiveRoom) -> None:
    import httpx

    with httpx.Client(base_url=room.base) as stranger:
        assert stranger.get("/song/thu").status_code == 303
        assert stranger.get("/song/voila/static/voila.js").status_code == 404
