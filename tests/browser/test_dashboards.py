"""Two dashboards in a real Voilà, on a phone of 360 px: choose, and the picture and its words follow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

pytest.importorskip("voila")
for needed in ("numpy", "pandas", "pyarrow", "matplotlib"):
    pytest.importorskip(needed)
pytestmark = pytest.mark.browser

from bdhvs.analysis.small_province import open_or_invent  # noqa: E402
from tests.browser.test_voila import CHECKOUT, PATIENCE_MS, PHONE, voila  # noqa: E402

THUMB = 48


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("BDHVS_DATASET", str(open_or_invent().folder))
        with voila(CHECKOUT / "notebooks" / "nghien-cuu", tmp_path_factory.mktemp("home")) as one:
            yield one


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, locale="vi-VN", has_touch=True)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def opened(page: Page, url: str) -> list[str]:
    """Open a dashboard and wait for its first control; addresses asked for as they come."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url, wait_until="commit")
    page.locator("select").first.wait_for(timeout=PATIENCE_MS)
    return asked


def fits_a_thumb_and_a_narrow_page(page: Page) -> None:
    for control in page.locator("select:visible, input:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_commune_and_a_week_are_chosen(phone: Page, address: str) -> None:
    asked = opened(phone, f"{address}voila/render/tien-do.ipynb")
    fits_a_thumb_and_a_narrow_page(phone)
    shown = phone.locator(".widget-html img").first
    assert "Tỉnh Giả Lập" in str(shown.get_attribute("alt"))
    assert "VNeID" in str(shown.get_attribute("alt"))
    phone.get_by_label("Xã, phường").select_option(label="Xã Sương Bạc (giả lập)")
    phone.locator(".widget-html img[alt*='Xã Sương Bạc']").wait_for(timeout=PATIENCE_MS)
    newest = shown.get_attribute("alt")
    phone.get_by_label("Tính đến hết tuần, ngày").select_option(index=12)
    phone.wait_for_function(
        "old => document.querySelector('.widget-html img').alt !== old", arg=newest, timeout=PATIENCE_MS
    )
    assert "Xã Sương Bạc" in str(shown.get_attribute("alt"))
    own = (address, address.replace("http", "ws", 1), "data:", "blob:", "about:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_a_survey_is_planned(phone: Page, address: str) -> None:
    opened(phone, f"{address}voila/render/thiet-ke-khao-sat.ipynb")
    fits_a_thumb_and_a_narrow_page(phone)
    said = phone.locator(".widget-html li").first
    before = said.inner_text()
    assert "12.000 người lớn" in before
    phone.get_by_label("Muốn sai không quá").select_option(label="± 10 điểm")
    phone.locator(".widget-html li", has_text="±10").wait_for(timeout=PATIENCE_MS)
    field = phone.get_by_label("Số người lớn trong xã")
    field.fill("900")
    field.press("Enter")
    phone.locator(".widget-html li", has_text="900 người lớn").wait_for(timeout=PATIENCE_MS)
