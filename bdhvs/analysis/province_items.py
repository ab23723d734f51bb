"""The bank's items for an invented province: every reply is one the real item takes, marked by the real item."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from bdhvs.analysis.example import right_response, wrong_response
from bdhvs.bank.digests import digest
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item, Response
from bdhvs.programme.synthetic_items import ItemFacts, Reply

#: Wrong replies looked for per item that is not a single choice, and how often is tried for them.
WRONG, TRIES = 4, 12
#: Kinds whose responses are typed freely: a research dataset withholds what was typed.
TYPED = ("short_text", "numeric")
#: 1 / chance that a rapid guess is right, where it is not the number of options.
HARD_TO_GUESS = 12


def item_facts(bank: Bank) -> list[ItemFacts]:
    """Every item of the bank that shows performance, with replies that its own rule has marked."""
    return [_facts(one) for one in bank.items.values() if one.is_performance]


def _facts(item: Item) -> ItemFacts:
    one: Any = item
    options = len(one.options) if item.kind == "single_choice" else HARD_TO_GUESS
    right = item.score(right_response(item))
    replies = (_reply(item, right_response(item)), *_wrong(item))
    return ItemFacts(
        item.id, item.version, item.kind, item.competence, item.level, right.maximum, digest(one), options, replies
    )


def _wrong(item: Item) -> Iterator[Reply]:
    one: Any = item
    if item.kind == "single_choice":
        yield from (_reply(item, {"choice": option.id}) for option in one.options if not option.key)
        return
    rng = random.Random(item.id)
    found: list[Response] = []
    for _ in range(TRIES):
        response = wrong_response(item, rng)
        if response not in found and len(found) < WRONG and item.score(response).verdict != "right":
            found.append(response)
            yield _reply(item, response)


def _reply(item: Item, response: Response) -> Reply:
    score = item.score(response)
    chosen = response["choice"] if item.kind == "single_choice" else None
    text = None if item.kind in TYPED else json.dumps(response, ensure_ascii=False, separators=(",", ":"))
    return Reply(text, str(chosen) if chosen is not None else None, score.points, score.verdict, score.reason or None)
