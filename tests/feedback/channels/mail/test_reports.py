"""Delivery reports of the mail servers in use, and of those that keep to no standard, name the mail and its fate."""

import io

import pytest

from bpm.feedback import channels
from bpm.feedback.channels import Context, Row

OURS = "<" + "ab12" * 10 + "@shop.example>"


def read(mail: str, **options: str) -> Row:
    content = f"From x@y Mon Mar  2 08:00:00 2026\n{mail.strip()}\n".encode()
    context = Context("email", "box", "", {f"_{name}": value for name, value in options.items()})
    [row] = channels.get_format("mbox").parse(io.BytesIO(content), context)
    return row


def dsn(
    fields: str,
    *,
    sender: str = "MAILER-DAEMON@mx.example (Mail Delivery System)",
    subject: str = "Undelivered Mail",
    back: str = f"Subject: Re: My order\nMessage-ID: {OURS}",
    kind: str = "message/rfc822",
) -> str:
    return f"""Return-Path: <>
From: {sender}
To: help@shop.example
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system. I'm sorry to have to inform you that your message could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 123

{fields}
--B
Content-Type: {kind}

{back}

It left today.
--B--"""


NO_USER = """Final-Recipient: rfc822; jo@customer.example
Original-Recipient: rfc822;jo@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <jo@customer.example>: Recipient address
    rejected: User unknown"""

QMAIL = f"""Return-Path: <>
From: MAILER-DAEMON@old.example
To: help@shop.example
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jo@customer.example>:
user is over quota: 552 mailbox full (#5.2.2)

--- Below this line is a copy of the message.

Return-Path: <help@shop.example>
Message-Id: {OURS}
Subject: Re: My order

It left today."""

EXIM = f"""From: Mail Delivery System <Mailer-Daemon@exim.example>
To: help@shop.example
X-Failed-Recipients: jo@customer.example
Auto-Submitted: auto-replied
Subject: Warning: message 1a2b delayed 24 hours
References: {OURS}

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its recipients
after more than 24 hours on the queue. No action is required on your part. Delivery
attempts will continue for some time."""

EXCHANGE = dsn(
    "Final-Recipient: rfc822;jo@customer.example\nAction: failed\nStatus: 5.4.1\n"
    "Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied",
    sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>",
    subject="Undeliverable: Re: My order", kind="text/rfc822-headers",
)  # fmt: skip


@pytest.mark.parametrize(
    ("mail", "state", "why"),
    [
        (
            dsn(NO_USER),
            "permanent_failure",
            "550 5.1.1 <jo@customer.example>: Recipient address rejected: User unknown",
        ),
        (dsn(NO_USER.replace("failed", "delayed").replace("5.1.1", "4.4.1")), "temporary_failure", "4.4.1"),
        (dsn("Final-Recipient: rfc822; jo@customer.example\nAction: delivered\nStatus: 2.0.0"), "delivered", "2.0.0"),
        (dsn("Final-Recipient: rfc822; jo@customer.example\nStatus: 5.7.1 (denied)"), "permanent_failure", "5.7.1"),
        (EXCHANGE, "permanent_failure", "550 5.4.1 Recipient address rejected: Access denied"),
        (QMAIL, "permanent_failure", "user is over quota: 552 mailbox full (#5.2.2)"),
        (EXIM, "temporary_failure", "Warning: message 1a2b delayed 24 hours"),
        (QMAIL.replace("552 mailbox full (#5.2.2)", "no such user here"), "permanent_failure", "failure notice"),
    ],
)
def test_the_mail_its_fate_and_the_words_of_the_server(mail: str, state: str, why: str) -> None:
    row = read(mail)
    assert row.ignored == "a delivery report"
    [report] = row.reports
    assert (report.remote_id, report.state, report.recipient) == (OURS, state, "jo@customer.example")
    assert why in report.why


def test_a_report_of_the_companys_own_server_counts_too_and_each_recipient_is_told() -> None:
    two = f"{NO_USER}\n\n{NO_USER.replace('jo@', 'kim@').replace('failed', 'delivered').replace('5.1.1', '2.1.5')}"
    row = read(dsn(two, sender="MAILER-DAEMON@shop.example"), own="@shop.example")
    assert row.ignored
    assert [(each.recipient, each.state) for each in row.reports] == [
        ("jo@customer.example", "permanent_failure"), ("kim@customer.example", "delivered"),
    ]  # fmt: skip


def test_what_was_relayed_or_names_no_mail_tells_nothing() -> None:
    assert read(dsn(NO_USER.replace("failed", "relayed"))).reports == ()
    assert read(QMAIL.replace("Message-Id", "X-Other")).reports == ()


def test_an_absence_note_is_neither_a_report_nor_somebodys_voice() -> None:
    note = f"""From: Jo <jo@customer.example>
Subject: Automatic reply: Re: My order
Auto-Submitted: auto-replied
In-Reply-To: {OURS}

I am out of the office until Monday and this is outrageous."""
    row = read(note)
    assert (row.ignored, row.reports) == ("an automatic reply", ())
