"""``bdhvs guardians`` writes the form, or says why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bdhvs.cli import commands

pytest.importorskip("fpdf")


def test_it_writes_the_form(tmp_path: Path) -> None:
    out = tmp_path / "phieu.pdf"
    done = CliRunner().invoke(commands, ["guardians", str(out), "--name", "Lớp thôn Đoài"])
    assert (done.exit_code, done.output.strip()) == (0, str(out))
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["guardians", str(tmp_path / "no" / "phieu.pdf")])
    assert done.exit_code == 1
    assert "cannot be written" in done.output
