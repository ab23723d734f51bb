"""The commands as a teacher and a researcher use them: real processes, real folders."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bdhvs.core.identifiers import uuid7
from bdhvs.store.export import COLUMNS


def bdhvs(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bdhvs", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, **environment}, timeout=120)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "bdhvs", "serve", str(folder), "--host", "127.0.0.1", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline()), process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()  # or leaving the block would wait for it forever
                raise


def one_answer(told: dict[str, Any]) -> None:
    origin = told["addresses"][0]
    with httpx.Client(base_url=origin, headers={"origin": origin}) as client:
        assert client.post("/vao", data={"code": told["code"], "name": "Lan"}).status_code == 303
        opened = client.post("/api/quiz", json={"v": 1, "type": "open", "form": "thu-suc-ngan"}).json()
        item = next(one for one in opened["items"] if one["kind"] == "single_choice")
        about = {"attempt": opened["attempt"], "item": item["id"], "version": item["version"]}
        event = uuid7(1_700_000_000_000_000, b"0123456789")
        message = {"v": 1, "type": "answer", "event_id": event, "response": {"choice": "1"}, **about}
        assert client.post("/api/quiz", json=message).json()["type"] == "saved"


def test_a_class_is_announced_stops_quietly_and_goes_on_with_the_same_code(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (told, process):
        one_answer(told)
    assert process.returncode == 0
    with serving(tmp_path / "data") as (again, _):
        assert (again["code"], again["learners"]) == (told["code"], 1)
    with serving(tmp_path / "data", "--new") as (new, _):
        assert new["code"] != told["code"]


def test_a_taken_port_is_said_in_a_teacher_s_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = bdhvs("serve", "data", "--host", "127.0.0.1", "--port", port, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert "Cổng này đang có chương trình khác dùng" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_port_asked_for_the_next_free_one_is_taken(tmp_path: Path) -> None:
    with serving(tmp_path / "one") as (one, _), serving(tmp_path / "two") as (two, _):
        assert one["addresses"] != two["addresses"]


def test_a_second_class_on_the_same_folder_is_refused_in_a_teacher_s_words(tmp_path: Path) -> None:
    with serving(tmp_path / "data"):
        done = bdhvs("serve", "data", "--host", "127.0.0.1", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert "Đang có một lớp chạy trên thư mục dữ liệu này" in done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--lesson", "khong-co"], "Không có bài học này"),
        (["--form", "khong-co"], "Không có bài làm này"),
        (["--name", "   "], "Hãy đặt tên cho lớp"),
        (["--name", "x" * 500], "Tên lớp quá dài"),
        (["--content", "."], "Lý do ghi ở dưới"),
    ],
)
def test_a_wrong_option_gets_a_sentence_and_what_there_is(tmp_path: Path, options: list[str], sentence: str) -> None:
    done = bdhvs("serve", "data", "--host", "127.0.0.1", "--json", *options, cwd=tmp_path)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_only_the_chosen_lessons_and_forms_are_offered(tmp_path: Path) -> None:
    chosen = ["--lesson", "an-toan-truoc-lua-dao-otp", "--form", "lam-quen"]
    with serving(tmp_path / "data", *chosen) as (told, _):
        origin = told["addresses"][0]
        with httpx.Client(base_url=origin, headers={"origin": origin}, follow_redirects=True) as client:
            home = client.post("/vao", data={"code": told["code"], "name": "Lan"}).text
            assert "/bai/an-toan-truoc-lua-dao-otp" in home
            assert "/bai/dich-vu-cong-dau-tien" not in home
            assert "/kiem-tra/lam-quen" in home
            assert "/kiem-tra/thu-suc" not in home
            assert client.get("/bai/dich-vu-cong-dau-tien").status_code == 404


def test_results_are_tidy_csv_and_the_same_to_a_file_and_while_the_class_runs(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (told, _):
        one_answer(told)
        running = bdhvs("results", "data", cwd=tmp_path).stdout
    done = bdhvs("results", "data", "--out", "answers.csv", cwd=tmp_path)
    assert done.returncode == 0
    text = (tmp_path / "answers.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert running.lstrip("\ufeff").splitlines() == text.splitlines()
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == 12
    assert [row["outcome"] for row in rows].count("answered") == 1
    assert "Lan" not in text


def test_parquet_keeps_types(tmp_path: Path) -> None:
    import pandas as pd

    with serving(tmp_path / "data") as (told, _):
        one_answer(told)
    assert bdhvs("results", "data", "--out", "answers.parquet", cwd=tmp_path).returncode == 0
    frame = pd.read_parquet(tmp_path / "answers.parquet")
    assert str(frame.started_at.dtype).endswith("UTC]")
    assert str(frame.score.dtype) == "Int64"


@pytest.mark.parametrize("arguments", [["results", "nothing-here"], ["results", "nothing-here", "--out", "x.parquet"]])
def test_no_data_is_one_clean_line(tmp_path: Path, arguments: list[str]) -> None:
    done = bdhvs(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_ending_says_which_there_are(tmp_path: Path) -> None:
    with serving(tmp_path / "data"):
        pass
    done = bdhvs("results", "data", "--out", "x.xlsx", cwd=tmp_path)
    assert done.returncode == 2
    assert ".csv or .parquet" in done.stderr


def test_columns_are_explained(tmp_path: Path) -> None:
    shown = bdhvs("results", "--columns", cwd=tmp_path).stdout
    assert all(name in shown for name in COLUMNS)
