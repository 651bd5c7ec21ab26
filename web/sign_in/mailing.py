"""Hands a mail over to be sent, where mail is set up; says whether it was."""

from importlib import import_module
from importlib.util import find_spec

from bpm.foundation.work import Work


def queue_mail(work: Work, *, to: str, subject: str, text: str) -> bool:
    """Queue the mail in this transaction; False when there is no address or no mail here."""
    if not to or find_spec("bpm.mail") is None:
        return False
    mail = import_module("bpm.mail")
    if not mail.is_set_up(work):
        return False
    mail.queue(work, to=to, subject=subject, text=text)
    return True
