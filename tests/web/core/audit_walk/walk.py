"""Sending forms as one person and looking at the rows that each leaves; which routes leave none, and why."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from bpm import audit, feedback
from bpm.app import App
from bpm.audit import AuditRow, Filters
from bpm.feedback.raw_item import RawItem
from tests.conftest import MONDAY
from tests.web.conftest import Browser
from web.core.on_record import rows as audit_rows

SignIn = Callable[..., Browser]
GROUPS = ("it", "marketing", "operations", "service")
ELSEWHERE = {
    "hold_outs.prepare": "it needs customers of running cases: see tests/processes/hold_outs/test_notices.py",
    "demo.remove": "it needs the demo: see tests/demo/test_removal.py",
    "hold_outs.send": "the same; each letter is on the trail by itself, too",
    "api.call": "the same, from a connected system",
    "api.webhook": "what it brings is kept as items with their raw record; thirty thousand a minute may come",
    **dict.fromkeys(
        (
            "api_v1.reply",
            "api_v1.take_back",
            "api_v1.start",
            "api_v1.decide",
            "api_v1.tag",
            "api_v1.assign",
            "api_rollouts.start",
            "api_rollouts.pause",
            "api_rollouts.resume",
            "api_rollouts.step",
            "api_rollouts.stop",
            "api_rollouts.decide",
            "api_verdicts.register",
            "api_verdicts.amend",
            "api_verdicts.withdraw",
            "api_verdicts.decide",
        ),
        "programs call them with a token: see tests/web/api for the rows",
    ),
    "space_between.process": "it keeps an upload of a theme's name: see tests/web/insights/test_linking_pages.py",
    "login.told_by_provider": "the provider says it: see tests/web/sign_in/test_provider.py",
    "public_forms.answer": "what a customer writes is kept as an item with its raw record",
    "portal.copy": "it shows a link again and changes nothing",
    **dict.fromkeys(
        (
            "private.write",
            "private.write_mine",
            "private.wish",
            "private.wish_mine",
            "private.tie",
            "private.send_code",
            "private.prove",
            "private.leave",
            "private.ask_person",
            "private.hand_in_own_way",
            "board.support",
            "board.comment",
            "survey.send",
            "answers.solved",
            "survey.stop_now",
        ),
        "customers send it, not people of ours: what they wrote is on the trail by its item (see tests/web/portal)",
    ),
    **dict.fromkeys(audit_rows.SILENT, "what is typed is not said yet, and is kept every second"),
}
"""Routes that change something and leave no row, each with its reason."""
WAYS_IN = {
    "login.sign_in_code", "login.choose", "login.forgotten", "login.prove", "login.take_up",
    "profile.change_password", "profile.second_factor_on",
}  # fmt: skip
"""Routes that take a person in or prove who they are: see tests/web/sign_in/test_on_record.py."""
MAKES = {
    "admin.create", "designer.upload", "designer.deploy", "designer.start", "imports.upload", "imports.add_webhook",
    "triggers.create", "improvements.propose", "perception.make", "inbox.keep", "sources.make", "admin.make_sender",
    "operations.begin", "operations.forecast", "operations.begin_restart_many", "operations.try_restart_many",
    "operations.undo",
    "own_ways.hand_in", "ownership.save_goal", "own_ways.propose", "own_ways.start",
    "designer.migrate",
    "outbox.make_template", "playbooks.make", "economics.propose_stop", "economics.open_improvement",
    "profile.make_token", "admin.make_service_token",
    "verdicts.register", "verdict_acts.add_pattern",
}  # fmt: skip
"""Routes that make something new (or only try it out): there is nothing before."""


class Walk:
    """Sends forms as one person and looks at the rows that each leaves."""

    def __init__(self, app: App, web: Flask, browser: Browser) -> None:
        self.app, self.browser = app, browser
        self.adapter = web.url_map.bind("localhost")
        self.walked: set[str] = set()
        self.wrong: list[str] = []

    def post(self, path: str, form: dict[str, Any] | None = None, *, status: tuple[int, ...] = (303,)) -> Any:
        endpoint, _ = self.adapter.match(path.partition("?")[0], method="POST")
        before = {row.id for row in self.rows()}
        answer = self.browser.post(path, form)
        assert answer.status_code in status, f"{path}: {answer.status_code} {answer.get_data(as_text=True)[-600:]}"
        new = [row for row in self.rows() if row.id not in before]
        self.walked.add(endpoint)
        told = [row for row in new if row.after is not None and (row.before is not None or endpoint in MAKES)]
        signed = endpoint == "login.sign_in"
        if not any((row.actor_kind == "person" or signed) and row.request_id and row.address for row in told):
            self.wrong.append(f"{endpoint}: {[(row.verb, row.before, row.after) for row in new]}")
        return answer

    def rows(self) -> tuple[AuditRow, ...]:
        with self.app.unit_of_work.reading() as work:
            return audit.list_rows(work, Filters(), limit=500).rows


def hear(app: App, text: str) -> int:
    with app.unit_of_work() as work:
        raw = RawItem(channel="email", source="shop", natural_key=text, text=text, said_at=MONDAY - timedelta(days=1))
        return feedback.receive(work, raw).item_id or 0


def uid_of(browser: Browser, page: str) -> str:
    found = re.search(r'<option value="([0-9a-f]{32})">', browser.get(page).get_data(as_text=True))
    assert found
    return found.group(1)
