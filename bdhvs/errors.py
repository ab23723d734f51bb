"""Every error of bdhvs, in one tree.

::

    BdhvsError                      all of ours; has a stable ``code``
    ├── DataFileError               an author's file is wrong (one or many Problems)
    │   ├── BankError               items, forms, media
    │   ├── FrameworkError          the framework's files
    │   └── PlacesError             provinces and communes
    ├── Refused                     a learner's message cannot be honoured as it stands
    │   ├── InvalidResponse         the answer does not fit its item
    │   ├── InvalidMessage          the message does not follow the protocol
    │   ├── NotAllowed              the rules of the attempt or the person forbid it
    │   ├── NotFound                no such attempt, item, form, class
    │   └── PlaceRefused            what was typed names no place, or several
    ├── StoreError                  the data folder cannot be used
    │   ├── StoreUnavailable        cannot write now (disk full, read-only, locked): retry later
    │   ├── StoreOwned              another process owns the data folder
    │   └── StoreCorrupted          the file is damaged
    ├── DatasetError                a dataset for research cannot be written or read
    │   └── DatasetDamaged          its files are not those of its manifest
    ├── QueryError                  a dataset cannot be asked, or an engine cannot answer
    ├── LessonError                 a lesson notebook is empty, unreadable or raises
    ├── SetupError                  the machine or environment is not ready (port, network, Python)
    └── MissingExtra                an optional package is not installed

A message has four parts: where, what was found, what was expected, what to do.
Learners never see these texts: the pages turn a ``code`` into a calm sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


class BdhvsError(Exception):
    """Base of all errors raised on purpose by bdhvs."""

    code = "error"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding about a file, as an author reads it.

    ``line`` counts from 1; 0 when the finding is about the whole file or bank.
    """

    path: str
    line: int
    message: str
    rule: str = "format"
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.message}"


class DataFileError(BdhvsError):
    """Files of an author cannot be used; ``problems`` lists all of them, not just the first."""

    code = "data_file"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BankError(DataFileError):
    """An item, form or media file of the bank is wrong."""

    code = "bank"


class FrameworkError(DataFileError):
    """A file of the competency framework is wrong."""

    code = "framework"


class PlacesError(DataFileError):
    """A file of provinces or communes is wrong."""

    code = "places"


class Refused(BdhvsError):
    """A message of a learner or teacher is refused; nothing was stored or lost."""

    code = "refused"


class InvalidResponse(Refused):
    """The response does not fit the item it answers."""

    code = "invalid_response"


class InvalidMessage(Refused):
    """The message does not follow the protocol."""

    code = "invalid_message"


class NotAllowed(Refused):
    """The rules of the attempt, or who is asking, forbid this."""

    code = "not_allowed"

    def __init__(self, message: str, code: str = "not_allowed") -> None:
        super().__init__(message)
        self.code = code


class NotFound(Refused):
    """There is no such thing here, or it is not this person's to see (the two look alike on purpose)."""

    code = "not_found"


class PlaceRefused(Refused):
    """What was typed names no place, or several: then ``candidates`` are those, each as it is written in full."""

    def __init__(self, message: str, code: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.candidates = tuple(candidates)


class StoreError(BdhvsError):
    """The data folder cannot be used."""

    code = "store"


class StoreUnavailable(StoreError):
    """Writing is not possible now: disk full, read-only, locked. What was acknowledged is safe; try again."""

    code = "store_unavailable"


class StoreOwned(StoreError):
    """Another process already runs a class on this data folder."""

    code = "store_owned"


class StoreCorrupted(StoreError):
    """The database file is damaged; it was left as it is."""

    code = "store_corrupted"


class DatasetError(BdhvsError):
    """A dataset for research cannot be written here, or is not one that this version reads; nothing half made is left."""

    code = "dataset"


class DatasetDamaged(DatasetError):
    """Files of a dataset are missing, added, cut off, mixed up or edited: it is not what was written."""

    code = "dataset_damaged"


class QueryError(BdhvsError):
    """A report query cannot be asked of a dataset: none there, another engine or setting than expected, or the engine failed."""

    code = "query"


class LessonError(BdhvsError):
    """A lesson notebook is empty, unreadable, or one of its cells raised."""

    code = "lesson"


class SetupError(BdhvsError):
    """The machine is not ready: the sentence says what to change."""

    code = "setup"

    def __init__(self, message: str, code: str = "setup") -> None:
        super().__init__(message)
        self.code = code


class MissingExtra(BdhvsError, ImportError):
    """An optional package is needed; the message is the line to type."""

    code = "missing_extra"

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f'{package} is not installed. Type: pip install "bdhvs[{extra}]"')
