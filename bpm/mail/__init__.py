"""Mail to people: an outbox in the database that a worker sends by SMTP."""

from bpm.mail.addresses import check_address
from bpm.mail.models import MailMessage
from bpm.mail.outbox import MailRow, Trouble, count_trouble, forget_mail, list_mail, queue, retry_failed, retry_mail
from bpm.mail.sending import sweep_mail
from bpm.mail.server import NOT_SET_UP, is_set_up, keep_password, public_link
from bpm.mail.status import MailStatus
from bpm.mail.trial import send_test

__all__ = [
    "NOT_SET_UP",
    "MailMessage",
    "MailRow",
    "MailStatus",
    "Trouble",
    "check_address",
    "count_trouble",
    "forget_mail",
    "is_set_up",
    "keep_password",
    "list_mail",
    "public_link",
    "queue",
    "retry_failed",
    "retry_mail",
    "send_test",
    "sweep_mail",
]
