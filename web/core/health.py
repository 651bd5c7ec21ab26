"""For load balancers and service managers: is the process up, and can it work?"""

from flask import Blueprint, Response
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bpm import schema
from bpm.foundation.errors import EarshotError
from bpm.identity import Permission
from web.core.request_context import product
from web.core.security import needs

blueprint = Blueprint("health", __name__)

BUSY = ("database is locked", "statement timeout", "lock timeout", "too many clients", "connection slots")
"""How SQLite and PostgreSQL say that others are at it."""


@blueprint.get("/healthz")
@needs(Permission.PUBLIC, unit="own")
def healthz() -> Response:
    """200 while the process answers at all; touches nothing else."""
    return _say("ok", 200)


@blueprint.get("/readyz")
@needs(Permission.PUBLIC, unit="own")
def readyz() -> Response:
    """200 when the database answers and is at the revision that this code expects, else 503 with the reason.

    It only reads, on a connection of its own, so it waits neither for who writes nor for a free connection.

    Also 503 once the process was told to stop, so that a proxy sends it nothing new.
    """
    if product().stopping.is_set():
        return _say("stopping", 503)
    try:
        schema.demand_newest(product().probe)
    except EarshotError as error:
        return _say(str(error), 503)
    except OperationalError as error:
        return _say("busy" if any(words in str(error.orig) for words in BUSY) else "the database does not answer", 503)
    except SQLAlchemyError:
        return _say("the database does not answer", 503)
    return _say("ready", 200)


def _say(what: str, status: int) -> Response:
    return Response(f"{what}\n", status, mimetype="text/plain")
