"""People that the engine's tests act as."""

import pytest

from bpm import identity
from bpm.app import App
from bpm.foundation.work import Actor


def _person(app: App, username: str, *, groups: list[str], role: str = "staff") -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, username, display_name=username.title(), password="a long password", roles=[role], groups=groups
        )
        return identity.actor_of(user)


@pytest.fixture
def anna(app: App) -> Actor:
    return _person(app, "anna", groups=["service"])


@pytest.fixture
def ben(app: App) -> Actor:
    return _person(app, "ben", groups=["service", "it"])


@pytest.fixture
def cleo(app: App) -> Actor:
    return _person(app, "cleo", groups=["finance"])


@pytest.fixture
def olga(app: App) -> Actor:
    return _person(app, "olga", groups=[], role="operator")
