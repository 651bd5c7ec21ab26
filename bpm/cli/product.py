"""How a command opens the product: wired, on a database that is at the newest revision."""

from dataclasses import replace

from bpm import schema
from bpm.app import App, build, build_listening
from bpm.foundation.work import CONSOLE


def ready() -> App:
    """The product, its database brought up to date first, so that no command meets missing tables."""
    app = build()
    schema.upgrade(app.database, settings=app.settings)
    return app


def opened() -> App:
    """The same for one command: what is done in it without naming anybody stands on record as the console's."""
    return _of_console(ready())


def opened_to_listen() -> App:
    """The same for a command that takes items in, with no more of the product loaded (see `build_listening`)."""
    app = build_listening()
    schema.upgrade(app.database, settings=app.settings)
    return _of_console(app)


def _of_console(app: App) -> App:
    return replace(app, unit_of_work=replace(app.unit_of_work, by=CONSOLE))
