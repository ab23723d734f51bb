"""The three engines, each started once."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NOBODY = "nobody"  # PostgreSQL refuses to run as root


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of our own, on loopback."""
    # Not below pytest's folder, which only its owner may enter.
    folder = (
        Path(tmp_path_factory.mktemp("postgresql")) if os.geteuid() else Path(f"/tmp/bdhvs-postgresql-{os.getpid()}")
    )
    folder.mkdir(exist_ok=True)
    owner = {"user": NOBODY, "group": "nogroup", "extra_groups": ()} if not os.geteuid() else {}
    if owner:
        shutil.chown(folder, NOBODY)
    data = str(folder / "data")
    subprocess.run(
        [_program("initdb"), "-D", data, "-U", "bdhvs", "--auth=trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=folder,
        **owner,
    )
    port = _free_port()
    options = f"-h 127.0.0.1 -p {port} -k {folder} -F"
    with (folder / "log").open("wb") as log:
        subprocess.run(
            [_program("pg_ctl"), "-D", data, "-o", options, "-w", "start"],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            **owner,
        )
    yield f"postgresql://bdhvs@127.0.0.1:{port}/postgres"
    subprocess.run(
        [_program("pg_ctl"), "-D", data, "-m", "immediate", "stop"],
        check=True,
        capture_output=True,
        cwd=folder,
        **owner,
    )
    shutil.rmtree(folder)


def _program(name: str) -> str:
    """A program of PostgreSQL, which Debian does not put on the path."""
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    assert found, (
        f"The tests of the report queries need {name}. Install it (Debian: apt install postgresql), then run again."
    )
    return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark session in this process. Settings for small data: a query is planned in the time the data take."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.driver.memory": "1g",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ["PYSPARK_PYTHON"] = sys.executable  # else its workers are whatever python3 is
    builder = SparkSession.builder.master("local[2]").appName("bdhvs")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # py4j leaves sockets to the garbage collector
        session = builder.getOrCreate()
        gc.collect()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        gateway = session.sparkContext._gateway
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()  # its sign to end
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None
        gc.collect()
