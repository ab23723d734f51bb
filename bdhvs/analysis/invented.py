"""Invented answers in the shape of real ones, for showing and testing statistics before there are data. Never a result.

Quick to make, unlike `bdhvs.analysis.example`, whose learners are played through the real service. Whatever a check should find is
put in on purpose: see the constants.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.frames import typed
from bdhvs.analysis.synthetic import marked
from bdhvs.store.export import COLUMNS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MARK = "so-lieu-bia"  # "invented figures"; stands in every class, form, item, calibration
DOMAINS, PER_DOMAIN, OPTIONS = 6, 5, "abcd"
# What was put in, to be found again; items by number from 1.
HARDER_FOR_OLDER = 7  # by a logit and a half, at equal ability
WRONG_KEY = 14  # a wrong option was marked as right
RUSHING = 0.04  # share of learners who choose blindly in a second or two
COPIED_FROM, COPIED_BY = 10, 11  # learners of the first class: the second took nearly all from the first
CORRELATION = 0.85  # between abilities in two domains
DAY = "2026-09-21"


def invented_responses(learners: int = 400, classes: int = 10, seed: int = 1) -> pd.DataFrame:
    """A frame as of `bdhvs.responses`: one assessment of 30 tasks and 6 self-assessments; every class, form and item marked invented, the frame synthetic."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    ability = _abilities(learners, rng)
    older = _older(learners)
    items = _items(rng)
    rush = rng.random(learners) < RUSHING
    slow = rng.normal(0, 0.3, learners)
    reached = np.where(rng.random(learners) < 0.15, rng.integers(18, 31, learners), 31)
    rows: list[dict[str, Any]] = []
    answers: dict[int, list[tuple[str | None, int]]] = {}
    for who in range(learners):
        own = answers.setdefault(who, [])
        for item in items:
            number = item["number"]
            theta = ability[who, int(item["domain"]) - 1] - 1.5 * (older[who] and number == HARDER_FOR_OLDER)
            option, score = _answer(item, theta, rush[who], rng)
            if who == COPIED_BY and rng.random() < 0.9:
                option, score = answers[COPIED_FROM][number - 1]
            own.append((option, score))
            rows.append(_row(who, classes, learners, item, option, score, reached[who], rush[who], slow[who], rng))
        rows += [
            _said(who, classes, learners, domain, ability[who, domain - 1], rng) for domain in range(1, DOMAINS + 1)
        ]
    found: pd.DataFrame = marked(typed(pd.DataFrame(rows, columns=list(COLUMNS))))
    return found


def invented_groups(learners: int = 400) -> dict[str, dict[str, str]]:
    """Variable → learner → group, for the learners of `invented_responses`."""
    older = _older(learners)
    return {"age": {_name(who): "60+" if older[who] else "under 60" for who in range(learners)}}


def invented_scores(learners: int = 400, seed: int = 1) -> pd.DataFrame:
    """A frame as of `bdhvs.analysis.frames.scores`, newest scores only, marked synthetic."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    ability = _abilities(learners, rng)
    rows = []
    for who in range(learners):
        for domain in range(1, DOMAINS + 1):
            seen = ability[who, domain - 1] * 0.6 + rng.normal(0, 0.45)
            sure = rng.random() < min(0.95, 0.35 + 0.4 * abs(seen))
            band = ("below", "co_ban", "trung_cap", "nang_cao")[int(np.searchsorted([-0.9, 0.1, 1.1], seen))]
            rows.append(
                {
                    "learner": _name(who), "domain": str(domain), "tasks": PER_DOMAIN, "ability": seen, "se": 0.55,
                    "band": band if sure else None, "newest": True, "synthetic": True, "calibration": MARK,
                }
            )  # fmt: skip
    found: pd.DataFrame = marked(pd.DataFrame(rows).astype({"tasks": "Int64", "band": "string"}))
    return found


def _abilities(learners: int, rng: np.random.Generator) -> Any:
    common = rng.normal(0, CORRELATION**0.5, (learners, 1))
    return common + rng.normal(0, (1 - CORRELATION) ** 0.5, (learners, DOMAINS))


def _older(learners: int) -> list[bool]:
    return [who % 5 < 2 for who in range(learners)]


def _items(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Tasks of all domains; every sixth has two points, the others are single choices."""
    found = []
    for number in range(1, DOMAINS * PER_DOMAIN + 1):
        domain = 1 + (number - 1) % DOMAINS
        level = 1 + (number - 1) // DOMAINS
        steps = 2 if number % 6 == 0 else 1
        found.append(
            {
                "number": number,
                "id": f"{MARK}-{number:02d}",
                "domain": str(domain),
                "competence": f"{domain}.{1 + (number - 1) // DOMAINS % 2}",
                "level": level,
                "max": steps,
                "slope": float(rng.lognormal(0.1, 0.25)),
                "at": 0.55 * (level - 3) + float(rng.normal(0, 0.4)),
                "pull": [float(one) for one in rng.normal(0, 0.5, len(OPTIONS) - 1)],
                "typical_s": float(rng.uniform(15, 60)),
            }
        )
    return found


def _answer(item: dict[str, Any], theta: float, rush: bool, rng: np.random.Generator) -> tuple[str | None, int]:
    """Option and points. Option "a" is the key, unless a wrong one was marked."""
    import math

    chance = 1 / (1 + math.exp(-item["slope"] * (theta - item["at"])))
    if item["max"] == 2:
        return None, int(rng.random() < (0.2 if rush else chance)) + int(rng.random() < (0.2 if rush else chance))
    key = "b" if item["number"] == WRONG_KEY else "a"
    if rush:
        option = OPTIONS[int(rng.integers(len(OPTIONS)))]
    elif rng.random() < chance:
        option = "a"
    else:
        weights = [math.exp(one - 0.3 * place * theta) for place, one in enumerate(item["pull"])]
        option = OPTIONS[1 + int(rng.choice(len(weights), p=[one / sum(weights) for one in weights]))]
    return option, int(option == key)


def _row(
    who: int, classes: int, learners: int, item: dict[str, Any], option: str | None, score: int, reached: int, rush: bool,
    slow: float, rng: np.random.Generator,
) -> dict[str, Any]:  # fmt: skip
    import math

    silent = "not_reached" if item["number"] > reached else "skipped" if not rush and rng.random() < 0.02 else None
    seconds = rng.uniform(0.7, 2.5) if rush else math.exp(math.log(item["typical_s"]) + slow + 0.45 * rng.normal())
    share = score / item["max"]
    kind = "single_choice" if item["max"] == 1 else "ordering"
    told = {"choice": option} if option else {"order": ["a", "b"]}
    answered = {
        "outcome": "answered", "try": 1, "response": json.dumps(told), "score": score, "max": item["max"],
        "verdict": "right" if share == 1 else "partly" if share else "wrong",
        "confidence": int(min(4, max(1, round(2 + 1.2 * share + rng.normal(0, 0.8))))),
        "elapsed_ms": round(1000 * seconds) if rng.random() > 0.03 else None, "recorded_at": f"{DAY}T02:30:00Z",
    }  # fmt: skip
    silence = {"outcome": silent, "try": 0, "max": item["max"]}
    helped = "teacher" if silent is None and not rush and rng.random() < 0.05 else "none"
    return (
        _attempt(who, classes, learners)
        | {
            "position": item["number"], "item": item["id"], "item_version": 1, "kind": kind, "competence": item["competence"],
            "domain": item["domain"], "level": item["level"], "last": True, "help": helped,
        }
        | (silence if silent else answered)
    )  # fmt: skip


def _said(
    who: int, classes: int, learners: int, domain: int, ability: float, rng: np.random.Generator
) -> dict[str, Any]:
    """What the learner says of the first competence of a domain: surer than they should be."""
    step = int(min(4, max(1, round(2.9 + 0.7 * ability + rng.normal(0, 0.8)))))
    told = {"step": step, "steps": 4, "can": step >= 3, "about": []}
    return _attempt(who, classes, learners) | {
        "position": 30 + domain, "item": f"{MARK}-tu-danh-gia-{domain}", "item_version": 1, "kind": "self_assessment",
        "competence": f"{domain}.1", "domain": str(domain), "level": 1, "outcome": "answered", "try": 1, "last": True,
        "response": json.dumps(told), "verdict": "noted", "help": "none", "recorded_at": f"{DAY}T02:40:00Z",
    }  # fmt: skip


def _attempt(who: int, classes: int, learners: int) -> dict[str, Any]:
    room = min(who // (learners // classes), classes - 1)
    return {
        "classroom": f"{MARK}-lop-{room + 1:02d}", "learner": _name(who), "attempt": f"{MARK}-{who:05d}", "form": MARK,
        "form_version": 1, "mode": "assessment", "attempt_status": "finished", "finish_reason": "learner",
        "started_at": f"{DAY}T02:00:00Z", "bank_version": MARK, "extra_minutes": 0, "reopened": 0, "after_solutions": False,
    }  # fmt: skip


def _name(who: int) -> str:
    return f"{MARK}-nguoi-{who:05d}"
