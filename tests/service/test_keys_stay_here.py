"""Nothing sent before feedback is due holds or implies a key: every byte of a whole attempt is searched."""

from __future__ import annotations

import msgspec
import pytest

from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from bdhvs.service.views import block, inline
from tests.service.conftest import Player


def secrets_of(item: Item) -> list[str]:
    """Texts of an item that tell the key or are due only after it."""
    dump = item.model_dump(mode="json", by_alias=True)
    texts = [block(item.explanation, "vi")] if item.explanation else []
    texts += [block(item.hint, "vi")] if item.hint else []
    feedback = dump.get("feedback") or {}
    texts += [one["vi"] for one in feedback.values() if one]
    texts += [option["feedback"]["vi"] for option in dump.get("options", []) if option.get("feedback")]
    texts += [mistake["feedback"]["vi"] for mistake in dump.get("mistakes", [])]
    texts += list(dump.get("accepted", {}).get("vi", []))
    return [text for text in texts if len(text) > 3]


def ids_of(item: Item) -> list[str]:
    """The author's ids of the parts of an item."""
    dump = item.model_dump(mode="json")
    return [part["id"] for name in ("options", "steps", "rows", "answers") for part in dump.get(name, [])]


@pytest.mark.parametrize("form", ["thu-suc", "thu-suc-ngan", "kiem-tra-otp", "kiem-tra-dich-vu-cong"])
async def test_an_assessment_gives_nothing_away_until_it_is_handed_in(player: Player, bank: Bank, form: str) -> None:
    opened = await player.open(form)
    received = [msgspec.json.encode(opened)]
    for shown in opened.items:
        received.append(msgspec.json.encode(await player.answer(shown.id, right=False)))
    received.append(msgspec.json.encode(await player.open(form)))
    everything = b"\n".join(received).decode()
    for shown in opened.items:
        item = bank.item(shown.id)
        own_face = msgspec.json.encode(shown).decode()
        for secret in secrets_of(item):
            escaped = msgspec.json.encode(secret).decode().strip('"')
            # A word of the stem may be the answer's word too; it is a leak only where the face does not show it.
            assert escaped not in everything or escaped.lower() in own_face.lower(), (item.id, secret)


async def test_the_shown_faces_use_places_and_never_the_author_s_ids(player: Player, bank: Bank) -> None:
    opened = await player.open("thu-suc")
    for shown in opened.items:
        body = msgspec.to_builtins(shown.body)
        for part in (part for name in ("options", "steps", "rows", "answers") for part in body.get(name, [])):
            assert part["id"].isdigit()
            assert set(part) == {"id", "html"}
        assert not {"key", "answer", "accepted", "tolerance", "feedback"} & set(body)


async def test_an_assessment_s_reply_is_the_same_for_right_and_wrong(player: Player, other: Player) -> None:
    """Not even the length of a reply tells: apart from the learner's own response nothing differs."""
    mine, theirs = await player.open("thu-suc-ngan"), await other.open("thu-suc-ngan")
    for shown in mine.items:
        right = msgspec.to_builtins(await player.answer(shown.id, right=True))
        wrong = msgspec.to_builtins(await other.answer(shown.id, right=False))
        for reply in (right, wrong):
            for name in ("event_id", "attempt"):
                reply.pop(name)
            reply["state"].pop("response")
        assert right == wrong
    assert theirs.form == mine.form


async def test_practice_feedback_on_a_wrong_answer_does_not_name_the_key(player: Player, bank: Bank) -> None:
    opened = await player.open("luyen-otp")
    for shown in opened.items:
        item = bank.item(shown.id)
        feedback = (await player.answer(shown.id, right=False)).state.feedback
        assert feedback.retry
        said = " ".join(feedback.html).casefold()
        if item.kind == "single_choice":
            key = next(option for option in item.options if option.key)  # type: ignore[attr-defined]
            assert inline("vi")(key.text).casefold() not in said
        if item.kind == "short_text":
            assert all(form.casefold() not in said.split() for form in item.accepted.vi)  # type: ignore[attr-defined]
