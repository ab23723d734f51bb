"""The form for guardians: one page of A4 in both languages, with everything that has to be said and room to sign."""

from __future__ import annotations

from io import BytesIO

import pytest

pytest.importorskip("fpdf")
pypdf = pytest.importorskip("pypdf")

from bdhvs.credentials.guardian_pdf import guardian_pdf  # noqa: E402  # the form needs the extra
from bdhvs.i18n import translator  # noqa: E402
from bdhvs.service.consents import GUARDIAN_VERSION  # noqa: E402

AT_US = 1_795_000_000_000_000


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", ["Lớp thôn Đoài", "Lớp kỹ năng số hằng ngày của tổ dân phố số 40"])
def test_one_page_says_purpose_extent_time_rights_and_version(lang: str, name: str) -> None:
    file = pypdf.PdfReader(BytesIO(guardian_pdf(name, lang, AT_US)))
    (page,) = file.pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    said, _ = " ".join(page.extract_text().split()), translator(lang)
    for word in ("What for", "What is kept", "Where and how long", "Your rights", "If you do not agree", "I agree", "I do not agree"):
        assert _(word) in said
    for line in ("Name of the parent or guardian", "Date and signature of the parent or guardian", "Signature of the learner"):
        assert _(line) in said
    assert name in said
    assert GUARDIAN_VERSION in said


def test_the_same_moment_gives_the_same_file() -> None:
    assert guardian_pdf("Lớp", "vi", AT_US) == guardian_pdf("Lớp", "vi", AT_US)
