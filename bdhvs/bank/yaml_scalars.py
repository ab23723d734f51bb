"""What a plain (unquoted) YAML word means, and the traps in it.

YAML 1.1 reads `no` as false, `2026-11-22` as a date, `010` as eight and `1:30` as ninety. An author meant a
text, so whatever is read as anything but a plain text, `true`, `false` or an ordinary number is refused with
the advice to put it in quotes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
LEADING_ZERO: Final = re.compile(r"-?0[0-9]+")
TRUTH: Final = {"true": True, "false": False}
#: Read as yes and no by some YAML readers though not by PyYAML.
ONE_LETTER_TRUTH: Final = frozenset("yYnN")
MAX_DIGITS: Final = 15  # more digits than this change when read as a number

_MEANING: Final = {
    "bool": "yes or no",
    "null": "nothing at all",
    "int": "a number in another notation",
    "float": "a number in another notation",
    "timestamp": "a date or time",
    "merge": "a merge key",
    "value": "a default key",
}
_resolver = Resolver()


class MisreadError(Exception):
    """A plain word that YAML reads as something its author did not write."""


@lru_cache(maxsize=8192)  # names of fields and of competences come back in every file
def plain_value(word: str) -> str | int | float | bool:
    """The value of a plain scalar.

    Raises
    ------
    MisreadError
        when the word would be read as anything but a text, true, false or an ordinary number.
    """
    if word in TRUTH:
        return TRUTH[word]
    if word == "":
        raise MisreadError("there is no value; write one, or leave the whole field out")
    if INTEGER.fullmatch(word) and len(word) <= MAX_DIGITS:
        return int(word)
    if DECIMAL.fullmatch(word) and len(word) <= MAX_DIGITS:
        return float(word)
    tag = meaning(word)
    if tag == "str":
        return word
    raise MisreadError(f'{word[:40]} is read as {_MEANING[tag]}; if a text is meant, put it in quotes: "{word[:40]}"')


def meaning(word: str) -> str:
    """What YAML takes a plain word for: str, bool, null, int, float, timestamp, merge or value."""
    if word in ONE_LETTER_TRUTH:
        return "bool"
    if LEADING_ZERO.fullmatch(word):
        return "int"
    tag: str = _resolver.resolve(ScalarNode, word, (True, False))  # type: ignore[no-untyped-call]
    return tag.rpartition(":")[2]
