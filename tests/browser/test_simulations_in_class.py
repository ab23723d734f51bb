"""A practised phone in the midst of a class: at the teacher's pace, on the wall, over a reload, a power cut and a lost network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.presenting import arrangement
from bdhvs.i18n import translator
from bdhvs.store import Store
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, ServedClass
from tests.browser.knowing import Knowing, facts
from tests.content import with_forms

pytestmark = pytest.mark.browser
_ = translator("vi")
BANK = Bank.load()
ITEM: Any = BANK.items["cuoc-goi-lua-otp"]
FORM = "may-tap-ca-lop"
SOON_MS = 20_000
DONE = "Tôi làm xong"


@pytest.fixture(scope="module")
def one_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedClass]:
    """A class with a form of two simulations."""
    folder = tmp_path_factory.mktemp("together")
    example = yaml.safe_load((find_content().forms / "luyen-may-tap.yaml").read_text("utf-8"))
    form = {**example, "id": FORM, "items": [ITEM.id, "chuyen-tien-qr"]}
    one = ServedClass(folder, "--content", str(with_forms(folder / "content", [form])))
    yield one
    one.stop()


def learner(watched: Watched, served: ServedClass, name: str) -> Knowing:
    one = Knowing(watched.page(served.origin, **PHONE), served, BANK)
    one.join(name)
    one.open_quiz(FORM)
    return one


def steps(person: Knowing) -> list[list[Any]]:
    """The shortest right way, as this learner's browser calls it."""
    assert isinstance(ITEM, Simulation)
    with Store.read_only(person.served.data) as store:
        found = store.attempt(person.opened["attempt"])
    assert found is not None
    order = arrangement(ITEM, found[0].seed, found[0].shuffle_options)
    placed: list[list[Any]] = ITEM.places({"actions": list(ITEM.route)}, order)["actions"]
    return placed


def stands(person: Knowing) -> str:
    return person.fieldset.locator(".bd-phone-title").inner_text()


def test_reload_power_cut_and_lost_network_leave_somebody_where_they_stood(
    watched: Watched, one_class: ServedClass
) -> None:
    nam = learner(watched, one_class, "Bác Năm")
    first, *rest = steps(nam)
    nam.do(first)
    here = stands(nam)
    nam.page.reload()
    expect(nam.fieldset.locator(".bd-phone-title")).to_have_text(here)
    one_class.kill()
    nam.do(rest[0])  # the phone needs no server to go on
    here = stands(nam)
    one_class.start()
    nam.page.reload()
    expect(nam.fieldset.locator(".bd-phone-title")).to_have_text(here, timeout=SOON_MS)
    nam.page.context.set_offline(True)
    for one in rest[1:]:
        nam.do(one)
    nam.press(DONE)
    expect(nam.area.locator(".bd-verdict")).to_contain_text("Đã giữ trên máy")
    assert facts(one_class, nam.opened["attempt"]) == []
    nam.page.context.set_offline(False)
    expect(nam.area.locator(".bd-verdict")).to_contain_text("Đúng rồi", timeout=2 * SOON_MS)
    [answered] = facts(one_class, nam.opened["attempt"])
    assert (answered.points, answered.help) == (ITEM.maximum, "none")


def test_at_the_teacher_s_pace_the_wall_shows_the_task_and_nothing_of_the_phone(
    watched: Watched, one_class: ServedClass
) -> None:
    mo = learner(watched, one_class, "Chị Mơ")
    wall = watched.page(one_class.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN")
    wall.goto(one_class.told["teacher_url"])
    teacher = watched.page(one_class.origin, viewport={"width": 1280, "height": 800}, locale="vi-VN")
    teacher.goto(one_class.told["teacher_url"])
    wall.goto(f"{one_class.origin}/gv/chieu")
    folded = teacher.locator("#nhip details:not([open]) > summary")
    if folded.count():
        folded.click()
    teacher.locator("#pace-form").select_option(FORM)
    press = teacher.locator("#nhip").get_by_role
    press("button", name=_("Take it together"), exact=True).click()
    expect(mo.page.locator(".bd-pace")).to_have_text(_("The whole class is at this question."), timeout=SOON_MS)
    expect(wall.locator(".wall-stem")).to_contain_text("mã OTP", timeout=SOON_MS)
    assert wall.locator(".wall-parts, .wall-key, .wall-solution, .bd-phone").count() == 0

    way = steps(mo)
    mo.do(way[0])
    press("button", name=_("Hold: no more answers"), exact=True).click()
    expect(mo.page.get_by_role("button", name=DONE)).to_have_count(0, timeout=SOON_MS)
    expect(mo.fieldset.locator("button[data-control]:not(:disabled)")).to_have_count(0)
    press("button", name=_("Open it again"), exact=True).click()
    expect(mo.page.get_by_role("button", name=DONE)).to_be_visible(timeout=SOON_MS)
    for one in way[1:]:  # what was done before stays done
        mo.do(one)
    mo.press(DONE)
    expect(mo.page.locator(".bd-pace")).to_contain_text(
        _("Your answer is in. The teacher will open the next question."), timeout=SOON_MS
    )
    expect(mo.page.locator(".bd-feedback")).to_have_count(0)
    press("button", name=_("Reveal the answer"), exact=True).click()
    expect(mo.page.locator(".bd-feedback")).to_be_visible(timeout=SOON_MS)
    expect(wall.locator(".wall-solution").first).to_be_visible(timeout=SOON_MS)
    [answered] = facts(one_class, mo.opened["attempt"])
    assert answered.points == ITEM.maximum
