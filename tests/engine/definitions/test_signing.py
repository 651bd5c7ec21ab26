"""One person signs for one department; what was signed is on record, taken back by its signer, or by a newer draft."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select

from bpm import audit, identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.definitions.prepare import prepare
from bpm.engine.models import Signature
from bpm.foundation.errors import ConflictError, EarshotError, ForbiddenError, InvalidInputError, RefusedError
from bpm.foundation.work import Actor
from tests.engine.models import ONE_TASK

pytestmark = pytest.mark.both_databases

CHANGED = ONE_TASK.replace(b"Read it", b"Read it twice")


def draft(app: App, source: bytes = ONE_TASK) -> int:
    with app.unit_of_work() as work:
        return engine.deploy(work, prepare(source, "one.bpmn"), key="one").id


def person(app: App, name: str, *groups: str, role: str = "manager") -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, name, display_name=name.capitalize(), password="correct horse", roles=[role], groups=list(groups)
        )
        return identity.actor_of(user)


def content_of(app: App, version_id: int) -> str:
    with app.unit_of_work.reading() as work:
        return queries.get_version(work, version_id).content_hash


def sign(app: App, version_id: int, who: Actor, department: str) -> None:
    shown = content_of(app, version_id)
    with app.unit_of_work(who) as work:
        engine.sign(work, version_id, department, content=shown)


def signed(app: App, version_id: int) -> list[str]:
    with app.unit_of_work.reading() as work:
        return sorted(each.department for each in queries.get_version(work, version_id).signatures)


def said(app: App, version_id: int) -> list[tuple[str, str, str]]:
    with app.unit_of_work.reading() as work:
        return [(row.department, str(row.verb), row.comment) for row in queries.list_said(work, version_id)]


def test_one_person_signs_for_one_department_of_theirs(app: App) -> None:
    version_id, ada = draft(app), person(app, "ada", "it", "marketing")
    sign(app, version_id, ada, "it")
    sign(app, version_id, ada, "it")
    with pytest.raises(RefusedError, match="for it already") as refused:
        sign(app, version_id, ada, "marketing")
    assert "somebody else has to sign for marketing" in refused.value.remedy
    assert signed(app, version_id) == ["it"]


def test_where_a_setting_lets_one_person_sign_for_several_the_record_says_so(app: App) -> None:
    version_id, ada = draft(app), person(app, "ada", "it", "marketing")
    relaxed = replace(app.unit_of_work, settings=app.settings.model_copy(update={"sign_for_several": True}))
    for department in ("it", "marketing"):
        with relaxed(ada) as work:
            engine.sign(work, version_id, department)
    assert signed(app, version_id) == ["it", "marketing"]
    assert said(app, version_id)[1][2] == "One person signed for 2 departments: it, marketing."


def test_the_database_itself_holds_that_nobody_signs_twice(app: App) -> None:
    version_id, ada = draft(app), person(app, "ada", "it", "marketing")
    sign(app, version_id, ada, "it")
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        row = work.session.scalars(select(Signature)).one()
        work.session.add(
            Signature(
                version_id=row.version_id, department="marketing", user_id=row.user_id, signed_at=row.signed_at,
                method="web", content_hash=row.content_hash, once_for=row.once_for,
            )
        )  # fmt: skip
        work.session.flush()


def test_of_one_person_who_signs_for_two_departments_at_once_one_signature_stands(app: App) -> None:
    version_id, ada = draft(app), person(app, "ada", "it", "marketing")
    together = Barrier(2)

    def try_it(department: str) -> bool:
        together.wait()
        try:
            sign(app, version_id, ada, department)
        except EarshotError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, ("it", "marketing"))) == [False, True]
    assert len(signed(app, version_id)) == 1


def test_a_signature_and_a_newer_draft_at_once_leave_no_signature_on_the_older_one(app: App) -> None:
    version_id, ada = draft(app), person(app, "ada", "it")
    together = Barrier(2)

    def sign_it() -> None:
        together.wait()
        try:
            sign(app, version_id, ada, "it")
        except EarshotError:
            return

    def deploy_it() -> None:
        together.wait()
        draft(app, CHANGED)

    with ThreadPoolExecutor(2) as pool:
        for each in (pool.submit(sign_it), pool.submit(deploy_it)):
            each.result()
    assert signed(app, version_id) == []


def test_what_was_not_shown_is_not_signed(app: App) -> None:
    older, ada = draft(app), person(app, "ada", "it")
    version_id = draft(app, CHANGED)
    with pytest.raises(ConflictError, match="not what this version is"), app.unit_of_work(ada) as work:
        engine.sign(work, version_id, "it", content=content_of(app, older))
    sign(app, version_id, ada, "it")
    with app.unit_of_work.reading() as work:
        [given] = queries.get_version(work, version_id).signatures
    assert given.content_hash == content_of(app, version_id)


def test_only_the_signer_takes_a_signature_back_and_says_why(app: App) -> None:
    version_id, ada, bob = draft(app), person(app, "ada", "it"), person(app, "bob", "it", "marketing")
    sign(app, version_id, ada, "it")
    with pytest.raises(ForbiddenError, match="did not sign"), app.unit_of_work(bob) as work:
        engine.withdraw(work, version_id, "it", reason="no")
    with pytest.raises(InvalidInputError, match="needs a reason"), app.unit_of_work(ada) as work:
        engine.withdraw(work, version_id, "it", reason=" ")
    with app.unit_of_work(ada) as work:
        engine.withdraw(work, version_id, "it", reason="The deadline is too short.")
    assert signed(app, version_id) == []
    assert said(app, version_id)[-1] == ("it", "withdrawn", "The deadline is too short.")
    sign(app, version_id, bob, "it")
    assert signed(app, version_id) == ["it"]


def test_a_newer_draft_lets_the_signatures_of_the_older_one_lapse_and_says_so(app: App) -> None:
    older, ada = draft(app), person(app, "ada", "it")
    sign(app, older, ada, "it")
    newer = draft(app, CHANGED)
    assert signed(app, older) == []
    assert said(app, older)[-1] == ("it", "lapsed", "Version 2 took its place.")
    with pytest.raises(ConflictError, match="newer draft"):
        sign(app, older, ada, "it")
    sign(app, newer, ada, "it")
    draft(app, ONE_TASK)
    assert signed(app, newer) == []
    sign(app, older, ada, "it")
    assert signed(app, older) == ["it"]


def test_a_department_says_what_has_to_change_beside_signing(app: App) -> None:
    version_id, ada, bob = draft(app), person(app, "ada", "it"), person(app, "bob", "it")
    with app.unit_of_work(ada) as work:
        engine.want_changes(work, version_id, "it", comment="Ask for the amount.")
    assert said(app, version_id) == [("it", "changes_wanted", "Ask for the amount.")]
    sign(app, version_id, ada, "it")
    with pytest.raises(RefusedError, match="Somebody else signed"), app.unit_of_work(bob) as work:
        engine.want_changes(work, version_id, "it", comment="No.")
    with app.unit_of_work(ada) as work:
        engine.want_changes(work, version_id, "it", comment="And for the date.")
    assert signed(app, version_id) == []
    assert [verb for _, verb, _ in said(app, version_id)] == ["changes_wanted", "signed", "withdrawn", "changes_wanted"]


def test_the_departments_of_a_process_are_its_own_list_of_at_least_two(app: App) -> None:
    version_id, admin = draft(app), person(app, "root", role="admin")
    person(app, "lea", "legal")
    for wrong in (["it"], ["it", "nobody_is_there"]):
        with pytest.raises(InvalidInputError), app.unit_of_work(admin) as work:
            engine.set_departments(work, "one", wrong, reason="They asked for it.")
    with pytest.raises(InvalidInputError, match="reason"), app.unit_of_work(admin) as work:
        engine.set_departments(work, "one", ["it", "legal"], reason="")
    with pytest.raises(ForbiddenError), app.unit_of_work(person(app, "dora", role="designer")) as work:
        engine.set_departments(work, "one", ["it", "legal"], reason="They asked for it.")
    with app.unit_of_work(admin) as work:
        assert engine.set_departments(work, "one", ["it", "legal"], reason="Contracts.") == ("it", "legal")
    with app.unit_of_work() as work:
        assert engine.obstacles(work, version_id) == ["it has not signed.", "legal has not signed."]
        with pytest.raises(InvalidInputError, match="marketing"):
            engine.sign(work, version_id, "marketing", method="console")
    with app.unit_of_work(admin) as work:
        engine.set_departments(work, "one", [], reason="As everywhere.")
        assert len(engine.obstacles(work, version_id)) == 3


def test_each_word_of_a_department_is_on_the_audit_trail(app: App) -> None:
    version_id, ada = draft(app), person(app, "ada", "it")
    sign(app, version_id, ada, "it")
    with app.unit_of_work(ada) as work:
        engine.withdraw(work, version_id, "it", reason="Not yet.")
    with app.unit_of_work.reading() as work:
        verbs = [row.verb for row in audit.list_rows(work, audit.Filters()).rows]
    assert {"version.sign", "version.withdraw_signature"} <= set(verbs)
