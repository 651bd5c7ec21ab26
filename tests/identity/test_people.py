"""People sign in, hold roles, and may what their roles say."""

import pytest

from bpm import identity
from bpm.app import App
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import SYSTEM, Actor
from bpm.identity import Permission


def make(app: App, username: str = "ada", roles: tuple[str, ...] = ("staff",), groups: tuple[str, ...] = ()) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work,
            username,
            display_name="Ada",
            password="correct horse",
            roles=list(roles),
            groups=list(groups),
        )
        return identity.actor_of(user)


def test_a_person_signs_in_with_the_right_password_only(app: App) -> None:
    make(app)
    with app.unit_of_work.reading() as work:
        assert identity.sign_in(work, "ada", "correct horse") is not None
        assert identity.sign_in(work, "ada", "wrong horse") is None
        assert identity.sign_in(work, "nobody", "correct horse") is None


def test_a_disabled_person_cannot_sign_in(app: App) -> None:
    actor = make(app)
    with app.unit_of_work() as work:
        identity.get_user(work, actor.user_id or 0).active = False
    with app.unit_of_work.reading() as work:
        assert identity.sign_in(work, "ada", "correct horse") is None


def test_a_bad_person_is_refused_with_every_problem_named(app: App) -> None:
    make(app)
    with pytest.raises(InvalidInputError) as refused, app.unit_of_work() as work:
        identity.create_user(work, "ada", display_name="", password="short", roles=["king"], groups=[])
    assert set(refused.value.fields) == {"username", "password", "roles"}


def test_groups_come_into_being_when_named_and_make_the_actor(app: App) -> None:
    actor = make(app, roles=("manager", "staff"), groups=("it", "operations"))
    assert actor.groups == {"it", "operations"}
    assert actor.roles == {"manager", "staff"}


def test_permissions_are_the_union_of_the_roles() -> None:
    actor = Actor(user_id=1, name="ada", roles=frozenset({"designer", "manager"}))
    assert identity.may(actor, Permission.DEPLOY)
    assert identity.may(actor, Permission.SIGN)
    assert not identity.may(actor, Permission.OPERATE)
    with pytest.raises(ForbiddenError):
        identity.demand(actor, Permission.OPERATE)


def test_strangers_see_what_is_public_and_the_system_may_everything() -> None:
    stranger = Actor(name="stranger", roles=frozenset())
    assert identity.may(stranger, Permission.PUBLIC)
    assert not identity.may(stranger, Permission.SIGNED_IN)
    assert all(identity.may(SYSTEM, permission) for permission in Permission)
