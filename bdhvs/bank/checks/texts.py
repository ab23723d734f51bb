"""The texts of an item with their part in it, and the few measures of text that the rules use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel

from bdhvs.bank.yaml_lines import Where
from bdhvs.core.items.base import Item, Text

Role = Literal["stem", "option", "screen", "feedback", "hint", "explanation", "alt", "unit", "mistake"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A text, where it stands in the file, and what it does in the item."""

    where: Where
    text: Text
    role: Role


def texts_of(item: Item) -> list[Placed]:
    """Every text of the item, in the order of its fields; also of kinds that a school added."""
    return list(_texts(item, ()))


def with_role(item: Item, *roles: Role) -> list[Placed]:
    """The texts of the item that play one of `roles`."""
    return [one for one in texts_of(item) if one.role in roles]


def _texts(value: object, where: Where) -> Iterator[Placed]:
    if isinstance(value, Text):
        yield Placed(where, value, _role(where))
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*where, field.alias or name))
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _texts(one, (*where, index))


def _role(where: Where) -> Role:
    names = [step for step in where if isinstance(step, str)]
    if names[0] in ("feedback", "goals", "forbidden") or "feedback" in names:
        return "feedback"
    if names[0] == "hints":
        return "hint"
    if names[0] == "screens" and "alt" not in names:
        return "screen"
    known: tuple[Role, ...] = ("stem", "hint", "explanation", "alt", "unit")
    found = next((role for role in known if role in names), None)
    return found or ("mistake" if names[0] == "mistakes" else "option")


_MARKUP = re.compile(r"[*`]+|^\s*(?:>\s*)*(?:[-+]|\d+[.)])\s+|^\s*(?:>\s?)+", re.MULTILINE)
_WORD = re.compile(r"\w[\w./:@+\-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?…:;])[\"”’')]*\s+|\n+")


_CACHED = 16_384  # every rule asks again about the same texts


@lru_cache(_CACHED)
def plain(text: str) -> str:
    """The text without Markdown signs."""
    return _MARKUP.sub("", text)


@lru_cache(_CACHED)
def syllables(text: str) -> int:
    """Number of syllables of a Vietnamese text: what stands between spaces; a number or address counts as one."""
    return len(_WORD.findall(plain(text)))


@lru_cache(_CACHED)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences, list points and lines of a text."""
    return tuple(one for one in _SENTENCE_END.split(plain(text)) if one.strip())


@lru_cache(_CACHED)
def words_folded(text: str) -> str:
    """The words of a text in small letters with single spaces and a space at both ends, for looking up phrases."""
    return f" {' '.join(_WORD.findall(plain(text).lower().replace('.', ' ')))} "
