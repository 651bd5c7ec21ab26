"""Mail to people: an outbox in the database that a worker sends by SMTP."""

from bpm.mail.addresses import check_address, check_subject, is_address
from bpm.mail.composing import Enclosed, Letter, ids_in, named, one_line, turns_a_line
from bpm.mail.letters import html_of, reply_subject, with_signature
from bpm.mail.lines import Line
from bpm.mail.models import MailMessage
from bpm.mail.outbox import (
    MailRow,
    Trouble,
    count_trouble,
    forget_mail,
    list_mail,
    queue,
    retry_failed,
    retry_mail,
    withdraw_waiting,
)
from bpm.mail.senders import (
    Sender,
    change_sender,
    company_sender,
    find_sender,
    get_sender,
    has_password,
    list_senders,
    make_sender,
    note_test,
    remove_sender,
    senders_for,
    server_of,
    servers_of,
)
from bpm.mail.sending import sweep_mail
from bpm.mail.server import NOT_SET_UP, Server, is_set_up, keep_password, public_link
from bpm.mail.smtp import Answer, Outcome
from bpm.mail.status import MailStatus
from bpm.mail.trial import send_test, send_test_as

__all__ = [
    "NOT_SET_UP",
    "Answer",
    "Enclosed",
    "Letter",
    "Line",
    "MailMessage",
    "MailRow",
    "MailStatus",
    "Outcome",
    "Sender",
    "Server",
    "Trouble",
    "change_sender",
    "check_address",
    "check_subject",
    "company_sender",
    "count_trouble",
    "find_sender",
    "forget_mail",
    "get_sender",
    "has_password",
    "html_of",
    "ids_in",
    "is_address",
    "is_set_up",
    "keep_password",
    "list_mail",
    "list_senders",
    "make_sender",
    "named",
    "note_test",
    "one_line",
    "public_link",
    "queue",
    "remove_sender",
    "reply_subject",
    "retry_failed",
    "retry_mail",
    "send_test",
    "send_test_as",
    "senders_for",
    "server_of",
    "servers_of",
    "sweep_mail",
    "turns_a_line",
    "with_signature",
    "withdraw_waiting",
]
