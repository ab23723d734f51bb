from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.bank.yaml_lines import parse_document
from bdhvs.bank.yaml_text import MAX_FILE_BYTES
from tests.bank.conftest import cases


@pytest.mark.parametrize("case", cases("yaml"))
def test_a_trap_is_named_with_its_line(case: dict[str, Any]) -> None:
    problems = parse_document(case["text"].encode(), "x.yaml").problems
    if case["says"] is None:
        assert not problems
    else:
        assert any(case["says"] in one.message and one.line == case["line"] for one in problems), problems


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    (problem,) = parse_document("a: 1\nb: mật\n".encode("utf-16-le"), "x.yaml").problems[:1]
    assert "UTF-8" in problem.message
    (problem,) = parse_document(b"a: 1\nb: \xff\n", "x.yaml").problems
    assert (problem.line, problem.rule) == (2, "encoding")


def test_a_file_that_is_too_long_is_not_read() -> None:
    document = parse_document(b"a: " + b"x" * MAX_FILE_BYTES, "x.yaml")
    assert document.value is None
    assert "at most 256 KB" in document.problems[0].message


def test_nesting_has_an_end() -> None:
    document = parse_document(b"[" * 100_000, "x.yaml")
    assert "nested more than" in document.problems[0].message


def test_a_billion_laughs_stay_small() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    document = parse_document("\n".join(lines).encode(), "x.yaml")
    assert len(document.lines) < 300
    assert {one.rule for one in document.problems} == {"anchor", "alias"}


def test_all_problems_of_a_file_come_at_once() -> None:
    document = parse_document(b"a: no\nb: 2026-11-22\nc: *x\na: 1\n", "x.yaml")
    assert [one.line for one in document.problems] == [1, 2, 3, 4]


def test_every_place_knows_its_line() -> None:
    document = parse_document(b"# note\na: 1\nb:\n  - id: x\n    text: {vi: c}\n  - id: z\n", "x.yaml")
    assert document.value == {"a": 1, "b": [{"id": "x", "text": {"vi": "c"}}, {"id": "z"}]}
    assert document.line(("b", 0, "text", "vi")) == 5
    assert document.line(("b", 1)) == 6
    assert document.line(("b", 1, "missing", "deeper")) == 6


@given(st.binary(max_size=300) | st.text("ab:-[]{}&*!|>'\"#%@ \n\t0", max_size=60).map(str.encode))
def test_any_bytes_give_a_document_and_never_an_exception(raw: bytes) -> None:
    document = parse_document(raw, "x.yaml")
    assert document.value is not None or document.problems


@given(st.recursive(st.integers(-999, 999) | st.booleans() | st.just("câu"), lambda one: st.lists(one, max_size=3)))
def test_what_yaml_writes_is_read_back(value: Any) -> None:
    import yaml

    written = yaml.safe_dump({"a": value}, allow_unicode=True)
    assert parse_document(written.encode(), "x.yaml").value == {"a": value}
