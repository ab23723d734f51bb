"""Texts for people: gettext catalogues, Vietnamese first, English as written in the code."""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
DOMAIN = "bdhvs"

Gettext = Callable[[str], str]


def language(wanted: str | None) -> str:
    """`wanted` if we speak it, else Vietnamese."""
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


@lru_cache(maxsize=len(LANGUAGES))
def translations(lang: str) -> _gettext.NullTranslations:
    """The catalogue of a language; English is the source text itself."""
    if lang == "en":
        return _gettext.NullTranslations()
    with files("bdhvs").joinpath(f"locale/{lang}/LC_MESSAGES/{DOMAIN}.mo").open("rb") as catalogue:
        return _gettext.GNUTranslations(catalogue)


def marked(text: str) -> str:
    """`text` as it is: marks it for translation where it is defined; it is translated where it is shown. Imported as ``_n``."""
    return text


def translator(lang: str) -> Gettext:
    """Function that gives the text of an English source sentence in `lang`."""
    return translations(language(lang)).gettext
