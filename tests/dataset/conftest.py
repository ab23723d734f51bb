"""One data folder for all tests here: nobody writes in it."""

from __future__ import annotations

import asyncio

import pytest

from tests.dataset.village import Village, build


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Village:
    return asyncio.run(build(tmp_path_factory.mktemp("village") / "data"))
