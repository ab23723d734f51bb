"""Everything that is held about one person: as JSON values for a program, as a text for the person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

import nh3

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import replay
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item
from bdhvs.errors import NotFound
from bdhvs.i18n import Gettext, translator
from bdhvs.service.band_sentences import band_column
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.consents import sentence
from bdhvs.service.score_version import named
from bdhvs.service.telling import age_names, device_names, sex_names
from bdhvs.service.views import block, inline
from bdhvs.store import AttemptRow, Consent, EventRow, PinRow, Store, ToldRow, events_of
from bdhvs.store.codec import items_given, value_of
from bdhvs.store.times import VIETNAM, from_us, vietnam_day

FORMAT = "bdhvs.person"
VERSION = 1


def held(store: Store, learner_id: str, bank: Bank, lang: str, now_us: int) -> dict[str, Any]:
    """All rows of one learner as plain JSON values, nothing left out. Reads the disk: call it outside the event loop.

    Times are ISO 8601 in UTC to the microsecond, durations milliseconds; None where there is nothing. It holds whether
    answers were right, so during an assessment it is for the teacher's eyes; keys and solutions it does not hold.

    Raises
    ------
    NotFound
        when nobody is here under this pseudonym.
    """
    learner = store.learner(learner_id)
    if learner is None:
        raise NotFound("there is no such learner")
    room = next(one for one in store.classrooms() if one.id == learner.classroom_id)
    catalogue = Catalogue(bank, store)
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": _time(now_us),
        "person": {
            "name": learner.nickname,
            "name_kind": learner.name_kind,
            "pseudonym": learner.id,
            "lang": learner.lang,
            "joined_at": _time(learner.joined_at_us),
        },
        "picture_pin": _pin(store.pin(learner_id)),
        "told": _told(store.told(learner_id)),
        "class": {"id": room.id, "code": room.code, "name": room.name, "opened_at": _time(room.opened_at_us)},
        "consents": [
            {
                "purpose": one.purpose,
                "text_version": one.text_version,
                "text": sentence(Consent(one.purpose, one.text_version), translator(lang)),
                "given_at": _time(one.given_at_us),
            }
            for one in store.consents_given(learner_id)
        ],
        "extra_time": [
            {"form": one.form_id, "minutes": one.minutes, "given_at": _time(one.at_us)}
            for one in store.extra_time(learner_id)
        ],
        "helped": [
            {"skill": one.skill, "own_hands": one.own_hands, "day": _day(one.day_us), "id": one.id, "device": one.device}
            for one in store.helped(learner_id)
        ],
        "own_phones": sorted(store.own_phones(learner_id)),
        # Which one is not said: two people's files side by side would tell who belongs to whom.
        "in_a_household": store.household_of(learner_id) is not None,
        "scores": scores_held(store, learner_id, bank.framework, lang),
        "attempts": [_attempt(row, events, bank, catalogue, lang) for row, events in store.evidence_of(learner_id)],
    }


def _pin(row: PinRow | None) -> dict[str, Any] | None:
    """When the pictures were chosen and how often in a row wrong ones were given; which they are, nobody can read."""
    return {"chosen_at": _time(row.set_at_us), "misses": row.misses} if row else None


def _told(row: ToldRow | None) -> dict[str, Any] | None:
    """What the person told of themselves; None when nothing is kept."""
    if row is None:
        return None
    return {"audience": row.audience, "age_band": row.age_band, "sex": row.sex, "told_at": _time(row.told_at_us)}


def scores_held(store: Store, learner_id: str, framework: Framework, lang: str) -> list[dict[str, Any]]:
    """Every score of a learner with the version that made it, oldest first, as plain JSON values."""
    _, versions = translator(lang), store.score_versions()

    def domain(code: str, one: dict[str, Any]) -> dict[str, Any]:
        words = band_column(one["band"], framework, lang) if one["band"] else _("not enough evidence")
        return {**one, "name": framework.domain(code).name.in_language(lang), "in_words": words}

    return [
        {
            "id": row.id,
            "attempt": row.attempt_id,
            "at": _time(row.scored_at_us),
            "reason": row.reason,
            "evidence": row.evidence,
            "by": named(versions[row.version]),
            **row.details,
            "domains": {code: domain(code, one) for code, one in row.details["domains"].items()},
        }
        for row in store.scores_of(learner_id)
    ]


def score_lines(scores: list[dict[str, Any]], _: Gettext) -> Iterator[str]:
    """Scores of `scores_held` as lines of text: when, by what, and each domain."""
    for score in scores:
        yield ""
        scored = _("Scored {time}, calibration {calibration}, cut scores {cuts}")
        yield scored.format(time=_short(score["at"]), calibration=score["by"]["calibration"], cuts=score["by"]["cut_scores"])
        for code, one in score["domains"].items():
            ability = f" ({one['ability']:+.2f} ± {one['se']:.2f} logit)" if one["ability"] is not None else ""
            yield f"- {code}. {one['name']}: {one['in_words']}{ability}"


def _attempt(
    row: AttemptRow, events: list[EventRow], bank: Bank, catalogue: Catalogue, lang: str
) -> dict[str, Any]:
    form = bank.forms.get(row.form_id)
    given = items_given(row, events)
    items = {ref.id: catalogue.item(ref.id, ref.version) for ref in given}
    return {
        "id": row.id,
        "form": row.form_id,
        "form_version": row.form_version,
        "title": form.title.in_language(lang) if form else row.form_id,
        "mode": row.mode,
        "lang": row.lang,
        "started_at": _time(row.started_at_us),
        "status": replay(events_of(row, events)).status,
        "seed": row.seed,
        "shuffle_options": row.shuffle_options,
        "bank_version": row.bank_version,
        "items": [{"id": ref.id, "version": ref.version} for ref in given],
        "adaptive_version": row.rules.adaptive,
        "device": row.device,
        "events": [_event(event, items, lang) for event in events],
    }


def _event(event: EventRow, items: dict[str, Item], lang: str) -> dict[str, Any]:
    item = items.get(event.item_id or "")
    response = value_of(event.response) if event.response else None
    return {
        "id": event.event_id,
        "seq": event.seq,
        "type": event.type,
        "at": _time(event.recorded_at_us),
        "item": event.item_id,
        "item_version": event.item_version,
        "question": _plain(block(item.stem, lang)) if item else None,
        "response": response,
        "in_words": _plain(item.in_words(response, inline(lang))) if item and response is not None else None,
        "points": event.points,
        "maximum": event.maximum,
        "verdict": event.verdict,
        "reason": event.reason,
        "help": event.help,
        "confidence": event.confidence,
        "elapsed_ms": event.elapsed_ms,
        "details": value_of(event.details) if event.details else None,
    }


def as_text(found: dict[str, Any], lang: str) -> str:
    """What `held` found, as a text to read or print: who, what was agreed to, every answer with its time."""
    return "\n".join(_lines(found, translator(lang))) + "\n"


def _lines(found: dict[str, Any], _: Gettext) -> Iterator[str]:
    person, room = found["person"], found["class"]
    yield _("What the class holds about one person")
    yield ""
    yield _("Name: {name}").format(name=person["name"] or "—")
    if person["name_kind"] == "number":
        yield _("This name was given by the class; only its number is stored.")
    yield _("Pseudonym: {pseudonym}").format(pseudonym=person["pseudonym"])
    yield _("Class: {name}, code {code}").format(name=room["name"], code=room["code"])
    yield _("Joined: {time}").format(time=_short(person["joined_at"]))
    yield _("Times are those of Vietnam.")
    yield ""
    yield _("Agreed to") if found["consents"] else _("Nothing was agreed to: a nickname needs no consent.")
    for one in found["consents"]:
        text = one["text"] or one["purpose"]
        yield f"- {text} ({_short(one['given_at'])}; {one['purpose']} {one['text_version']})"
    if found["picture_pin"]:
        chosen = _short(found["picture_pin"]["chosen_at"])
        yield _("Three pictures to come back by, chosen {time}; kept scrambled, nobody can read them.").format(time=chosen)
    if found["told"]:
        yield _("Told of oneself on {time}: {what}").format(time=_short(found["told"]["told_at"]), what=", ".join(_told_words(found["told"], _)))
    for one in found["extra_time"]:
        extra = _("Extra time from the start of the quiz {form}: {n} minutes").format(form=one["form"], n=one["minutes"])
        yield f"- {extra} ({_short(one['given_at'])})"
    yield from _movement_lines(found, _)
    yield from score_lines(found["scores"], _)
    for attempt in found["attempts"]:
        yield ""
        device = device_names(_).get(attempt["device"])
        yield f"{attempt['title']} ({_short(attempt['started_at'])}{f', {device}' if device else ''})"
        yield from _event_lines(attempt["events"], _)
    if not found["attempts"]:
        yield ""
        yield _("No answers yet.")


def _movement_lines(found: dict[str, Any], _: Gettext) -> Iterator[str]:
    if found["own_phones"]:
        yield _("Marks of own phones, scrambled: {n}").format(n=len(found["own_phones"]))
    for one in found["helped"]:
        how = _("with their own hands") if one["own_hands"] else _("not with their own hands yet")
        yield "- " + _("Somebody confirmed on {day} to have been helped with {skill}, {how}").format(
            day=f"{datetime.fromisoformat(one['day']):%d/%m/%Y}", skill=one["skill"], how=how
        )
    if found["in_a_household"]:
        yield _("In a household of the class; which one stands in no file.")


def _told_words(told: dict[str, Any], _: Gettext) -> list[str]:
    """What was told, as text; the programme's group by its id, as tables have it."""
    age, sex = age_names(_).get(told["age_band"]), sex_names(_).get(told["sex"])
    return [one for one in (_("age {age}").format(age=age) if age else None, sex, told["audience"]) if one]


def score_summaries(scores: list[dict[str, Any]], _: Gettext) -> list[str]:
    """Scores of `scores_held`, each in one line: when, by what, and the bands."""
    scored = _("Scored {time}, calibration {calibration}, cut scores {cuts}")
    return [
        scored.format(time=_short(one["at"]), calibration=one["by"]["calibration"], cuts=one["by"]["cut_scores"])
        + ": "
        + "; ".join(f"{code} {domain['in_words']}" for code, domain in one["domains"].items())
        for one in scores
    ]


def _event_lines(events: list[dict[str, Any]], _: Gettext) -> Iterator[str]:
    words = {
        "answered": _("answered"),
        "given": _("was given"),
        "skipped": _("skipped"),
        "went_to": _("looked at"),
        "hinted": _("took a hint"),
        "help_asked": _("asked for help"),
        "paused": _("paused"),
        "resumed": _("went on"),
        "finished": _("handed in"),
        "extended": _("was given more time"),
        "reopened": _("was let go on by the teacher"),
    }
    for event in events:
        what = words.get(event["type"], event["type"])
        about = f": {event['question']}" if event["question"] else ""
        yield f"- {_short(event['at'])} {what}{about}"
        if event["type"] == "answered":
            yield f"    {event['in_words']}{_marked(event, _)}"


def _marked(event: dict[str, Any], _: Gettext) -> str:
    """What an answer was worth, in brackets; nothing of what people think of themselves."""
    if event["verdict"] == "noted":
        return ""
    points = _("{points} of {maximum} points").format(points=event["points"], maximum=event["maximum"])
    with_help = f"; {_('with help')}" if event["help"] in ("hint", "teacher") else ""
    return f" ({points}{with_help})"


def _plain(html: str) -> str:
    """Our own safe HTML as one line of text."""
    apart = html.replace("</li>", "</li>; ").replace("</p>", "</p> ").replace("<br>", " ")
    return " ".join(unescape(nh3.clean(apart, tags=set())).split()).strip("; ")


def _time(at_us: int) -> str:
    return from_us(at_us).isoformat(timespec="microseconds")


def _day(at_us: int) -> str:
    return vietnam_day(at_us).isoformat()


def _short(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
