"""A second proof beside the password: codes of an authenticator app (RFC 6238), and codes on paper for when it is lost.

The app's secret is sealed by `bpm.secrets` and opened only to look at a code; recovery codes are kept as hashes and
shown once. A code of the app counts in its 30 seconds and the ones beside it, and never twice.
"""

import hashlib
import secrets as random
from typing import cast

import pyotp
from sqlalchemy import Table, delete, insert, select, update

from bpm import secrets
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity.access import USER
from bpm.identity.entry.models import RecoveryCode
from bpm.identity.noting import note_person
from bpm.identity.people import get_user

RECOVERY = cast("Table", RecoveryCode.__table__)
CODES = 10
"""Recovery codes that a person is given."""
STEP, BESIDE = 30, 1
"""Seconds that a code is shown, and how many of its neighbours count: clocks are a little off."""


def new_secret() -> str:
    """A secret for an authenticator app: 160 random bits as base 32."""
    return pyotp.random_base32()


def uri_of(secret: str, username: str) -> str:
    """What the QR code says to the app (the key URI format of authenticator apps)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Earshot")


def set_up_totp(work: Work, user_id: int, *, secret: str, code: str) -> list[str]:
    """Ask for the app's codes from now on, once the first fits; gives the recovery codes, to be shown once."""
    step = _step_of(work, secret, code)
    if step is None:
        raise InvalidInputError(
            _("This code does not fit."),
            remedy=_("Type the six digits that the app shows now; check that the phone's clock is right."),
            fields={"code": _("This code does not fit; type the one that the app shows now.")},
        )
    secrets.put_secret(work, _owner(user_id), secret)
    work.session.execute(update(USER).where(USER.c.id == user_id).values(totp_since=work.now(), totp_step=step))
    note_person(work, "set_up_second_factor", get_user(work, user_id), before={"app": False}, after={"app": True})
    return renew_recovery_codes(work, user_id)


def renew_recovery_codes(work: Work, user_id: int) -> list[str]:
    """New recovery codes in place of all before."""
    codes = ["-".join(random.token_hex(10)[at : at + 5] for at in range(0, 20, 5)) for _code in range(CODES)]
    work.session.execute(delete(RECOVERY).where(RECOVERY.c.user_id == user_id))
    note_person(work, "renew_recovery_codes", get_user(work, user_id))
    work.session.execute(insert(RECOVERY), [{"user_id": user_id, "code_hash": _hash(code)} for code in codes])
    return codes


def count_recovery_codes(work: Work, user_id: int) -> int:
    """How many are left."""
    return len(work.session.execute(select(RECOVERY.c.code_hash).where(RECOVERY.c.user_id == user_id)).all())


def drop_totp(work: Work, user_id: int) -> None:
    """Ask for no codes any more: the app and the recovery codes are forgotten."""
    secrets.forget_secret(work, _owner(user_id))
    work.session.execute(delete(RECOVERY).where(RECOVERY.c.user_id == user_id))
    work.session.execute(update(USER).where(USER.c.id == user_id).values(totp_since=None, totp_step=0))
    note_person(work, "drop_second_factor", get_user(work, user_id), before={"app": True}, after={"app": False})


def take_code(work: Work, user_id: int, code: str) -> str:
    """Which second factor the code is: "code" of the app, "recovery code", or empty when it fits nothing. It is used
    up: two requests with one code are in a race for the row, and one of them loses."""
    plain = "".join(code.split()).lower()
    if not (plain.isascii() and plain.isdigit()):
        return "recovery code" if _use_up(work, user_id, plain) else ""
    step = _step_of(work, secrets.get_secret(work, _owner(user_id)), plain)
    if step is None:
        return ""
    newer = update(USER).where(USER.c.id == user_id, USER.c.totp_step < step, USER.c.totp_since.is_not(None))
    return "code" if affected(work, newer.values(totp_step=step)) == 1 else ""


def _use_up(work: Work, user_id: int, code: str) -> bool:
    held = delete(RECOVERY).where(RECOVERY.c.user_id == user_id, RECOVERY.c.code_hash == _hash(code))
    return affected(work, held) == 1


def _step_of(work: Work, secret: str, code: str) -> int | None:
    """The time step of which the code is, if it counts now."""
    if not secret:
        return None
    totp, now = pyotp.TOTP(secret), int(work.now().timestamp())
    plain = "".join(code.split())
    steps = (now // STEP + beside for beside in range(-BESIDE, BESIDE + 1))
    return next((step for step in steps if plain.isascii() and totp.verify(plain, for_time=step * STEP)), None)


def _owner(user_id: int) -> secrets.Owner:
    return secrets.Owner("totp", str(user_id))


def _hash(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
