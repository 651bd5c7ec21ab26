"""Fetches what people write to a bot, each update once.

An update is confirmed by asking for those behind it, which is done in the next poll: what was fetched and not kept
comes again. Telegram keeps updates for a day. Source: core.telegram.org/bots/api, getUpdates.
"""

import re
from collections.abc import Mapping
from typing import Any

from bpm.feedback.connectors.answers import check_answer, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import Ability, Asked, Fetched, Kind, PollRefusedError
from bpm.feedback.connectors.telegram.sending import WAY_OUT
from bpm.feedback.connectors.telegram.talk import call
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.http.destinations import parse_destination
from bpm.foundation.texts import _

PAGE = 100
_KINDS = ["message", "edited_message", "channel_post", "edited_channel_post", "business_message"]


def _fetch(connection: Connection) -> Fetched:
    behind = int(connection.cursor.get("behind", 0))
    given: dict[str, Any] = {"limit": PAGE, "timeout": 0, "allowed_updates": _KINDS}
    answer = call(connection, "getUpdates", {**given, **({"offset": behind} if behind else {})})
    if answer.status == 409:
        raise PollRefusedError(
            _("Another program gets this bot's messages."), remedy=_("Stop it, or take its webhook away there.")
        )
    told = small_json(check_answer(answer, now=connection.now))
    updates = told.get("result") if isinstance(told, dict) else None
    numbers = [each["update_id"] for each in updates or () if isinstance(each, dict) and _is_number(each)]
    content = answer.body if numbers else b""
    return Fetched({"behind": max(numbers) + 1 if numbers else behind}, content, "json", len(numbers) >= PAGE)


def _is_number(update: Mapping[str, Any]) -> bool:
    return isinstance(update.get("update_id"), int)


def _check(settings: Mapping[str, str]) -> None:
    try:
        parse_destination(settings["server"])
    except InvalidInputError as error:
        raise InvalidInputError(str(error), fields={"server": error.message}) from error
    if re.search(r"\d{6,}:[\w-]{20,}", settings["server"]):
        why = _("The token has a field of its own.")
        raise InvalidInputError(why, fields={"server": why})


KIND = Kind(
    "telegram",
    _("Telegram bot"),
    _("What people write to your bot, answered in the same chat."),
    "chat",
    frozenset({Ability.INGEST, Ability.THREAD, Ability.IDENTITY, Ability.REPLY}),
    (
        Asked("token", _("Token"), "password", _("There: write /newbot to @BotFather."), required=True),
        Asked("server", _("Server"), "url", required=True, default="https://api.telegram.org"),
    ),
    _fetch,
    _check,
    WAY_OUT,
)
