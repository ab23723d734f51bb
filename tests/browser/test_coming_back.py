"""Two phones, one learner: three pictures on the first, back on the second, and the work goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bdhvs.bank.loader import Bank
from tests.browser.conftest import Watched
from tests.browser.driver import PHONE, Person, ServedClass
from tests.browser.knowing import Knowing, facts
from tests.browser.test_accessible import CUT, SMALL_TARGETS, SMALL_TEXT, set_up, violations

pytestmark = pytest.mark.browser
BANK = Bank.load()
OWN = ("trâu", "nón lá", "cá")
OTHER = ("cá", "nón lá", "trâu")


def phone(watched: Watched, served: ServedClass, **more: Any) -> Person:
    return Person(watched.page(served.origin, **{**PHONE, **more}), served)


def tap_pictures(person: Person, pictures: tuple[str, ...]) -> None:
    for name in pictures:
        person.touch(person.page.locator(".picture-grid button").filter(has_text=name))
    expect(person.page.locator(".picture-slots li.empty")).to_have_count(3 - len(pictures))


def choose_pictures(person: Person) -> None:
    person.page.goto(f"{person.served.origin}/lop")
    person.touch(person.page.get_by_role("link", name="chọn ba hình"))
    person.page.wait_for_url("**/hinh")
    tap_pictures(person, OWN)
    person.press("Tôi đồng ý, lưu ba hình")
    person.page.wait_for_url("**/lop?hinh=1")
    expect(person.page.get_by_role("status")).to_contain_text("Đã lưu ba hình")


def to_own_name(person: Person, name: str) -> None:
    person.page.goto(person.served.told["join_url"])
    person.touch(person.page.get_by_role("link", name="Trở lại lớp"))
    person.page.wait_for_url("**/tro-lai/*")
    person.touch(person.page.get_by_role("link", name=name))
    person.page.wait_for_url("**/tro-lai/*/*")


def come_back(person: Person, name: str) -> None:
    to_own_name(person, name)
    tap_pictures(person, OWN)
    person.press("Trở lại lớp")
    person.page.wait_for_url("**/lop")


def test_the_attempt_goes_on_where_it_was_on_another_phone(watched: Watched, served: ServedClass) -> None:
    first = phone(watched, served)
    first.join("Bác Năm")
    choose_pictures(first)
    first.open_quiz("thu-suc-ngan")
    first.answer()
    first.answer()
    assert first.count == "Câu 3/12"
    stem = first.fieldset.inner_text()

    second = phone(watched, served)
    to_own_name(second, "Bác Năm")
    tap_pictures(second, OTHER)
    second.press("Trở lại lớp")
    expect(second.page.get_by_role("alert")).to_contain_text("Cứ thong thả")
    tap_pictures(second, OWN)
    second.press("Trở lại lớp")
    second.page.wait_for_url("**/lop")
    expect(second.page.get_by_role("heading", level=1)).to_have_text("Xin chào Bác Năm!")
    second.open_quiz("thu-suc-ngan")
    assert second.count == "Câu 3/12"
    assert second.fieldset.inner_text() == stem
    second.answer()

    half_way_in_a_simulation(watched, served, second)

    served.kill()  # a power cut: pictures and work are on disk
    served.start()
    third = phone(watched, served)
    come_back(third, "Bác Năm")
    third.open_quiz("thu-suc-ngan")
    assert third.count == "Câu 4/12"


def half_way_in_a_simulation(watched: Watched, served: ServedClass, second: Person) -> None:
    """On one phone to the middle, on another from the same screen to the end: worth what it is worth on one."""
    one = Knowing(second.page, served, BANK)
    one.open_quiz("luyen-may-tap")
    actions = one.places(right=True)["actions"]
    before, after = actions[:2], actions[2:]
    for action in before:
        with one.page.expect_request(lambda request: '"so_far"' in (request.post_data or "")):
            one.do(action)
    title = one.fieldset.locator(".bd-phone-title").inner_text()

    other = Knowing(phone(watched, served).page, served, BANK)
    come_back(other, "Bác Năm")
    other.open_quiz("luyen-may-tap")
    assert other.opened["attempt"] == one.opened["attempt"]
    expect(other.fieldset.locator(".bd-phone-title")).to_have_text(title)
    for action in after:
        other.do(action)
    other.hand_in()
    expect(other.page.locator(".bd-verdict")).to_contain_text("Đúng rồi")
    [answered] = facts(served, other.opened["attempt"])
    assert (answered.points, answered.help) == (BANK.item(other.opened["items"][0]["id"]).maximum, "none")


def test_two_people_take_turns_on_one_phone_by_their_pictures(watched: Watched, shared: ServedClass) -> None:
    one = phone(watched, shared)
    for name in ("Ông Bảy", "Bà Tám"):
        one.join(name)
        choose_pictures(one)
        one.page.goto(f"{shared.origin}/lop")
        one.press("Đổi người học")
        one.page.wait_for_url("**/j/*")
    for name in ("Ông Bảy", "Bà Tám", "Ông Bảy"):
        come_back(one, name)
        expect(one.page.get_by_role("heading", level=1)).to_have_text(f"Xin chào {name}!")
        one.page.go_back()  # the pictures of the one before do not wait behind "back"
        assert one.page.locator("input:checked, .picture-slots li:not(.empty)").count() == 0
        one.page.goto(f"{shared.origin}/lop")
        one.press("Đổi người học")
        one.page.wait_for_url("**/j/*")


def test_wrong_pictures_lead_to_the_teacher_whose_code_lets_in(watched: Watched, shared: ServedClass) -> None:
    learner = phone(watched, shared)
    learner.join("Cô Chín")
    choose_pictures(learner)
    other = phone(watched, shared)
    to_own_name(other, "Cô Chín")
    for _ in range(3):
        tap_pictures(other, OTHER)
        other.press("Trở lại lớp")
        expect(other.page.get_by_role("alert")).to_contain_text("Chưa đúng ba hình")
    tap_pictures(other, OWN)
    other.press("Trở lại lớp")
    expect(other.page.get_by_role("alert")).to_contain_text("nghỉ một chút")

    teacher = Person(watched.page(shared.origin, viewport={"width": 1024, "height": 768}, locale="vi-VN"), shared)
    teacher.page.goto(shared.told["teacher_url"])
    teacher.page.goto(f"{shared.origin}/gv/nguoi-hoc")
    teacher.touch(teacher.page.get_by_role("link", name="Cô Chín"))
    teacher.page.wait_for_url("**/gv/nguoi-hoc/*")
    teacher.press("Tạo lối trở lại")
    code = teacher.page.locator("strong.code").inner_text()

    other.touch(other.page.locator("summary", has_text="Tôi quên ba hình rồi"))
    other.page.get_by_label("Mã người hướng dẫn đưa").fill(code.lower())
    other.press("Làm tiếp")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Xin chào Cô Chín!")
    other.press("Trở lại lớp")
    other.page.wait_for_url("**/lop")


def test_without_a_script_the_three_groups_do_the_same(watched: Watched, shared: ServedClass) -> None:
    plain = phone(watched, shared, java_script_enabled=False)
    plain.page.goto(shared.told["join_url"])
    plain.page.get_by_label("Tên gọi trong lớp").fill("Chú Mười")
    plain.page.get_by_role("button", name="Vào lớp").tap()
    plain.page.wait_for_url("**/lop")
    plain.page.goto(f"{shared.origin}/hinh")
    check_groups(plain.page)
    plain.page.get_by_role("button", name="Tôi đồng ý, lưu ba hình").tap()
    plain.page.wait_for_url("**/lop?hinh=1")
    other = phone(watched, shared, java_script_enabled=False)
    other.page.goto(shared.told["join_url"].replace("/j/", "/tro-lai/"))
    other.page.get_by_role("link", name="Chú Mười").tap()
    other.page.wait_for_url("**/tro-lai/*/*")
    check_groups(other.page)
    other.page.get_by_role("button", name="Trở lại lớp").tap()
    other.page.wait_for_url("**/lop")


def check_groups(page: Page) -> None:
    for group, name in zip(("Hình thứ nhất", "Hình thứ hai", "Hình thứ ba"), OWN, strict=True):
        page.get_by_role("group", name=group).get_by_role("radio", name=name, exact=True).check()


def test_by_keyboard_alone_and_a_screen_reader_hears_each_choice(on_laptop: Person) -> None:
    on_laptop.join("Em Út")
    page = on_laptop.page
    page.goto(f"{on_laptop.served.origin}/hinh")
    page.get_by_role("group", name="Mười hai hình").get_by_role("button", name="trâu").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-pictures] [role=status]")).to_have_text("Hình 1: trâu")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-pictures] [role=status]")).to_have_text("Hình 3: lúa")
    expect(page.get_by_role("list", name="Các hình đã chọn").get_by_role("listitem")).to_have_text(["trâu", "lúa", "lúa"])
    expect(page.get_by_role("button", name="Tôi đồng ý, lưu ba hình")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lop?hinh=1")


def test_starting_again_forgets_what_was_tapped(on_phone: Person) -> None:
    on_phone.join("Dì Ba")
    on_phone.page.goto(f"{on_phone.served.origin}/hinh")
    tap_pictures(on_phone, OWN[:2])
    on_phone.press("Chọn lại từ đầu")
    expect(on_phone.page.locator(".picture-slots li.empty")).to_have_count(3)
    assert on_phone.page.locator("input:checked").count() == 0
    on_phone.press("Tôi đồng ý, lưu ba hình")
    expect(on_phone.page.get_by_role("alert")).to_contain_text("đủ ba hình")


def test_the_teacher_brings_a_list_and_sees_it_line_by_line_first(watched: Watched, served: ServedClass, tmp_path: Path) -> None:
    file = tmp_path / "danh sách.csv"
    file.write_text("Họ và tên\nNguyễn Thị Hòa\nTrần Văn Nam\n\nLê 0912345678\n", "utf-8")
    film = tmp_path / "phim.csv"
    film.write_bytes(b"x" * 3_000_000)
    teacher = phone(watched, served)
    teacher.page.goto(served.told["teacher_url"])
    teacher.page.goto(f"{served.origin}/gv/danh-sach")
    teacher.page.get_by_label("Tệp có tên người học").set_input_files(film)
    teacher.press("Xem trước danh sách")
    assert "900 KB" in teacher.page.get_by_label("Tệp có tên người học").evaluate("one => one.validationMessage")
    teacher.page.get_by_label("Tệp có tên người học").set_input_files(file)
    teacher.press("Xem trước danh sách")
    expect(teacher.page.get_by_role("listitem").filter(has_text="0912345678")).to_contain_text("Dòng 5")
    teacher.press("Dùng danh sách này")
    expect(teacher.page.get_by_role("status")).to_contain_text("Danh sách đã được dùng")
    learner = phone(watched, served)
    learner.page.goto(served.told["join_url"])
    learner.page.get_by_label("Tên trong danh sách lớp").select_option("Nguyễn Thị Hòa")
    learner.page.get_by_label("Tôi đồng ý để lớp ghi tên tôi").check()
    learner.press("Vào lớp")
    expect(learner.page.get_by_role("heading", level=1)).to_have_text("Xin chào Nguyễn Thị Hòa!")


@pytest.mark.parametrize(("contrast", "theme"), [("normal", "light"), ("normal", "dark"), ("more", "dark")])
def test_every_new_page_is_for_everybody(watched: Watched, shared: ServedClass, theme: str, contrast: str) -> None:
    name = f"Bác {theme} {contrast}"
    person = phone(watched, shared)
    set_up(person.page, letters=1, contrast=contrast, theme=theme)
    person.join(name)
    person.page.goto(f"{shared.origin}/hinh")
    tap_pictures(person, OWN[:1])
    hold(person.page)
    tap_pictures_rest(person)
    for address in ("/lop", "/dong-y"):
        person.page.goto(shared.origin + address)
        hold(person.page)
    other = phone(watched, shared)
    set_up(other.page, letters=1, contrast=contrast, theme=theme)
    to_own_name(other, name)
    hold(other.page)
    for address in ("/tro-lai", f"/tro-lai/{shared.told['code']}", "/ve/BBBBBB"):
        other.page.goto(shared.origin + address)
        hold(other.page)
    teacher = phone(watched, shared)
    set_up(teacher.page, letters=1, contrast=contrast, theme=theme)
    teacher.page.goto(shared.told["teacher_url"])
    teacher.page.goto(f"{shared.origin}/gv/danh-sach")
    hold(teacher.page)
    teacher.page.get_by_label("Tệp có tên người học").set_input_files(
        {"name": "x.txt", "mimeType": "text/plain", "buffer": b"Lan\nHoa\n\n12\n"}
    )
    teacher.press("Xem trước danh sách")
    teacher.page.locator("input[name=token]").wait_for(state="attached")
    hold(teacher.page)
    teacher.page.goto(f"{shared.origin}/gv/nguoi-hoc")
    teacher.touch(teacher.page.get_by_role("link", name=name))
    teacher.page.wait_for_url("**/gv/nguoi-hoc/*")
    hold(teacher.page)
    teacher.press("Tạo lối trở lại")
    teacher.page.wait_for_url("**/ve")
    hold(teacher.page)


def tap_pictures_rest(person: Person) -> None:
    for picture in OWN[1:]:
        person.touch(person.page.locator(".picture-grid button").filter(has_text=picture))
    person.press("Tôi đồng ý, lưu ba hình")
    person.page.wait_for_url("**/lop?hinh=1")


def hold(page: Page) -> None:
    """What holds for every page: axe finds nothing, letters and targets are large, nothing is cut at any size."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.removeAttribute('name'); one.open = true; })")
    assert violations(page) == [], page.url
    assert page.evaluate(SMALL_TEXT) == [], page.url
    assert page.evaluate(SMALL_TARGETS) == [], page.url
    for width, height in ((320, 568), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(CUT) == [], page.url
