"""The four heaviest report queries over a synthetic province: ours, DuckDB's SQL written by hand, and pandas, side by side.

    OPENBLAS_NUM_THREADS=1 python benchmarks/reports.py                       # 200,000 learners × 60 answers
    OPENBLAS_NUM_THREADS=1 python benchmarks/reports.py --learners 2_000_000 --data /tmp/province --runs 2
    python benchmarks/reports.py --data /tmp/province --ways ours sql         # a dataset made before is not made again

Each way runs in a process of its own, several times in turn; the best run counts, and all are told. ``cpu_s`` is processor time of all
threads, which others on the machine disturb less than ``seconds``. ``peak_mib`` is the most memory the process had, Python included.
``agree`` compares the results of each way with ours: whole numbers must be equal, real ones to 1e-9. Data: `made_dataset`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from machine import say, tell

from bdhvs.dataset.schema import COMBINED

ITEM, PLACE = ["item", "item_version"], ["province", "commune"]
#: Report → keys of its rows, and the columns compared.
REPORTS: dict[str, tuple[list[str], list[str]]] = {
    "item_statistics": (ITEM, ["persons", "mean", "sd", "item_rest"]),
    "option_counts": ([*ITEM, "outcome", "option"], ["responses", "share"]),
    "commune_competence": ([*PLACE, "competence"], ["responses", "points", "most", "share"]),
    "commune_domain_band": ([*PLACE, "domain", "band"], ["learners", "share"]),
}
TOLERANCE = 1e-9
Ask = Callable[[str], pa.Table]


def ours(data: Path, memory: str, threads: int) -> Ask:
    """The package's queries."""
    from bdhvs import queries

    tables = queries.connect(data, memory=memory, threads=threads)
    return lambda name: queries.ask(tables, name)


POINTS = "CASE WHEN outcome = 'skipped' THEN 0 ELSE score END"
#: The combinations that count, and those worth something.
WORTH = f"""
    CREATE TEMP TABLE due AS
        SELECT combination, item, item_version, kind, competence, domain, outcome, option, max, {POINTS} AS x
        FROM combinations WHERE last AND mode = 'assessment' AND max IS NOT NULL AND NOT neutralised AND NOT after_solutions;
    CREATE TEMP TABLE shown AS
        SELECT *, (dense_rank() OVER (ORDER BY domain))::SMALLINT AS d, x::SMALLINT AS p, max::SMALLINT AS m
        FROM due WHERE x IS NOT NULL;"""
SQL = {
    "item_statistics": """
        WITH counts AS MATERIALIZED (SELECT item, item_version, x, n
                       FROM (SELECT combination, count(*) AS n FROM responses GROUP BY combination) JOIN due USING (combination)),
             means AS MATERIALIZED (SELECT item, item_version, sum(n) FILTER (x IS NOT NULL)::BIGINT AS persons,
                       sum(n * x) / persons AS mean, sqrt((sum(n * x * x) - persons * mean * mean) / (persons - 1)) AS sd
                       FROM counts GROUP BY ALL),
             worth AS MATERIALIZED (SELECT combination, item, item_version, x, x - mean AS e FROM shown JOIN means USING (item, item_version)),
             attempts AS NOT MATERIALIZED (SELECT attempt, 1 / (count(*) - 1) AS u, sum(e) / (count(*) - 1) AS d
                       FROM responses JOIN (SELECT combination, e FROM worth) USING (combination) GROUP BY attempt HAVING count(*) > 1),
             sums AS (SELECT combination, count(*) AS n, sum(u) AS u, sum(u * u) AS uu, sum(d) AS d, sum(d * d) AS dd, sum(d * u) AS du
                       FROM responses JOIN attempts USING (attempt) GROUP BY combination),
             rests AS (SELECT item, item_version, sum(n) AS n, sum(n * x) AS x, sum(n * x * x) AS xx, sum(d - e * u) AS r,
                              sum(dd - 2 * e * du + e * e * uu) AS rr, sum(x * (d - e * u)) AS xr
                       FROM sums JOIN worth USING (combination) GROUP BY ALL)
        SELECT item, item_version, persons, mean, sd, (xr - x * r / n) / sqrt((xx - x * x / n) * (rr - r * r / n)) AS item_rest
        FROM means LEFT JOIN rests USING (item, item_version)""",
    "option_counts": """
        WITH numbers AS (SELECT combination, count(*) AS n FROM responses GROUP BY combination),
             counts AS (SELECT item, item_version, outcome, option, sum(n)::BIGINT AS responses
                        FROM numbers JOIN due USING (combination) WHERE kind = 'single_choice' GROUP BY ALL)
        SELECT *, CASE WHEN outcome = 'answered' THEN responses / sum(responses) FILTER (outcome = 'answered')
                                                      OVER (PARTITION BY item, item_version) END AS share FROM counts""",
    "commune_competence": """
        WITH numbers AS (SELECT province, commune, combination, count(*) AS n FROM responses GROUP BY ALL)
        SELECT province, commune, competence, sum(n)::BIGINT AS responses, sum(n * x)::BIGINT AS points,
               sum(n * max)::BIGINT AS most, sum(n * x) / sum(n * max) AS share
        FROM numbers JOIN shown USING (combination) GROUP BY ALL""",
    "commune_domain_band": """
        WITH people AS (SELECT learner, d, count(*) AS tasks, sum(p) AS x, sum(m) AS most
                        FROM responses JOIN (SELECT combination, d, p, m FROM shown) USING (combination) GROUP BY learner, d),
             alike AS (SELECT province, commune, d, tasks, x, most, count(*) AS learners
                       FROM people JOIN (SELECT learner, province, commune FROM learners) USING (learner) GROUP BY ALL),
             counts AS (SELECT province, commune, domain, CASE WHEN tasks < 3 THEN NULL WHEN x / most >= 0.8 THEN 'advanced'
                            WHEN x / most >= 0.6 THEN 'intermediate' WHEN x / most >= 0.4 THEN 'basic' ELSE 'below' END AS band,
                            sum(learners)::BIGINT AS learners
                        FROM alike JOIN (SELECT DISTINCT d, domain FROM shown) USING (d) GROUP BY ALL)
        SELECT *, CASE WHEN band IS NOT NULL THEN learners / sum(learners) FILTER (band IS NOT NULL)
                                                  OVER (PARTITION BY province, commune, domain) END AS share FROM counts""",
}


def sql(data: Path, memory: str, threads: int) -> Ask:
    """DuckDB, as one writes it by hand who knows it and these files well."""
    import duckdb

    settings = {"memory_limit": memory, "threads": threads, "preserve_insertion_order": False}
    settings["disabled_optimizers"] = "join_filter_pushdown,partial_aggregate_pushdown"
    connection = duckdb.connect(config=settings)
    connection.execute(
        f"CREATE VIEW responses AS SELECT * EXCLUDE ({', '.join(COMBINED)}) FROM read_parquet('{data}/responses/**/*.parquet', "
        "hive_partitioning=true, hive_types_autocast=false)"
    )
    for table in ("combinations", "learners"):
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{data}/{table}/*.parquet'")
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute(WORTH)
    return lambda name: connection.sql(SQL[name]).to_arrow_table()


def pandas(data: Path, memory: str, threads: int) -> Ask:
    """pandas, with categories and the columns each report needs; it knows no limit of memory."""
    import numpy as np
    import pyarrow.dataset as pads

    place = pads.partitioning(
        pa.schema([("province", pa.string()), ("commune", pa.string()), ("day", pa.date32())]), flavor="hive"
    )
    source = pads.dataset(data / "responses", partitioning=place)

    def frame(*columns: str, shown: bool = True) -> Any:
        field = pads.field
        due = (
            field("last")
            & (field("mode") == "assessment")
            & field("max").is_valid()
            & ~field("neutralised")
            & ~field("after_solutions")
        )
        points = pa.compute.if_else(field("outcome") == "skipped", pa.scalar(0, pa.int64()), field("score"))
        texts = [name for name in columns if source.schema.field(name).type == pa.string()]
        wanted = {name: field(name) for name in columns} | {"x": points.cast(pa.float64())}
        table = source.to_table(columns=wanted, filter=due, use_threads=threads > 1)
        for name in texts:
            table = table.set_column(
                table.schema.get_field_index(name), name, table[name].dictionary_encode().unify_dictionaries()
            )
        found = table.to_pandas(self_destruct=True)
        return found[found["x"].notna()] if shown else found

    def item_statistics() -> Any:
        rows = frame(*ITEM, "attempt")
        groups = rows.groupby(ITEM, observed=True)["x"]
        table = groups.agg(persons="count", mean="mean", sd="std")
        rows["d"] = rows["x"] - groups.transform("mean")
        attempts = rows.groupby("attempt")["d"]
        rows["rest"] = (attempts.transform("sum") - rows["d"]) / (attempts.transform("size") - 1)
        rows = rows[np.isfinite(rows["rest"])]
        table["item_rest"] = rows.groupby(ITEM, observed=True)[["x", "rest"]].corr().iloc[0::2, 1].droplevel(2)
        return table

    def option_counts() -> Any:
        rows = frame(*ITEM, "outcome", "option", "kind", shown=False)
        rows = rows[rows["kind"] == "single_choice"]
        table = (
            rows.groupby([*ITEM, "outcome", "option"], observed=True, dropna=False)
            .size()
            .to_frame("responses")
            .reset_index()
        )
        answered = table["responses"].where(table["outcome"] == "answered")
        table["share"] = answered / answered.groupby([table[name] for name in ITEM], observed=True).transform("sum")
        return table.set_index([*ITEM, "outcome", "option"])

    def commune_competence() -> Any:
        rows = frame(*PLACE, "competence", "max")
        table = rows.groupby([*PLACE, "competence"], observed=True).agg(
            responses=("x", "size"), points=("x", "sum"), most=("max", "sum")
        )
        return table.astype("int64").assign(share=table["points"] / table["most"])

    def commune_domain_band() -> Any:
        rows = frame(*PLACE, "domain", "learner", "max")
        people = rows.groupby([*PLACE, "domain", "learner"], observed=True).agg(
            n=("x", "size"), x=("x", "sum"), most=("max", "sum")
        )
        share = people["x"].astype(float) / people["most"]
        band = np.select(
            [people["n"] < 3, share >= 0.8, share >= 0.6, share >= 0.4],
            ["?", "advanced", "intermediate", "basic"],
            "below",
        )
        people = people.assign(band=band).reset_index()
        table = people.groupby([*PLACE, "domain", "band"], observed=True).size().to_frame("learners").reset_index()
        table["band"] = table["band"].replace("?", None)
        named = table["learners"].where(table["band"].notna())
        table["share"] = named / named.groupby([table[name] for name in [*PLACE, "domain"]], observed=True).transform(
            "sum"
        )
        return table.set_index([*PLACE, "domain", "band"])

    known = {one.__name__: one for one in (item_statistics, option_counts, commune_competence, commune_domain_band)}
    return lambda name: pa.Table.from_pandas(known[name]().reset_index(), preserve_index=False)


WAYS: dict[str, Callable[[Path, str, int], Ask]] = {"ours": ours, "sql": sql, "pandas": pandas}


def run(way: str, data: Path, results: Path, memory: str, threads: int) -> dict[str, Any]:
    """All reports one way; called in a process of its own."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    ask = WAYS[way](data, memory, threads)
    figures: dict[str, Any] = {"open": {"seconds": time.perf_counter() - begin}}
    for name, (keys, columns) in REPORTS.items():
        wall, cpu = time.perf_counter(), time.process_time()
        found = ask(name)
        figures[name] = {"seconds": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        pq.write_table(found.select([*keys, *columns]), results / f"{way}-{name}.parquet")
    figures["all"] = {"seconds": time.perf_counter() - begin, "cpu_s": time.process_time() - begin_cpu}
    figures["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def agreement(results: Path, way: str, name: str) -> dict[str, Any]:
    """Rows that differ from ours in a key or a whole number, and the largest difference of a real one."""
    keys, columns = REPORTS[name]
    one, other = (_rows(results / f"{by}-{name}.parquet", keys) for by in ("ours", way))
    if one.keys() != other.keys():
        return {"agree": False, "rows": [len(one), len(other)]}
    furthest, wrong = 0.0, 0
    for key, row in one.items():
        for column in columns:
            a, b = row[column], other[key][column]
            if (a is None) != (b is None or b != b):
                wrong += 1
            elif isinstance(a, int):
                wrong += a != b
            elif a is not None:
                furthest = max(furthest, abs(a - b))
    return {"agree": not wrong and furthest <= TOLERANCE, "rows": len(one), "wrong": wrong, "furthest": furthest}


def _rows(path: Path, keys: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[key] for key in keys): row for row in pq.read_table(path).to_pylist()}


def _child(way: str, data: Path, results: Path, options: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, __file__, "--run", way, "--data", str(data), "--results", str(results)]
    command += ["--memory", options.memory, "--threads", str(options.threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:] or done.returncode}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(data: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The best of several runs of each way, the ratios to hand-written SQL, and whether results agree."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder)
        runs: dict[str, list[dict[str, Any]]] = {way: [] for way in options.ways}
        for number in range(options.runs):
            for way in options.ways:
                runs[way].append(_child(way, data, results, options))
                say(f"run {number + 1}, {way}: {runs[way][-1].get('all', runs[way][-1])}")
        good = {way: [one for one in many if "failed" not in one] for way, many in runs.items()}
        best = {way: min(many, key=lambda one: one["all"]["seconds"]) for way, many in good.items() if many}
        compared = [way for way in best if way != "ours" and "ours" in best]
        return {
            "best": best,
            "seconds_of_all_runs": {way: [one.get("all", one) for one in many] for way, many in runs.items()},
            "ratio_to_sql": {
                part: {kind: best["ours"][part][kind] / best["sql"][part][kind] for kind in ("seconds", "cpu_s")}
                for part in ("all", *REPORTS)
            }
            if {"ours", "sql"} <= best.keys()
            else None,
            "agreement": {way: {name: agreement(results, way, name) for name in REPORTS} for way in compared},
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=200_000)
    parser.add_argument("--items", type=int, default=60, help="each learner answers them all")
    parser.add_argument("--communes", type=int, default=166)
    parser.add_argument("--days", type=int, default=3, help="days on which each commune's learners come")
    parser.add_argument("--data", type=Path, help="the dataset: used if it is there, else made and kept")
    parser.add_argument("--memory", default="2GB", help="DuckDB's limit; Python and Arrow come on top")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--run", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--results", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(run(options.run, options.data, options.results, options.memory, options.threads)))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder) / "dataset"
        made = {}
        if not data.exists():
            from made_dataset import make_dataset

            begin = time.perf_counter()
            say(f"making {options.learners:,} × {options.items} responses in {data}")
            rows = make_dataset(
                data, learners=options.learners, items=options.items, communes=options.communes, days=options.days
            )
            made = {"rows": rows, "seconds": round(time.perf_counter() - begin, 1)}
        size = sum(path.stat().st_size for path in data.rglob("*.parquet"))
        rows = json.loads((data / "manifest.json").read_text())["rows"]["responses"]
        about = {"rows": rows, "mib": round(size / 2**20), "made": made, "load_before": os.getloadavg()[0]}
        parameters = {name: getattr(options, name) for name in ("memory", "threads", "runs", "communes", "days")}
        tell("reports", parameters | about, measure(data, options))


if __name__ == "__main__":
    main()
