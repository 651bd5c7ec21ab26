"""A mail to see whether mail works, sent at once and past the outbox."""

from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions
from bpm.mail.addresses import check_address
from bpm.mail.composing import Letter
from bpm.mail.server import NOT_SET_UP, domain_of, find_server
from bpm.mail.smtp import Outcome, Post


def send_test(unit_of_work: Transactions, address: str) -> str:
    """Send a mail to `address` at once, past the outbox; what the server said. EarshotError says why it did not go."""
    to = check_address(address)
    with unit_of_work.reading() as work:
        server, now = find_server(work), work.now()
        if server is None:
            raise EarshotError(_("Mail is not set up."), remedy=NOT_SET_UP)
        letter = Letter(
            sender=server.sender,
            to=to,
            subject=_("A test from Earshot"),
            text=_("Mail works: this one was sent to see whether it does.") + "\n",
            html=None,
            message_id=f"<test.{now.timestamp():.6f}@{domain_of(work.settings)}>",
            written_at=now,
        )
    with Post(server) as post:
        post.open()
        answer = post.send(letter)
    if answer.outcome is not Outcome.SENT:
        raise EarshotError(
            _("The mail server did not take it: %(words)s") % {"words": answer.words},
            place=f"{server.host}:{server.port}",
            remedy=_("Look at EARSHOT_SMTP_FROM and the address."),
        )
    return answer.words
