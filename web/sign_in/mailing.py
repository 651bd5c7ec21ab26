"""Hands a mail over to be sent, where a mail server is set up; says whether it was."""

from bpm import mail
from bpm.foundation.work import Work


def queue_mail(work: Work, user_id: int, *, to: str, subject: str, text: str, key: str) -> bool:
    """Queue the mail in this transaction; False when there is no address or no mail server here."""
    if not to or not mail.is_set_up(work.settings):
        return False
    return mail.queue(work, to=to, subject=subject, text=text, kind="sign-in link", key=key, user_id=user_id)
