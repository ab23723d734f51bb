"""No network, a power cut, a full disk: nothing is lost, and the screen says what is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bdhvs.store import Store
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass

pytestmark = pytest.mark.browser


def answered(data: Path) -> list[str]:
    """Items answered, in the order stored, of the one attempt there is."""
    with Store.read_only(data) as store:
        return [str(event.item_id) for rows in store.response_rows() for event in rows.events if event.type == "answered"]


@pytest.fixture
def person(watched: Watched, served: ServedClass) -> Person:
    one = Person(watched.page(served.origin, **PHONE), served)
    one.join()
    return one


def test_answers_given_without_network_are_kept_and_sent_in_order(person: Person, served: ServedClass) -> None:
    person.open_quiz("thu-suc-ngan")
    person.answer()
    person.page.context.set_offline(True)
    for _ in range(3):
        person.answer()
    expect(person.page.locator("main")).to_contain_text("đã giữ trên máy")
    assert len(answered(served.data)) == 1
    person.page.context.set_offline(False)
    expect(person.page.locator("main")).to_contain_text("Đã có mạng lại", timeout=30_000)
    person.answer()
    items = answered(served.data)
    assert len(items) == len(set(items)) == 5
    with Store.read_only(served.data) as store:
        given = next(store.response_rows()).attempt.items
    assert items == [ref.id for ref in given[:5]]


def test_a_power_cut_in_mid_item_loses_nothing_and_the_open_page_goes_on(person: Person, served: ServedClass) -> None:
    person.open_quiz("thu-suc-ngan")
    person.answer()
    person.answer()
    person.choose()
    served.kill()
    person.press("Trả lời")
    expect(person.page.locator("main")).to_contain_text("đã giữ trên máy")
    served.start()
    expect(person.page.locator("main")).to_contain_text("Đã có mạng lại", timeout=40_000)
    person.answer()
    assert len(answered(served.data)) == len(set(answered(served.data))) == 4
    person.page.reload()
    person.fieldset.wait_for()
    expect(person.page.locator(".bd-count")).to_have_text("Câu 5/12")


def test_a_reload_shows_the_answer_that_was_given(person: Person) -> None:
    person.open_quiz("thu-suc-ngan")
    while person.kind != "single_choice":
        person.answer()
    place = person.count
    person.answer()
    person.page.reload()
    person.fieldset.wait_for()
    person.press("Quay lại")
    expect(person.page.locator(".bd-count")).to_have_text(place)
    assert person.fieldset.locator("input:checked").count() == 1


def test_a_slow_network_only_takes_longer(person: Person) -> None:
    session = person.page.context.new_cdp_session(person.page)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    session.send("Network.emulateNetworkConditions", slow)
    person.open_quiz("thu-suc-ngan")
    person.answer()
    person.answer()
    expect(person.page.locator(".bd-count")).to_have_text("Câu 3/12")


#: The class server with a limit on how long any file may grow, as a full disk would set; a second file lifts it.
FULL_DISK = """
import os, pathlib, resource, signal, sys, threading, time
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
room, switch = int(os.environ["ROOM"]), pathlib.Path(os.environ["SWITCH"])
def watch():
    full = False
    while True:
        want = switch.exists()
        if want != full:
            limit = room if want else resource.RLIM_INFINITY
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            full = want
        time.sleep(0.05)
threading.Thread(target=watch, daemon=True).start()
from bdhvs.cli import main
main()
"""


@pytest.fixture
def filling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedClass]:
    monkeypatch.setenv("ROOM", "4096")
    monkeypatch.setenv("SWITCH", str(tmp_path / "full"))
    one = ServedClass(tmp_path, launcher=FULL_DISK)
    yield one
    one.stop()


def test_a_full_disk_is_said_to_both_and_nothing_acknowledged_is_lost(
    watched: Watched, filling: ServedClass, tmp_path: Path
) -> None:
    person = Person(watched.page(filling.origin, **PHONE), filling)
    person.join()
    person.open_quiz("thu-suc-ngan")
    person.answer()
    (tmp_path / "full").touch()
    person.page.wait_for_timeout(300)  # until the limit holds; nothing is asserted on it
    person.answer()
    expect(person.page.locator("main")).to_contain_text("Chưa lưu được, đang thử lại")
    assert len(answered(filling.data)) == 1
    teacher = watched.page(filling.origin)
    teacher.goto(filling.told["teacher_url"])
    expect(teacher.get_by_role("alert")).to_contain_text("chưa lưu được câu trả lời")
    (tmp_path / "full").unlink()
    expect(person.page.locator("main")).to_contain_text("Đã có mạng lại", timeout=40_000)
    person.answer()
    assert len(answered(filling.data)) == 3
