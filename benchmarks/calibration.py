"""Seconds, memory and truth of calibration and of ability, beside the Python packages mirt and girth where they are installed.

    OPENBLAS_NUM_THREADS=1 python benchmarks/calibration.py             # all; a quarter of an hour with the peers
    python benchmarks/calibration.py --only province --runs 5
    python benchmarks/calibration.py --without-peers
    python benchmarks/calibration.py --only town --peers girth --patience 3600   # wait longer for one of them

Each case runs in processes of its own; the best of several runs counts, and the spread is told. ``cpu_s`` is processor time of both
threads: half of it is what the case takes on two cores that nobody else uses. Peers take the cases "town" and "district", each once,
and are given up after the patience. ``rmse_slope`` and ``rmse_difficulty`` are distances from the truth, ``furthest_…`` from our
estimates. Data are simulated with fixed seeds: slopes log-normal(0, 0.3), difficulties normal(0, 1), abilities normal(0, 1).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np
from machine import facts, say

SEED = 2025
MIB = 1024


def bank(items: int) -> tuple[Any, Any]:
    """Slopes and difficulties."""
    rng = np.random.default_rng(SEED)
    return rng.lognormal(0, 0.3, items), rng.normal(size=items)


def answers(persons: int, items: int, missing: float) -> Any:
    """Scores as small integers, −1 for not shown; made in blocks, so that making them takes no memory."""
    slope, difficulty = (one.astype(np.float32) for one in bank(items))
    rng = np.random.default_rng(SEED + 1)
    found = np.empty((persons, items), np.int8)
    for begin in range(0, persons, 8192):
        block = found[begin : begin + 8192]
        theta = rng.standard_normal((len(block), 1), dtype=np.float32)
        chance = 1 / (1 + np.exp(-slope * (theta - difficulty)))
        block[:] = rng.random(block.shape, dtype=np.float32) < chance
        if missing:
            block[rng.random(block.shape, dtype=np.float32) < missing] = -1
    return found


def sparse_answers(persons: int, items: int, shown: int) -> Any:
    """A long table: everybody has an own draw of `shown` items from a bank; made in blocks, as in `answers`."""
    from bdhvs.measurement.responses import Responses

    slope, difficulty = (one.astype(np.float32) for one in bank(items))
    rng = np.random.default_rng(SEED + 2)
    item, score = np.empty((persons, shown), np.int16), np.empty((persons, shown), np.int8)
    for begin in range(0, persons, 8192):
        rows = slice(begin, min(begin + 8192, persons))
        drawn = rng.random((rows.stop - begin, items), dtype=np.float32).argpartition(shown, axis=1)[:, :shown]
        theta = rng.standard_normal((len(drawn), 1), dtype=np.float32)
        chance = 1 / (1 + np.exp(-slope[drawn] * (theta - difficulty[drawn])))
        item[rows], score[rows] = drawn, rng.random(drawn.shape, dtype=np.float32) < chance
    person = np.repeat(np.arange(persons, dtype=np.int32), shown)
    return Responses.from_long(person, item.ravel(), score.ravel(), items=items)


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def timed(work: Any) -> tuple[Any, dict[str, float]]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, {
        "seconds": round(time.perf_counter() - wall, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "load": round(os.getloadavg()[0], 1),
    }


def away(found: Any, truth: Any) -> float:
    """Root mean square distance."""
    return round(float(np.sqrt(np.mean((np.asarray(found) - np.asarray(truth)) ** 2))), 5)


def ours(data: Any, items: int, kind: str = "2pl") -> dict[str, Any]:
    """Calibrate, then EAP scores of everybody."""
    from bdhvs.measurement.calibration import IRTModel

    before, threads = peak_mib(), min(2, os.cpu_count() or 1)
    model, took = timed(lambda: IRTModel(kind, threads=threads).fit(data))  # type: ignore[arg-type]
    peak = peak_mib()
    (theta, _), scored = timed(lambda: model.ability(data))
    slope, difficulty = bank(items)
    return {
        **took,
        "peak_mib": round(peak),
        "peak_mib_before_fit": round(before),
        "steps": model.n_iter_,
        "converged": bool(model.converged_),
        "errors_by": model.se_.method,
        "rmse_slope": away(model.discrimination_, slope),
        "rmse_difficulty": away(model.difficulty_, difficulty),
        "mean_se_difficulty": round(float(np.mean(model.se_.difficulty)), 5),
        "eap_per_s": round(len(theta) / scored["seconds"]),
        "eap_per_two_cpu_s": round(2 * len(theta) / scored["cpu_s"]),
        "estimates": np.column_stack([model.discrimination_, model.difficulty_]).round(7).tolist(),
    }


def province() -> dict[str, Any]:
    return ours(answers(2_000_000, 60, 0.3), 60)


def district() -> dict[str, Any]:
    return ours(answers(*SIZES["district"], 0.0), 60)


def town() -> dict[str, Any]:
    return ours(answers(*SIZES["town"], 0.0), 40)


def bank_of_240() -> dict[str, Any]:
    data = sparse_answers(500_000, 240, 30)
    found = ours(data, 240)
    return {**found, "answers_per_cpu_s": round(500_000 * 30 / found["cpu_s"])}


def dense_rate() -> dict[str, Any]:
    """What the bank of 240 is compared to: as many answers in a dense table."""
    found = ours(answers(357_143, 60, 0.3), 60)
    return {**found, "answers_per_cpu_s": round(357_143 * 42 / found["cpu_s"])}


def class_of_40() -> dict[str, Any]:
    return ours(answers(40, 24, 0.0), 24, "rasch")


def mirt_peer(persons: int, items: int) -> dict[str, Any]:
    import mirt

    data = answers(persons, items, 0.0).astype(int)
    found, took = timed(lambda: mirt.fit_mirt(data, model="2PL", n_quadpts=61, compute_standard_errors=False))
    own = found.model.parameters
    return told(took, items, own["discrimination"], own["difficulty"])


def girth_peer(persons: int, items: int) -> dict[str, Any]:
    import girth

    data = np.ascontiguousarray(answers(persons, items, 0.0).astype(int).T)
    options = {"quadrature_n": 61, "quadrature_bounds": (-6, 6)}
    found, took = timed(lambda: girth.twopl_mml(data, options))
    return told(took, items, found["Discrimination"], found["Difficulty"])


def told(took: dict[str, float], items: int, slopes: Any, difficulties: Any) -> dict[str, Any]:
    slope, difficulty = bank(items)
    return {
        **took,
        "peak_mib": round(peak_mib()),
        "rmse_slope": away(slopes, slope),
        "rmse_difficulty": away(difficulties, difficulty),
        "estimates": np.column_stack([slopes, difficulties]).tolist(),
    }


CASES = {
    "province": (province, "2,000,000 persons x 60 items, 30 % missing; target 12 s, 700 MB, 2,000,000 EAP scores a second"),
    "district": (district, "100,000 x 60, complete; target 0.8 s"),
    "town": (town, "10,000 x 40, complete"),
    "bank": (bank_of_240, "500,000 persons, 30 answers each of 240 items, everybody's own draw, sparse"),
    "dense": (dense_rate, "as many answers in a dense table of 60 items, 30 % missing"),
    "class": (class_of_40, "40 persons x 24 items, Rasch"),
}
PEERS = {"mirt": mirt_peer, "girth": girth_peer}
SIZES = {"town": (10_000, 40), "district": (100_000, 60)}  # at which peers run, too


def in_its_own_process(case: str, patience_s: float | None = None) -> dict[str, Any]:
    say(f"{case} …")
    command = [sys.executable, __file__, "--case", case]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=patience_s)
    except subprocess.TimeoutExpired:
        return {"failed": f"given up: took longer than {patience_s:g} s"}
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(done.stdout)
    say("  " + ", ".join(f"{name} {found[name]}" for name in ("seconds", "cpu_s", "load")))
    return found


def best(case: str, runs: int) -> dict[str, Any]:
    found = [in_its_own_process(case) for _ in range(runs)]
    good = [one for one in found if "failed" not in one]
    if not good:
        return found[0]
    first = min(good, key=lambda one: one["seconds"])
    return {**first, "seconds_of_runs": [one["seconds"] for one in good], "cpu_s_of_runs": [one["cpu_s"] for one in good]}


def peer(name: str, size: str, ours: dict[str, Any], patience_s: float) -> dict[str, Any]:
    """A peer's figures beside ours, or why there are none."""
    if find_spec(name) is None:
        return {"failed": "not installed"}
    found = in_its_own_process(f"{name}-{size}", patience_s)
    return found if "failed" in found else beside(found, ours)


def beside(peer: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """How many times longer it took, and how far its estimates are from ours."""
    theirs, mine = np.array(peer.pop("estimates")), np.array(ours["estimates"])
    return {
        **peer,
        "times_ours_seconds": round(peer["seconds"] / ours["seconds"], 1),
        "times_ours_memory": round(peer["peak_mib"] / ours["peak_mib"], 1),
        "times_ours_cpu": round(peer["cpu_s"] / ours["cpu_s"], 1),
        "furthest_slope": round(float(np.abs(theirs - mine)[:, 0].max()), 5),
        "furthest_difficulty": round(float(np.abs(theirs - mine)[:, 1].max()), 5),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", choices=[*CASES, *(f"{peer}-{size}" for peer in PEERS for size in SIZES)], help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=CASES, action="append")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--peers", choices=PEERS, nargs="+", default=list(PEERS))
    parser.add_argument("--patience", type=float, default=600, help="seconds after which a peer is given up")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.case:
        warnings.simplefilter("ignore")  # the peers' own
        case, _, size = chosen.case.partition("-")
        print(json.dumps(CASES[case][0]() if case in CASES else PEERS[case](*SIZES[size])))
        return
    names = chosen.only or list(CASES)
    asked = [] if chosen.without_peers else chosen.peers
    result: dict[str, Any] = {"machine": facts(), "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "as it comes")}
    result |= {name: {"what": CASES[name][1], **best(name, chosen.runs)} for name in names}
    for size in SIZES:
        if size in names and "estimates" in result[size]:
            result[size] |= {name: peer(name, size, result[size], chosen.patience) for name in asked}
    for name in names:
        result[name].pop("estimates", None)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
