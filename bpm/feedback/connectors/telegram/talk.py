"""How a bot's server is asked. Its token stands in the address, so no address of it is ever shown or logged."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from bpm.feedback.connectors.answers import field_of, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.foundation.errors import EarshotError
from bpm.foundation.http.client import Answer


def call(connection: Connection, method: str, given: Mapping[str, Any]) -> Answer:
    """The answer of a method, with its wait where a header would tell it, and without the token in its address."""
    server = connection.settings["server"].rstrip("/")
    url = f"{server}/bot{connection.secrets.get('token', '')}/{method}"
    headers = {"accept": "application/json", "content-type": "application/json"}
    answer = connection.door.request("POST", url, headers=headers, body=orjson.dumps(given))
    return replace(answer, url=f"{server}/{method}", headers={**answer.headers, **_wait(answer)})


def _wait(answer: Answer) -> dict[str, str]:
    """`parameters.retry_after` of an answer that it was asked too often."""
    if answer.status != 429:
        return {}
    try:
        seconds = field_of(small_json(replace(answer, url="")), "parameters", "retry_after")
    except EarshotError:
        return {}
    return {"retry-after": seconds} if seconds else {}
