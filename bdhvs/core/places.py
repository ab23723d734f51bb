"""Where people live: provinces and communes, found by any name or code they have or had.

A name is read as Vietnamese is really typed: with its kind or without ("TP. Huế", "tỉnh Thanh Hoá"), whatever the place of
the tone; first with all its marks, and only when nothing fits without them ("thanh hoa"). What fits two places is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, TypeVar

from bdhvs.core.vietnamese import normalise, without_diacritics
from bdhvs.errors import PlaceRefused

ProvinceKind = Literal["province", "city"]
CommuneKind = Literal["commune", "ward", "special_zone"]

#: How a kind is written before a name, longest first; also those that are no more.
_KIND_WORDS = {
    "thành phố": "city",
    "đặc khu": "special_zone",
    "thị trấn": None,
    "phường": "ward",
    "tỉnh": "province",
    "xã": "commune",
    "tp": "city",
    "tt": None,
}
KIND_NAMES = {"province": "Tỉnh", "city": "Thành phố", "commune": "Xã", "ward": "Phường", "special_zone": "Đặc khu"}
#: The same behind a name, in English.
ENGLISH_KINDS = {"province": "province", "city": "city", "commune": "commune", "ward": "ward", "special_zone": "special zone"}
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Former:
    """A unit that became part of another: its code, "" where it is not known, and its name."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Province:
    """A province, or a city under the central government. ``code`` has two digits; ``called`` is what people say for it, too."""

    code: str
    name: str
    kind: ProvinceKind
    former: tuple[Former, ...] = ()
    called: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """With its kind: "Tỉnh Thanh Hóa"."""
        return f"{KIND_NAMES[self.kind]} {self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called today."""
        return (self.name, *self.called)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone. ``code`` has five digits, ``province`` is a province's code."""

    code: str
    name: str
    province: str
    kind: CommuneKind
    former: tuple[Former, ...] = ()

    @property
    def full_name(self) -> str:
        """With its kind: "Phường Hạc Thành"."""
        return f"{KIND_NAMES[self.kind]} {self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called today."""
        return (self.name,)

    @property
    def region(self) -> str | None:
        """A ward is a town, a commune the countryside; a special zone is an island that may be either."""
        return {"ward": "urban", "commune": "rural"}.get(self.kind)


def in_english(full_name: str) -> str:
    """A name that stands behind its kind as English has it: "Tỉnh Quảng Ninh" is "Quảng Ninh province"; other names stay."""
    for kind, written in KIND_NAMES.items():
        if full_name.startswith(f"{written} "):
            name = full_name.removeprefix(f"{written} ")
            bare, bracket, rest = name.partition(" (")
            return f"{bare} {ENGLISH_KINDS[kind]}{bracket}{rest}"
    return full_name


Unit = TypeVar("Unit", Province, Commune)


@dataclass(frozen=True, slots=True)
class Found(Generic[Unit]):
    """A place that was looked for.

    ``by``: by its code, its name, or one it had before. ``exact`` is false when marks had to be overlooked. ``also``: other
    places that had this name before, for whoever meant those.
    """

    unit: Unit
    by: Literal["code", "name", "former"]
    exact: bool = True
    also: tuple[Unit, ...] = ()


class Geography:
    """The two tiers since July 2025; the list of communes may be empty, or of some provinces only."""

    def __init__(self, provinces: Iterable[Province], communes: Iterable[Commune] = ()) -> None:
        self.provinces = tuple(provinces)
        self.communes = tuple(communes)

    @cached_property
    def _province_of(self) -> dict[str, Province]:
        return {one.code: one for one in self.provinces}

    @cached_property
    def _commune_of(self) -> dict[str, Commune]:
        return {one.code: one for one in self.communes}

    def province_called(self, code: str | None) -> Province | None:
        """The province with this code, as it is today; None when there is none."""
        return self._province_of.get(code or "")

    def commune_called(self, code: str | None) -> Commune | None:
        """The commune with this code; None when it is not in the list."""
        return self._commune_of.get(code or "")

    def communes_of(self, province: str) -> tuple[Commune, ...]:
        """The communes of a province that are in the list, in its order."""
        return tuple(one for one in self.communes if one.province == province)

    def province(self, typed: str) -> Found[Province]:
        """The province that a name or code means, of today or before.

        Two digits are a code of today; a code that no province has today is one of before.

        Raises
        ------
        PlaceRefused
            with code ``place_unknown``, or ``place_ambiguous`` and the candidates.
        """
        digits = _digits(typed, 2)
        if digits:
            return _by_code(typed, digits, self.provinces)
        return _by_name(typed, self.provinces)

    def commune(self, typed: str, province: str | None = None) -> Found[Commune]:
        """The commune that a name or code means, among those of a province (code) if it is known.

        Raises
        ------
        PlaceRefused
            as `province`. A name that several provinces have is ambiguous without the province.
        """
        among = self.communes_of(province) if province else self.communes
        digits = _digits(typed, 5)
        if digits and len(typed.strip()) > 2:  # "Phường 1" is a name
            return _by_code(typed, digits, among)
        return _by_name(typed, among, self._in_words)

    def _in_words(self, one: Commune) -> str:
        province = self.province_called(one.province)
        return f"{one.full_name}, {province.name}" if province else one.full_name


def _digits(typed: str, length: int) -> str:
    bare = typed.strip()
    return bare.zfill(length) if bare.isascii() and bare.isdigit() and len(bare) <= length else ""


def _by_code(typed: str, code: str, among: Sequence[Unit]) -> Found[Unit]:
    now = [one for one in among if one.code == code]
    if now:
        return Found(now[0], "code")
    before = [one for one in among if code in {former.code for former in one.former}]
    return Found(_only(typed, before, lambda one: one.full_name), "former")


def _by_name(
    typed: str, among: Sequence[Unit], in_words: Callable[[Unit], str] = lambda one: one.full_name
) -> Found[Unit]:
    """Exact before forgiving, today's names before former ones; of several, those of the kind that was written."""
    for exact in (True, False):
        wanted = _key(typed, exact)
        if not wanted:
            continue
        now = [one for one in among if wanted in {_key(name, exact) for name in one.names}]
        before = [one for one in among if wanted in {_key(former.name, exact) for former in one.former}]
        if now:
            unit = _only(typed, _of_kind(typed, now), in_words)
            return Found(unit, "name", exact, tuple(one for one in before if one != unit))
        if before:
            return Found(_only(typed, before, in_words), "former", exact)
    raise PlaceRefused(f"found {typed!r}, expected a place of the list, by its name or code", "place_unknown")


def _of_kind(typed: str, found: list[Unit]) -> list[Unit]:
    kind = kind_written(typed)
    return [one for one in found if one.kind == kind] or found


def _only(typed: str, found: list[Unit], in_words: Callable[[Unit], str]) -> Unit:
    if len(found) == 1:
        return found[0]
    if not found:
        raise PlaceRefused(f"found {typed!r}, expected a place of the list, by its name or code", "place_unknown")
    names = [in_words(one) for one in found]
    raise PlaceRefused(f"found {typed!r}, which may be {'; '.join(names)}; say which", "place_ambiguous", names)


def _key(name: str, exact: bool) -> str:
    """What two spellings of one name have in common; `exact` keeps the marks."""
    words = _words(name)
    for kind in _kind_words(words):
        words = words[len(kind) :].strip()
        break
    return words if exact else without_diacritics(words).replace(" ", "")


def _words(name: str) -> str:
    """In small letters, tones in their usual place, with plain spaces for every other sign."""
    return _NO_LETTERS.sub(" ", normalise(name)).strip()


def _kind_words(words: str) -> Iterator[str]:
    """The kind a name begins with, if there is something behind it, also without its marks."""
    for kind in _KIND_WORDS:
        if any(words.startswith(f"{one} ") for one in (kind, without_diacritics(kind))):
            yield kind


def kind_written(name: str) -> str | None:
    """The kind that a typed name begins with, of `KIND_NAMES`; None when it does not say."""
    return next((_KIND_WORDS[word] for word in _kind_words(_words(name))), None)
