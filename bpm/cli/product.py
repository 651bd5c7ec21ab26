"""How a command opens the product: wired, on a database that is at the newest revision."""

from bpm import schema
from bpm.app import App, build


def opened() -> App:
    """The product, its database brought up to date first, so that no command meets missing tables."""
    app = build()
    schema.upgrade(app.database, settings=app.settings)
    return app
