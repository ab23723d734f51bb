"""What the validator objects to, as an author should read it: what was found, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bdhvs.bank.yaml_lines import Document, Where, did_you_mean
from bdhvs.errors import Problem

#: What a pattern of ours wants, in words. A pattern without a line here is shown as it is.
_PATTERNS: Mapping[str, str] = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": 'small plain letters, digits and single dashes, such as "khong-doc-ma-otp"',
    "^[a-z0-9]+([_-][a-z0-9]+)*$": 'small plain letters and digits, such as "a" or "an_toan"',
    "^[0-9]{1,2}\\.[0-9]{1,2}$": 'the code of a competence, such as "4.2"',
    r"^\d{4}-\d{2}-\d{2}$": 'a date such as "2026-11-22"',
    r"^[a-z0-9][a-z0-9-]*\.(svg|png|jpg|webp)$": 'a file name such as "cuoc-goi.svg" (svg, png, jpg or webp)',
}

Context = Mapping[str, Any]


def problems_of(error: ValidationError, model: type[BaseModel], document: Document) -> Iterator[Problem]:
    """The problems of a document that `model` refused, each with its line."""
    details = error.errors(include_url=False)
    misspelt = {(*one["loc"][:-1], near) for one in details if (near := _near_field(one, model))}
    for one in details:
        where = one["loc"]
        if one["type"] == "missing" and where in misspelt:
            continue  # said already, with the misspelt name
        words = _unknown_field(one, model) if one["type"] == "extra_forbidden" else _sentence(one)
        yield Problem(document.path, document.line(where), f"{_place(document, where, one)}{words}", one["type"])


def fields_at(annotation: Any, where: Where) -> list[str]:
    """The names a file may use at `where`; empty when there is no mapping of ours."""
    for step in where:
        annotation = _below(_bare(annotation), step)
    model = _bare(annotation)
    return [field.alias or name for name, field in model.model_fields.items()] if _is_model(model) else []


def _below(kind: Any, step: str | int) -> Any:
    """The type one step further in: of a field of a model, or of what a list or mapping holds."""
    if _is_model(kind):
        fields = kind.model_fields.items()
        return next((field.annotation for name, field in fields if step == (field.alias or name)), None)
    held = [one for one in get_args(kind) if one is not Ellipsis]
    return held[-1] if held else None


def _bare(annotation: Any) -> Any:
    """The type without ``Annotated`` and without ``| None``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not NoneType))
    return annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _near_field(one: Any, model: type[BaseModel]) -> str | None:
    if one["type"] != "extra_forbidden":
        return None
    known = fields_at(model, one["loc"][:-1])
    advice = did_you_mean(str(one["loc"][-1]), known)
    return next((name for name in known if f'"{name}"' in advice), None)


def _unknown_field(one: Any, model: type[BaseModel]) -> str:
    known, name = fields_at(model, one["loc"][:-1]), str(one["loc"][-1])
    there_are = f" There are: {', '.join(known)}."
    return f'"{name}" is not a field here.{did_you_mean(name, known) or there_are}'


def _place(document: Document, where: Where, one: Any) -> str:
    """``option "b", text:``, or nothing when the message names the field itself at the top."""
    steps: list[str] = []
    inner = where[:-1] if one["type"] in ("missing", "extra_forbidden") else where
    for depth, step in enumerate(inner, start=1):
        if isinstance(step, int):
            found = document.below(inner[:depth])
            own_id = found.get("id") if isinstance(found, dict) else None
            name = f'"{own_id}"' if own_id else f"no. {step + 1}"
            steps[-1:] = [f"{steps[-1]} {name}" if steps else name]
        else:
            steps.append(str(step))
    return ", ".join(steps) + ": " if steps else ""


def _sentence(one: Any) -> str:
    make = _SENTENCES.get(one["type"])
    return make(one.get("ctx", {}), one) if make else f"found {_shown(one['input'])}, which does not fit: {one['msg']}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:60]}…"'
    if isinstance(value, Mapping):
        return f"fields ({', '.join(str(name) for name in list(value)[:4])})"
    return "a list" if isinstance(value, list | tuple) else str(value)


def _expected(what: str) -> Callable[[Context, Any], str]:
    return lambda ctx, one: f"found {_shown(one['input'])}, expected {what}"


def _text_expected(ctx: Context, one: Any) -> str:
    found = one["input"]
    if isinstance(found, int | float) and not isinstance(found, bool):
        return f'found the number {found}, expected a text; put it in quotes: "{found}"'
    if isinstance(found, Mapping) and set(found) <= {"vi", "en"}:
        return "found texts in two languages, expected one text"
    return f"found {_shown(found)}, expected a text"


def _mapping_expected(ctx: Context, one: Any) -> str:
    if isinstance(one["input"], str):
        return f"found the text {_shown(one['input'])}, expected fields below it, such as vi: and en:"
    return f"found {_shown(one['input'])}, expected fields (name: value)"


def _one_of(ctx: Context, one: Any) -> str:
    known = str(ctx["expected"]).replace("'", "").replace(" or ", ", ")
    return f"found {_shown(one['input'])}, expected one of {known}.{did_you_mean(str(one['input']), known.split(', '))}"


def _pattern(ctx: Context, one: Any) -> str:
    return f"found {_shown(one['input'])}, expected {_PATTERNS.get(ctx['pattern'], ctx['pattern'])}"


def _own_words(ctx: Context, one: Any) -> str:
    return str(ctx.get("error", one["msg"]))


_WHOLE = _expected("a whole number without quotes")
_SENTENCES: Mapping[str, Callable[[Context, Any], str]] = {
    "missing": lambda ctx, one: f'the field "{one["loc"][-1]}" is missing; add it',
    "string_type": _text_expected,
    "string_too_short": lambda ctx, one: "the text is empty; write it, or leave the field out if it is optional",
    "string_too_long": lambda ctx, one: f"the text has {len(one['input'])} signs, at most {ctx['max_length']} fit",
    "string_pattern_mismatch": _pattern,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "is_instance_of": _expected("a number without quotes, such as 150000 or 0.5"),
    "float_type": _expected("a number without quotes, such as 0.67"),
    "decimal_type": _expected("a number without quotes, such as 150000 or 0.5"),
    "finite_number": _expected("an ordinary number"),
    "bool_type": _expected("true or false, without quotes"),
    "bool_parsing": _expected("true or false, without quotes"),
    "tuple_type": _expected('a list: lines beginning with "- ", or [a, b]'),
    "model_type": _mapping_expected,
    "mapping_type": _mapping_expected,
    "dict_type": _mapping_expected,
    "too_short": lambda ctx, one: f"found {ctx['actual_length']} in the list, expected at least {ctx['min_length']}",
    "too_long": lambda ctx, one: f"found {ctx['actual_length']} in the list, expected at most {ctx['max_length']}",
    "greater_than_equal": lambda ctx, one: f"found {one['input']}, expected {ctx['ge']} or more",
    "less_than_equal": lambda ctx, one: f"found {one['input']}, expected {ctx['le']} or less",
    "greater_than": lambda ctx, one: f"found {one['input']}, expected more than {ctx['gt']}",
    "less_than": lambda ctx, one: f"found {one['input']}, expected less than {ctx['lt']}",
    "literal_error": _one_of,
    "value_error": _own_words,
}
