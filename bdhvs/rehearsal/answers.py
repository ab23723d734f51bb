"""Answers by somebody who knows only what is on the screen."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any

TYPED = ("mã OTP", "danh bạ", "danh ba", "mật khẩu", "maatj khaaur", "mã QR", "không biết", "số điện thoại")
MOST_TAPS = 6  # on a practised phone, before it is handed in
_TRIES = 20  # to find an answer that was not given yet; a question with two options may have none left


def some_answer(item: dict[str, Any], chance: random.Random, given: Collection[object] = ()) -> dict[str, Any]:
    """A complete answer to an item as it is shown (docs/protocol.md), by chance; none of `given` if that can be helped.

    Raises
    ------
    NotImplementedError
        for a kind of item that is not known here (a school may bring its own).
    """
    answer = _by_chance(item["kind"], item["body"], chance)
    for _ in range(_TRIES):
        if answer not in given:
            break
        answer = _by_chance(item["kind"], item["body"], chance)
    return answer


def _by_chance(kind: str, body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    match kind:
        case "single_choice" | "self_assessment":
            return {"choice": chance.choice(_ids(body["options"]))}
        case "multiple_choice":
            options = _ids(body["options"])
            return {"choices": sorted(chance.sample(options, chance.randint(1, len(options))))}
        case "numeric":
            return {"text": str(chance.randint(1, 99))}
        case "short_text":
            return {"text": chance.choice(TYPED)}
        case "ordering":
            steps = _ids(body["steps"])
            return {"order": chance.sample(steps, len(steps))}
        case "matching":
            rows, answers = _ids(body["rows"]), _ids(body["answers"])
            return {"pairs": dict(zip(rows, chance.sample(answers, len(rows)), strict=True))}
        case "categorise":
            groups = _ids(body["answers"])
            return {"pairs": {row: chance.choice(groups) for row in _ids(body["rows"])}}
        case "hotspot":
            spots = _ids(body["spots"])
            return {"choices": sorted(chance.sample(spots, chance.randint(1, len(spots)) if body["several"] else 1))}
        case "simulation":
            return {"actions": _taps(body["screens"], chance)}
    raise NotImplementedError(kind)


def _taps(screens: list[dict[str, Any]], chance: random.Random) -> list[list[str]]:
    """A few taps on a practised phone, only on what is always shown and always does the same, so that all of them can be done.

    Raises
    ------
    NotImplementedError
        when the first screen has nothing of the kind.
    """
    by_id = {screen["id"]: screen for screen in screens}
    screen, taps = screens[0], list[list[str]]()
    for _ in range(MOST_TAPS):
        sure = [one for one in _tappable(screen) if "when" not in one["do"][0]]
        if not sure:
            break
        tapped = chance.choice(sure)
        taps.append(["tap", tapped["id"]])
        screen = by_id[tapped["do"][0].get("go", screen["id"])]
    return taps or [_first_touch(screen, chance)]


def _first_touch(screen: dict[str, Any], chance: random.Random) -> list[str]:
    """One tap on what is there from the start, wherever it leads; nothing stands in the way before anything was done."""
    always = [one for one in screen["elements"] if "when" not in one]
    rows = [row for one in always for row in one.get("rows", []) if "when" not in row]
    there = [one for one in always if one["kind"] == "button"] + rows
    if not there:
        raise NotImplementedError("a simulation that begins with nothing to tap")
    return ["tap", chance.choice(there)["id"]]


def _tappable(screen: dict[str, Any]) -> list[dict[str, Any]]:
    elements = screen["elements"]
    if any(one["kind"] == "dialog" for one in elements):  # it may stand in the way
        return []
    always = [one for one in elements if "when" not in one]
    rows = [row for one in always for row in one.get("rows", []) if "when" not in row]
    return [one for one in always if one["kind"] == "button"] + rows


def _ids(parts: list[dict[str, Any]]) -> list[str]:
    return [part["id"] for part in parts]
