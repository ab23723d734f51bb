from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.bank.render import ALLOWED, render_block, render_inline

PIECES = st.sampled_from(
    [
        *("<script>", "</p>", "<a href=x>", "[x](javascript:y)", "![i](x)", "https://vidu.vn", "<b onclick=z>"),
        *("**", "*", "`", "> ", "- ", "1. ", "9) ", "\n", "\n\n", "    ", "&lt;", "&", '"', "'", "<!--", "-->", "\\"),
        *("# ", "| a |", "***", "<svg/onload=x>", "http://a.example", "<x@y.vn>", "\u0000", "\u202e", "dấu", " "),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


class Seen(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, None), *((tag, name) for name, _ in attrs)]

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", None))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", None))

    def handle_pi(self, data: str) -> None:
        self.found.append(("instruction", None))


@given(TEXTS)
def test_nothing_outside_the_allowed_tags_ever_comes_out(text: str) -> None:
    for html in (render_block(text), render_inline(text)):
        for tag, attribute in Seen(html).found:
            assert tag in ALLOWED
            assert attribute is None or attribute in ALLOWED[tag]


@given(TEXTS)
def test_a_line_holds_no_block(text: str) -> None:
    assert {tag for tag, _ in Seen(render_inline(text)).found} <= {"strong", "em", "code", "br"}


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1))
def test_plain_letters_stay_as_they_are(text: str) -> None:
    assert render_inline(text) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("một **hai** *ba* `bốn`", "một <strong>hai</strong> <em>ba</em> <code>bốn</code>"),
        ("một\nhai", "một<br>\nhai"),
        ("<b>đậm</b>", "&lt;b&gt;đậm&lt;/b&gt;"),
        ("xem https://vidu.vn/a?b=1&c=2", "xem https://vidu.vn/a?b=1&amp;c=2"),
        ("[bấm](https://vidu.vn)", "[bấm](https://vidu.vn)"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_a_line_is_rendered_without_paragraph(text: str, html: str) -> None:
    assert render_inline(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("một\n\nhai", "<p>một</p>\n<p>hai</p>"),
        ("- một\n- hai", "<ul>\n<li>một</li>\n<li>hai</li>\n</ul>"),
        ("3. ba\n4. bốn", '<ol start="3">\n<li>ba</li>\n<li>bốn</li>\n</ol>'),
        ("> Trúng thưởng!", "<blockquote>\n<p>Trúng thưởng!</p>\n</blockquote>"),
        ("# không là đề mục", "<p># không là đề mục</p>"),
    ],
)
def test_a_longer_text_keeps_its_blocks(text: str, html: str) -> None:
    assert render_block(text) == html
