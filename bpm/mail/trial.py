"""A mail to see whether mail works, sent at once and past the outbox."""

from datetime import datetime

from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions
from bpm.mail.addresses import check_address
from bpm.mail.composing import Letter, named
from bpm.mail.letters import html_of, with_signature
from bpm.mail.senders import get_sender, server_of
from bpm.mail.server import NOT_SET_UP, Server, domain_of, find_server
from bpm.mail.smtp import Outcome, Post


def send_test(unit_of_work: Transactions, address: str) -> str:
    """Send a mail to `address` at once, past the outbox; what the server said. EarshotError says why it did not go."""
    to = check_address(address)
    with unit_of_work.reading() as work:
        server, now = find_server(work), work.now()
        if server is None:
            raise EarshotError(_("Mail is not set up."), remedy=NOT_SET_UP)
        message_id = _message_id(now, domain_of(work.settings))
    text = _("Mail works: this one was sent to see whether it does.") + "\n"
    letter = Letter(server.sender, to, _("A test from Earshot"), text, None, message_id, now)
    return _deliver(server, letter, _("Look at EARSHOT_SMTP_FROM and the address."))


def send_test_as(unit_of_work: Transactions, sender_id: int, *, to: str, author: str) -> str:
    """The same as customers would get it from an identity, with `author` as who writes."""
    address = check_address(to)
    with unit_of_work.reading() as work:
        sender, now = get_sender(work, sender_id), work.now()
        server = server_of(work, sender)
    text = with_signature(_("This is how a mail from this address looks. It was sent as a test."), sender.signature)
    letter = Letter(
        sender=named(sender.name_for(author), sender.address),
        to=address,
        subject=_("A test from Earshot"),
        text=text,
        html=html_of(text),
        message_id=_message_id(now, sender.address.rpartition("@")[2]),
        written_at=now,
        reply_to=sender.reply_to,
    )
    return _deliver(server, letter, _("Look at the address, and whether the mail server lets this sender write."))


def _message_id(now: datetime, domain: str) -> str:
    return f"<test.{now.timestamp():.6f}@{domain}>"


def _deliver(server: Server, letter: Letter, remedy: str) -> str:
    with Post(server) as post:
        post.open()
        answer = post.send(letter)
    if answer.outcome is not Outcome.SENT:
        raise EarshotError(
            _("The mail server did not take it: %(words)s") % {"words": answer.words},
            place=f"{server.host}:{server.port}",
            remedy=remedy,
        )
    return answer.words
