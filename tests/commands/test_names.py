"""``bdhvs names`` shows what a list gives; ``bdhvs serve --names`` says the same and refuses only an unusable list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bdhvs.cli import commands
from tests.commands.test_serve_and_results import bdhvs, serving

LIST = "Họ và tên,Năm sinh\nNguyễn Thị Hòa,1951\n,1960\nTrần Văn Nam,1955\nTrần Văn Nam,1972\n"


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(commands, ["names", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_the_preview_shows_names_doubts_and_counts_and_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lop.csv"
    path.write_text(LIST, "utf-8")
    done = run(str(path), "--lang", "en")
    assert done.exit_code == 0
    for said in ("Read as: UTF-8", "1. Nguyễn Thị Hòa", "3. Trần Văn Nam (2)", "Line 3: ", "Line 5: ", "Names taken: 3. Lines left out: 1."):
        assert said in done.output
    assert [one.name for one in tmp_path.iterdir()] == ["lop.csv"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"\xd0\xcf\x11\xe0" * 200, "class_list_old_excel"), (b"PK\x03\x04abc", "class_list_damaged")]
)
def test_a_file_that_is_no_list_gets_a_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "lop.xls"
    path.write_bytes(content)
    done = run(str(path))
    assert done.exit_code == 1
    assert code in done.output
    assert "Traceback" not in done.output
    assert run(str(tmp_path / "khong-co.txt")).exit_code == 1


def test_a_list_without_a_usable_name_shows_each_line_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "lop.txt"
    path.write_text("1951\n1960\n", "utf-8")
    done = run(str(path), "--lang", "en")
    assert done.exit_code == 1
    assert "Line 1: " in done.output
    assert "Line 2: " in done.output


def test_a_class_opens_with_the_usable_names_and_says_what_was_left_out(tmp_path: Path) -> None:
    (tmp_path / "lop.csv").write_text(LIST, "utf-8")
    with serving(tmp_path / "data", "--names", str(tmp_path / "lop.csv")) as (told, _):
        assert told["code"]
    (tmp_path / "lop.txt").write_text("1951\n", "utf-8")
    refused = bdhvs("serve", "data", "--host", "127.0.0.1", "--json", "--lang", "en", "--names", "lop.txt", cwd=tmp_path)
    assert refused.returncode == 1
    assert "Line 1: " in refused.stderr
    assert "class_list_empty" in refused.stderr
    assert "Traceback" not in refused.stderr
    for line in filter(None, refused.stdout.splitlines()):
        json.loads(line)
