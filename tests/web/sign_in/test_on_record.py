"""Every way in leaves a row that says who, from where, and no secret."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from bpm import audit, identity
from bpm.app import App
from bpm.audit import AuditRow, Filters
from bpm.foundation.clock import FixedClock
from bpm.identity import PersonForm
from tests.web.conftest import PASSWORD, Browser
from tests.web.sign_in.test_second_factor import set_up

SignIn = Callable[..., Browser]
NEW = "seven quiet otters"


def rows(app: App) -> list[AuditRow]:
    with app.unit_of_work.reading() as work:
        return list(audit.list_rows(work, Filters(), limit=500).rows)


def test_ways_in_and_proofs_stand_on_record_without_what_opens(
    app: App, web: Flask, signed_in: SignIn, clock: FixedClock
) -> None:
    alex = signed_in("alex", "admin")
    phone, codes = set_up(alex, clock)
    clock.advance(timedelta(seconds=30))
    again = Browser(web.test_client())
    again.sign_in("alex")
    assert again.post("/sign-in/code", {"code": phone.at(clock.now())}).status_code == 303
    again._token = ""
    assert again.post("/sign-in/proof", {"code": codes[0]}).status_code == 303
    again._token = ""
    form = {"old_password": PASSWORD, "password": NEW, "password_again": NEW}
    assert again.post("/profile/password", form).status_code == 303
    with app.unit_of_work() as work:
        user = identity.invite(work, "ben", PersonForm("Ben", "ben@example.com", (), ()))
        link = f"/sign-in/password/{identity.make_link(work, user.id, identity.INVITATION)}"
    other = {"password": "nine loud lemmings", "password_again": "nine loud lemmings"}
    assert Browser(web.test_client()).post(link, other).status_code == 303
    Browser(web.test_client()).post("/sign-in/forgotten", {"who": "ben"}).close()
    told = {row.verb: row for row in reversed(rows(app))}
    expected = {
        "session.sign_in", "session.prove", "person.set_up_second_factor", "person.change_password",
        "person.make_link", "person.invite",
    }  # fmt: skip
    assert expected <= set(told)
    for verb in expected - {"person.invite"}:
        assert told[verb].request_id, verb
        assert told[verb].address, verb
    plain = str(rows(app))
    for secret in (PASSWORD, NEW, phone.secret, codes[0], link.rpartition("/")[2]):
        assert not re.search(re.escape(secret), plain)
