"""Learners' groups as a frame and as a table, and the question they are there for: is an item fair to both sexes?"""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

from click.testing import CliRunner  # noqa: E402

import bdhvs  # noqa: E402
from bdhvs.analysis import frames  # noqa: E402
from bdhvs.cli import commands  # noqa: E402
from bdhvs.core.about_learners import AGE_BANDS, DEVICES, SEXES  # noqa: E402
from bdhvs.measurement.dif import screen_dif  # noqa: E402
from bdhvs.store import Consent, Store, ToldRow  # noqa: E402
from bdhvs.store.learners import COLUMNS  # noqa: E402
from tests.store.making import Maker, begin  # noqa: E402


async def fill(folder: Path) -> None:
    """Three who began: the first told something and answered, the second began, the third is of another class."""
    make = Maker()
    with Store.open(folder) as store:
        begun = await begin(store, make)
        await store.append([make.answer(begun.attempt.id, 1)])
        await store.keep_told(ToldRow(begun.learner_id, "=cmd", "60_74", "female", 5), [Consent("research", "1")])
        other = make.id()
        await store.add_learner(
            other, begun.classroom.id, nickname="Ông Tư", name_kind="nickname", lang="vi", at_us=make.now_us()
        )
        await store.start_attempt(make.attempt(other, begun.classroom.id, device="tablet"))
        await begin(store, make)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data") / "lop"
    asyncio.run(fill(data))
    return data


def test_the_frame_has_every_category_and_joins_the_responses(folder: Path) -> None:
    frame = frames.learners(folder)
    assert list(frame.columns) == list(COLUMNS)
    assert frame["age_band"].cat.ordered
    assert tuple(frame["age_band"].cat.categories) == AGE_BANDS
    assert (tuple(frame["sex"].cat.categories), tuple(frame["device"].cat.categories)) == (SEXES, DEVICES)
    assert frame["sex"].isna().tolist() == [False, True, True]
    assert frame["device"].isna().tolist() == [True, False, True]
    assert frame["first_day"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2026-09-21"]
    joined = bdhvs.responses(folder).merge(frame, on=["classroom", "learner"], validate="many_to_one")
    assert len(joined) == len(bdhvs.responses(folder))
    assert joined.query("outcome == 'answered'")["sex"].tolist() == ["female"]


def test_the_command_writes_the_same_table(folder: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(commands, ["results", str(folder), "--learners"])
    rows = list(csv.DictReader(io.StringIO(said.stdout.removeprefix("\ufeff"))))
    assert [row["learner"] for row in rows] == frames.learners(folder)["learner"].tolist()
    assert rows[0]["audience"] == "'=cmd"  # no spreadsheet takes it for a formula
    listed = CliRunner().invoke(commands, ["results", "--learners", "--columns"]).stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(COLUMNS)
    both = CliRunner().invoke(commands, ["results", str(folder), "--learners", "--scores"])
    assert (both.exit_code, "call again" in both.output) == (2, True)
    out = tmp_path / "hoc-vien.parquet"
    assert CliRunner().invoke(commands, ["results", str(folder), "--learners", "--out", str(out)]).exit_code == 0
    assert pd.read_parquet(out)["age_band"].tolist()[0] == "60_74"


def test_the_way_of_the_guide_finds_the_item_that_is_harder_for_one_sex() -> None:
    rng = np.random.default_rng(2026)
    people, items, unfair = 1_200, 10, 3
    female = rng.random(people) < 0.5
    ability, difficulty = rng.normal(size=people), rng.normal(size=items)
    harder = np.zeros((people, items))
    harder[female, unfair] = 1.2
    right = rng.random((people, items)) < 1 / (1 + np.exp(-(ability[:, None] - difficulty - harder)))
    ids = [f"hv-{number}" for number in range(people)]
    long = pd.DataFrame(
        {
            "learner": np.repeat(ids, items),
            "item": np.tile([f"c{n}" for n in range(items)], people),
            "score": right.ravel().astype(int),
        }
    )
    sex = pd.Categorical(np.where(female, "female", "male"), SEXES)
    who = pd.DataFrame({"learner": ids, "sex": sex}).sample(frac=1, random_state=1)
    # As in docs/researcher.md.
    table = long.pivot(index="learner", columns="item", values="score")
    groups = who.set_index("learner").reindex(table.index)
    labels = groups["sex"].astype(object).where(groups["sex"].notna(), None)
    screen = screen_dif(table.to_numpy(float), {"sex": list(labels)})
    assert [(table.columns[row.item], row.favours) for row in screen.flagged()] == [(f"c{unfair}", "male")]
