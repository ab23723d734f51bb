"""A file comes out of a posted form byte for byte, and what is no such form gives nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.server.uploads import Upload, read_upload

LINE = b"----bdhvs7MA4YWxk"
TYPE = f"multipart/form-data; boundary={LINE.decode()}"


def form(data: bytes, name: str = "danh sách.xlsx", field: str = "file") -> bytes:
    head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    other = b'Content-Disposition: form-data; name="other"\r\n\r\nfile\r\n'
    return b"--%b\r\n%b--%b\r\n%b%b\r\n--%b--\r\n" % (LINE, other, LINE, head.encode(), data, LINE)


@given(st.binary(max_size=3_000).filter(lambda data: LINE not in data))
def test_any_bytes_come_out_as_they_went_in(data: bytes) -> None:
    assert read_upload(TYPE, form(data), "file") == Upload("danh sách.xlsx", data)


@pytest.mark.parametrize("data", [b"\r\n", b"\r", b"\n\r\n\n", b"a\r\n--", b"--\r\n", bytes(range(256)) * 300, b"\x1a\x00\xff\xfe"])
def test_line_ends_and_dashes_are_nothing_special(data: bytes) -> None:
    assert read_upload(TYPE, form(data), "file").data == data


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("", b""),
        ("text/plain", b"Lan\nHoa"),
        (TYPE, b"Lan\nHoa"),
        ("multipart/form-data", form(b"Lan")),
        ("multipart/form-data; boundary=other", form(b"Lan")),
        (TYPE, form(b"Lan", field="another")),
        ("multipart/form-data; boundary=x\r\nx-evil: 1\u2028é", b"--x\r\n\r\n"),
        (TYPE, b"--" + LINE + b"\r\n" * 5_000),
    ],
)
def test_what_is_no_such_form_has_no_file(kind: str, body: bytes) -> None:
    assert read_upload(kind, body, "file") == Upload("", b"")
