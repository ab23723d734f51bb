"""Six correlated domains: how right, how honest, how fast, beside six separate scores and one common score.

    python benchmarks/domains.py                     # all studies, some minutes
    python benchmarks/domains.py --only speed worth  # some of them
    OPENBLAS_NUM_THREADS=1 python benchmarks/domains.py --only speed    # on one core

Learners, forms and answers are simulated from fixed seeds. Items are 5/6 right-or-wrong and 1/6 of two steps; log slopes
N(0, 0.3), difficulties N(0, 1). Item parameters are taken as known. Figures are over all learners and domains: ``rmse`` in
logits; ``coverage`` the share of 95 % intervals that hold the true ability; ``reliability`` the squared correlation of score
and true ability (mean over domains); ``sd`` the mean standard error told.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from machine import say, tell
from numpy.typing import NDArray

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_correlation import fit_population
from bdhvs.measurement.domain_model import STATED_MEAN_WORTH, STATED_WORTH
from bdhvs.measurement.domain_worth import worth
from bdhvs.measurement.domains import DomainAbilities, DomainItems, DomainPopulation, Method, domain_abilities
from bdhvs.measurement.responses import Responses

Floats = NDArray[np.float64]
SIX = ("1", "2", "3", "4", "5", "6")
METHODS: tuple[Method, ...] = ("moments", "laplace")
LENGTHS = (24, 36, 90)
SIZES = {"class": (30, 100), "commune": (500, 8), "province": (25_000, 1)}  # learners, how many of them are simulated
#: Around 0.8 and not all alike: domains 1-3 (using, talking, making) go together more than safety and AI do with the rest.
TABLE = np.array(
    [
        [1.00, 0.88, 0.86, 0.78, 0.84, 0.74],
        [0.88, 1.00, 0.85, 0.76, 0.82, 0.72],
        [0.86, 0.85, 1.00, 0.77, 0.85, 0.78],
        [0.78, 0.76, 0.77, 1.00, 0.79, 0.70],
        [0.84, 0.82, 0.85, 0.79, 1.00, 0.80],
        [0.74, 0.72, 0.78, 0.70, 0.80, 1.00],
    ]
)


def form(count: int, seed: int) -> DomainItems:
    """A form of `count` items, domains in turn."""
    chance = np.random.default_rng(seed)
    slope, difficulty = chance.lognormal(0, 0.3, count), chance.normal(0, 1, count)
    table = np.column_stack([slope, -slope * difficulty, np.full(count, np.nan)])
    two_steps = chance.permutation(count)[: count // 6]
    apart = 0.5 * slope[two_steps]  # steps half a logit to either side of the difficulty
    table[two_steps, 2] = 2 * table[two_steps, 1]
    table[two_steps, 1] += apart
    items = CalibratedItems(tuple(f"item{n}" for n in range(count)), table)
    return DomainItems.of(items, [SIX[n % 6] for n in range(count)])


def answers(items: DomainItems, true: Floats, chance: np.random.Generator) -> NDArray[np.int8]:
    """Scores of learners with these true abilities."""
    found = np.empty((len(true), len(items.place)), dtype=np.int8)
    for item, domain in enumerate(items.place):
        own = items.items.take([item])
        below = np.cumsum(np.exp(own.log_probabilities(true[:, domain])), axis=0)[:-1]
        found[:, item] = (chance.random(len(true)) > below).sum(axis=0)
    return found


def learners(population: DomainPopulation, count: int, chance: np.random.Generator) -> Floats:
    return chance.multivariate_normal(population.mean[0], population.covariance[0], count)


def judged(true: Floats, mean: Floats, sd: Floats, low: Floats, high: Floats) -> dict[str, float]:
    inside = (low < true) & (true < high)
    alike = [np.corrcoef(mean[:, d], true[:, d])[0, 1] ** 2 for d in range(true.shape[1])]
    return {
        "rmse": round(float(np.sqrt(((mean - true) ** 2).mean())), 4),
        "coverage": round(float(inside.mean()), 4),
        "coverage_worst_domain": round(float(inside.mean(axis=0)[abs(inside.mean(axis=0) - 0.95).argmax()]), 4),
        "reliability": round(float(np.mean(alike)), 4),
        "sd": round(float(sd.mean()), 4),
    }


def judge(true: Floats, found: DomainAbilities) -> dict[str, float]:
    return judged(true, found.mean, found.sd, *found.interval(0.95))


def separate(items: DomainItems, scores: NDArray[np.int8], prior: DomainPopulation, true: Floats) -> dict[str, float]:
    """Six scores, each from its own items only."""
    apart = DomainPopulation.stated(SIX, 0.0, mean=prior.mean, sd=prior.sd)
    return judge(true, domain_abilities(items, Responses.dense(scores), apart))


def common(items: DomainItems, scores: NDArray[np.int8], prior: DomainPopulation, true: Floats) -> dict[str, float]:
    """One score from all items, told as the score of each domain."""
    one = DomainItems.of(items.items, ["all"] * len(items.place))
    stated = DomainPopulation.stated(("all",), mean=prior.mean.mean(), sd=prior.sd.mean())
    found = domain_abilities(one, Responses.dense(scores), stated)
    low, high = found.interval(0.95)
    return judged(true, *(np.repeat(table, 6, axis=1) for table in (found.mean, found.sd, low, high)))


def study_scores() -> list[dict[str, Any]]:
    """Together, separate and common, with the population known: 20,000 learners."""
    found = []
    prior = DomainPopulation.stated(SIX, TABLE)
    for length in LENGTHS:
        items, chance = form(length, length), np.random.default_rng(1)
        true = learners(prior, 20_000, chance)
        scores = answers(items, true, chance)
        table = Responses.dense(scores)
        found.append(
            {
                "items": length,
                "together": judge(true, domain_abilities(items, table, prior)),
                "laplace": judge(true, domain_abilities(items, table, prior, method="laplace")),
                "separate": separate(items, scores, prior, true),
                "common": common(items, scores, prior, true),
            }
        )
    return found


def study_sizes() -> list[dict[str, Any]]:
    """The population estimated from the learners' own answers; they are half a logit below the stated mean, and spread less."""
    found = []
    truth = DomainPopulation.stated(SIX, TABLE, mean=[-0.5, -0.3, -0.7, -0.6, -0.4, -0.8], sd=0.85)
    stated = DomainPopulation.stated(SIX)
    unsure = DomainPopulation.stated(SIX, mean_worth=STATED_MEAN_WORTH, worth=STATED_WORTH)
    pairs = np.tril_indices(6, -1)
    for length in LENGTHS:
        items = form(length, length)
        for name, (count, times) in SIZES.items():
            parts: dict[str, list[Any]] = {"estimated": [], "stated": [], "stated_unsure": [], "known": []}
            trues, off, told, seconds = [], [], [], 0.0
            for time_ in range(times):
                chance = np.random.default_rng((2, length, count, time_))
                true = learners(truth, count, chance)
                table = Responses.dense(answers(items, true, chance))
                begin = time.perf_counter()
                fitted = fit_population(items, table)
                seconds += time.perf_counter() - begin
                off.append(fitted.correlation[0][pairs] - TABLE[pairs])
                if fitted.correlation_se is not None:
                    told.append(fitted.correlation_se[pairs])
                trues.append(true)
                for kind, prior in (("estimated", fitted), ("stated", stated), ("stated_unsure", unsure), ("known", truth)):
                    parts[kind].append(_row(domain_abilities(items, table, prior)))
            true = np.concatenate(trues)
            row = {
                kind: judged(true, *(np.concatenate(column) for column in zip(*rows, strict=True)))
                for kind, rows in parts.items()
            }
            error = np.sqrt((np.array(off) ** 2).mean())
            found.append(
                {
                    "items": length,
                    "who": name,
                    "learners": count,
                    "times": times,
                    "correlation_rmse": round(float(error), 4),
                }
                | row
            )
            found[-1]["fit_seconds"] = round(seconds / times, 3)
            if told:
                found[-1]["correlation_se_told"] = round(float(np.sqrt(np.mean(np.square(told)))), 4)
                found[-1]["correlation_held"] = round(float((np.abs(off) < 1.96 * np.array(told)).mean()), 4)
            found[-1]["correlation_mean_off"] = round(float(np.mean(off)), 4)
            say(f"sizes: {length} items, {name}")
    return found


def _row(found: DomainAbilities) -> tuple[Floats, ...]:
    return found.mean, found.sd, *found.interval(0.95)


def study_wrong() -> list[dict[str, Any]]:
    """The stated correlation of 0.8 where the truth is another: what is lost beside knowing it. 20,000 learners."""
    found = []
    for length in LENGTHS:
        for true_correlation in (0.5, 0.8, 0.95):
            prior = DomainPopulation.stated(SIX, true_correlation)
            items, chance = form(length, length), np.random.default_rng(3)
            true = learners(prior, 20_000, chance)
            table = Responses.dense(answers(items, true, chance))
            right = judge(true, domain_abilities(items, table, prior))
            wrong = judge(true, domain_abilities(items, table, DomainPopulation.stated(SIX)))
            loss = round(100 * (wrong["rmse"] / right["rmse"] - 1), 2)
            found.append(
                {
                    "items": length,
                    "true": true_correlation,
                    "rmse_loss_percent": loss,
                    "known": right,
                    "stated_0.8": wrong,
                }
            )
    return found


def study_items() -> list[dict[str, Any]]:
    """36 items known only as well as so many learners make them: errors of log slope and difficulty of about 2.8/√N each.

    (0.13 at 500: what calibration of a 2PL item of middling difficulty gives.) Intervals take items as known; this is what that costs.
    """
    prior, items, found = DomainPopulation.stated(SIX, TABLE), form(36, 36), []
    chance = np.random.default_rng(8)
    true = learners(prior, 20_000, chance)
    table = Responses.dense(answers(items, true, chance))
    for count in (100, 200, 500, 2000):
        each = [
            judge(true, domain_abilities(_blurred(items, 2.8 / np.sqrt(count), seed), table, prior))
            for seed in range(5)
        ]
        found.append(
            {"calibrated_on": count} | {name: round(float(np.mean([one[name] for one in each])), 4) for name in each[0]}
        )
    return found


def _blurred(items: DomainItems, error: float, seed: int) -> DomainItems:
    chance, table = np.random.default_rng((8, seed)), items.items.parameters.copy()
    count = len(table)
    top = items.items.cells.maximum
    table *= np.exp(chance.normal(0, error, count))[:, None]
    shift = table[:, 0] * chance.normal(0, error, count)
    for step in (1, 2):
        table[:, step] -= np.where(step <= top, step * shift, 0.0)
    return DomainItems(CalibratedItems(items.items.ids, table), items.place, items.domains)


def study_missing() -> dict[str, Any]:
    """36 items of which two domains were never shown to half of the learners: how honest what is borrowed is."""
    prior, items, chance = DomainPopulation.stated(SIX, TABLE), form(36, 36), np.random.default_rng(4)
    true = learners(prior, 20_000, chance)
    scores = answers(items, true, chance)
    scores[::2, items.place >= 4] = -1
    found = domain_abilities(items, Responses.dense(scores), prior)
    low, high = found.interval(0.95)
    few = (slice(None, None, 2), slice(4, 6))
    return {
        "borrowed_only": judged(true[few], found.mean[few], found.sd[few], low[few], high[few]),
        "all": judge(true, found),
    }


def study_exactness(learners_: int = 20, draws: int = 100_000) -> list[dict[str, Any]]:
    """Moment matching and Laplace beside the exact six-dimensional posterior (importance sampling), learner by learner."""
    found = []
    for length in (24, 90):
        for correlation in (0.5, 0.8, 0.95):
            prior, items, chance = (
                DomainPopulation.stated(SIX, correlation),
                form(length, length),
                np.random.default_rng(5),
            )
            scores = answers(items, learners(prior, learners_, chance), chance)
            scores[0], scores[1] = items.items.cells.maximum, 0  # all right, all wrong: the most skewed there are
            ours = {
                m: domain_abilities(items, Responses.dense(scores), prior, method=m) for m in ("moments", "laplace")
            }
            off: dict[str, list[tuple[float, float]]] = {"moments": [], "laplace": []}
            for person in range(learners_):
                mean, sd = _sampled(items, scores[person], prior, ours["moments"], person, chance, draws)
                for method, one in ours.items():
                    off[method].append((abs(one.mean[person] - mean).max(), abs(one.sd[person] / sd - 1).max()))
            row: dict[str, Any] = {"items": length, "correlation": correlation}
            for method, pairs in off.items():
                mean_off, sd_off = np.array(pairs).T
                row[method] = {
                    "mean_off_median": round(float(np.median(mean_off)), 4),
                    "mean_off_most": round(float(mean_off.max()), 4),
                    "sd_off_percent_median": round(100 * float(np.median(sd_off)), 2),
                    "sd_off_percent_most": round(100 * float(sd_off.max()), 2),
                }
            found.append(row)
            say(f"exactness: {length} items, correlation {correlation}")
    return found


def _sampled(
    items: DomainItems,
    scores: NDArray[np.int8],
    prior: DomainPopulation,
    near: DomainAbilities,
    person: int,
    chance: np.random.Generator,
    draws: int,
) -> tuple[Floats, Floats]:
    """Exact posterior mean and sd up to sampling (about 0.001): draws from a wide t about our own answer, in pairs, weighted."""
    freedom, root = 8.0, np.linalg.cholesky(1.15 * near.covariance[person])
    z = chance.standard_normal((draws // 2, 6))
    z = np.concatenate([z, -z]) / np.sqrt(chance.chisquare(freedom, draws) / freedom)[:, None]
    at = near.mean[person] + z @ root.T
    log = (freedom + 6) / 2 * np.log1p((z**2).sum(axis=1) / freedom)
    apart = at - prior.mean[0]
    log -= 0.5 * ((apart @ np.linalg.inv(prior.covariance[0])) * apart).sum(axis=1)
    parameters, top = items.items.parameters, items.items.cells.maximum
    for item, domain in enumerate(items.place):
        steps = np.arange(top[item] + 1)
        logits = parameters[item, 0] * at[:, domain, None] * steps + np.concatenate(
            [[0.0], parameters[item, 1 : top[item] + 1]]
        )
        log += logits[:, scores[item]] - np.logaddexp.reduce(logits, axis=1)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = weight @ at
    return mean, np.sqrt(weight @ (at - mean) ** 2)


def study_worth() -> list[dict[str, Any]]:
    """What domain scores are worth beside the common one (Haberman's shares, mean over domains)."""
    found = []
    for length in LENGTHS:
        for name, correlation in (("0.5", 0.5), ("0.8", 0.8), ("0.95", 0.95), ("about 0.8", TABLE)):
            each = worth(form(length, length), DomainPopulation.stated(SIX, correlation))
            shares = {
                part: round(float(np.mean([getattr(one, part) for one in each])), 3)
                for part in ("own", "common", "together")
            }
            found.append({"items": length, "correlation": name} | shares | {"verdicts": [one.verdict for one in each]})
    return found


def study_speed(persons: int = 50_000) -> list[dict[str, Any]]:
    """Learners a second, the best of three: by the clock, and by processor time (all threads), which others cannot spoil."""
    found = []
    prior = DomainPopulation.stated(SIX, TABLE)
    for length in LENGTHS:
        items, chance = form(length, length), np.random.default_rng(6)
        table = Responses.dense(answers(items, learners(prior, persons, chance), chance))
        row: dict[str, Any] = {"items": length, "learners": persons}
        for method in METHODS:
            clock, processor = zip(*(_seconds(items, table, prior, method) for _ in range(3)), strict=True)
            row[method] = {
                "per_second": round(persons / min(clock)),
                "per_processor_second": round(persons / min(processor)),
            }
        found.append(row)
    for bank in (240, 5000):
        items, table = _from_bank(bank, 20_000, prior)
        clock, processor = zip(*(_seconds(items, table, prior, "moments") for _ in range(3)), strict=True)
        speed = {"per_second": round(20_000 / min(clock)), "per_processor_second": round(20_000 / min(processor))}
        found.append({"bank": bank, "answered": 30, "learners": 20_000, "moments": speed})
    return found


def _from_bank(bank: int, persons: int, prior: DomainPopulation) -> tuple[DomainItems, Responses]:
    """A sparse table: everybody answers 30 items of a bank, drawn at random."""
    items, chance = form(bank, bank), np.random.default_rng(9)
    true = learners(prior, persons, chance)
    what = np.argsort(chance.random((persons, bank)), axis=1)[:, :30].ravel()
    who = np.repeat(np.arange(persons), 30)
    score = np.empty(len(who), dtype=np.int64)
    for item in range(bank):
        rows = np.flatnonzero(what == item)
        own = items.items.take([item])
        below = np.cumsum(np.exp(own.log_probabilities(true[who[rows], items.place[item]])), axis=0)[:-1]
        score[rows] = (chance.random(len(rows)) > below).sum(axis=0)
    return items, Responses.from_long(who, what, score, items=bank)


def _seconds(items: DomainItems, table: Responses, prior: DomainPopulation, method: Method) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    domain_abilities(items, table, prior, method=method)
    return time.perf_counter() - clock, time.process_time() - processor


STUDIES: dict[str, Callable[[], Any]] = {
    "scores": study_scores,
    "sizes": study_sizes,
    "wrong": study_wrong,
    "items": study_items,
    "missing": study_missing,
    "exactness": study_exactness,
    "worth": study_worth,
    "speed": study_speed,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(STUDIES), default=list(STUDIES))
    chosen = parser.parse_args().only
    figures = {}
    for name in chosen:
        begin = time.perf_counter()
        figures[name] = STUDIES[name]()
        say(f"{name}: {time.perf_counter() - begin:.0f} s")
    tell("domains", {"studies": chosen, "numpy": np.__version__, "seeds": "in the script"}, figures)


if __name__ == "__main__":
    main()
