"""What people typed stays in the store: of a response only what is said in the author's ids leaves."""

from __future__ import annotations

import json
from typing import Any

#: Kinds whose responses hold the author's ids and nothing else. Of any other kind, one of a school's own among them, no
#: response leaves: what it holds is not known here.
SAYS_IDS = frozenset({
    "single_choice", "multiple_choice", "ordering", "matching", "categorise", "hotspot", "self_assessment",
})  # fmt: skip


def response_without_words(kind: str, response: str | None) -> str | None:
    """A response (JSON) without anything typed: of a simulation the acts without the texts typed in its fields, of kinds that
    are typed nothing."""
    if response is None or kind in SAYS_IDS:
        return response
    if kind != "simulation":
        return None
    acts = [_act(one) for one in json.loads(response)["actions"]]
    return json.dumps({"actions": acts}, ensure_ascii=False, separators=(",", ":"))


def _act(act: list[Any]) -> list[Any]:
    return [*act[:2], None] if act[0] == "type" else act


def option_of(kind: str, response: str | None) -> str | None:
    """The option chosen in a single choice; None of everything else."""
    if kind != "single_choice" or response is None:
        return None
    option: str = json.loads(response)["choice"]
    return option
