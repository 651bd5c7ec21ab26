"""Mail addresses and header lines: what may stand in them; pure."""

import re

import idna

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

LONGEST_ADDRESS, LONGEST_SUBJECT = 254, 400
"""Characters. Of an address: RFC 5321, 4.5.3.1.3, without the angle brackets."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""A dot-atom (RFC 5322, 3.2.3); no quoted local parts, and only ASCII: all else needs SMTPUTF8, which few have."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


def check_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA 2008); InvalidInputError says what is wrong with it."""
    local, at, domain = address.strip().rpartition("@")
    if _CONTROL.search(address) or not at or not _LOCAL.fullmatch(local) or len(local) > 64:
        raise _wrong(address)
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _wrong(address) from error
    whole = f"{local}@{ascii_domain}"
    if len(whole) > LONGEST_ADDRESS:
        raise _wrong(address)
    return whole


def is_address(written: str) -> bool:
    """Whether a mail can go there."""
    try:
        check_address(written)
    except InvalidInputError:
        return False
    return True


def _wrong(address: str) -> InvalidInputError:
    shown = _CONTROL.sub("?", address)[:80]
    return InvalidInputError(
        _("%(address)s is no mail address.") % {"address": repr(shown)},
        remedy=_("Write one such as ada@example.com."),
        fields={"address": _("Write an address such as ada@example.com.")},
    )


def check_subject(subject: str) -> str:
    """The subject, cut to a length that mail programs show; InvalidInputError for what would be another header line."""
    if _CONTROL.search(subject):
        raise InvalidInputError(
            _("The subject of a mail is one line without control characters."),
            place="Subject",
            remedy=_("Take the line breaks out."),
        )
    text = subject.strip()
    if not text:
        raise InvalidInputError(_("A mail needs a subject."), place="Subject", remedy=_("Give one."))
    return text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1] + "…"
