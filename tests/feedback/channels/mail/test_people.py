"""Whose mail it is and what came with it: forms, groups, forwards, absence notes, dates, charsets, files."""

import io
from base64 import b64decode
from email.message import EmailMessage

import pytest

from bpm.feedback.channels import Context, Row, get_format
from bpm.feedback.channels.mbox import gathering
from bpm.feedback.channels.mbox.languages import folded, languages, phrases
from bpm.feedback.channels.mbox.words import customer_words
from bpm.feedback.limits import ATTACHED_BYTES
from bpm.feedback.raw_item import RawItem

HEAD = "From: Ann <ann@example.org>\nTo: help@acme.example\nSubject: Lid\nDate: Tue, 14 Apr 2026 08:00:00 +0000\n"


def _rows(content: bytes, name: str = "in.mbox", **options: str) -> list[Row]:
    context = Context("email", "s", name, {f"_{key}": value for key, value in options.items()})
    return list(get_format("mbox").parse(io.BytesIO(content), context))


def _row(head: str = "", body: str = "The lid broke.", base: str = HEAD, **options: str) -> Row:
    [row] = _rows(f"{base}{head}\n{body}\n".encode(), "one.eml", **options)
    return row


def _item(head: str = "", body: str = "The lid broke.", base: str = HEAD, **options: str) -> RawItem:
    row = _row(head, body, base, **options)
    assert row.item, row.ignored or row.reason
    return row.item


def _base(sender: str, **more: str) -> str:
    written = {"From": sender, "To": "help@acme.example", "Subject": "Lid", **more}
    return "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in written.items())


@pytest.mark.parametrize(
    ("base", "name", "address"),
    [
        (_base("Site <noreply@acme.example>", Reply_To="Bo <bo@example.net>"), "Bo", "bo@example.net"),
        (_base("Site <wordpress@host.example>", Reply_To="bo@example.net"), "", "bo@example.net"),
        (_base("Do not reply <do-not-reply@forms.example>", Reply_To="bo@example.net"), "", "bo@example.net"),
        (_base("Acme <office@acme.example>", Reply_To="Bo <bo@example.net>"), "Bo", "bo@example.net"),
        (_base("Form <no-reply@forms.example>"), "Form", ""),
        (_base("Ann <ann@example.org>", Reply_To="Ann at home <ann@home.example>"), "Ann", "ann@example.org"),
        (_base("'Bo' via Help <help@acme.example>", X_Original_From="Bo <bo@example.net>"), "Bo", "bo@example.net"),
        (_base("Bo über Hilfe <hilfe@acme.example>", Reply_To="Bo <bo@example.net>"), "Bo", "bo@example.net"),
    ],
)
def test_the_customer_behind_a_form_or_a_group_is_the_author(base: str, name: str, address: str) -> None:
    item = _item(base=base)
    assert (item.author_name, item.author_email) == (name, address)


FORWARD = (
    "FYI\n\n---------- Forwarded message ---------\n"
    "From: {}\nDate: Mon, Apr 13, 2026\nSubject: Oven\nTo: <kim@acme.example>\n\n{}"
)


def test_what_a_colleague_forwards_is_the_customers() -> None:
    kim = _base("Kim <kim@acme.example>", Date="Tue, 14 Apr 2026 08:00:00 +0000")
    item = _item(body=FORWARD.format("Cy <cy@example.net>", "The oven smokes."), base=kim)
    assert (item.text, item.author_email, item.subject) == ("The oven smokes.", "cy@example.net", "Oven")
    assert item.extra["forwarded_by"] == "Kim <kim@acme.example>"


SENT = [
    ("Date: Mon, Apr 13, 2026 at 6:05 PM", "2026-04-13 16:05"),
    ("Date: Mo., 13. Apr. 2026 um 18:05 Uhr", "2026-04-13 16:05"),
    ("Sent: Monday, April 13, 2026 6:05 PM", "2026-04-13 16:05"),
    ("Date: 13 April 2026 at 18:05:00 BRT", "2026-04-13 21:05"),
    ("Date: Mon, 13 Apr 2026 18:05:00 -0400", "2026-04-13 22:05"),
    ("Date: 13.04.2026", "2026-04-13 00:00"),
    ("Date: some day", "2026-04-14 06:00"),
    ("Date: Mon, 13 Apr 2029 18:05:00 +0200", "2026-04-14 06:00"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "instant"), SENT)
def test_a_forwarded_mail_was_said_when_its_header_block_says(line: str, instant: str) -> None:
    kim = _base("Kim <kim@acme.example>", Date="Tue, 14 Apr 2026 08:00:00 +0200")
    body = FORWARD.format("Cy <cy@example.net>", "The oven smokes.").replace("Date: Mon, Apr 13, 2026", line)
    item = _item(body=body, base=kim)
    assert (item.text, str(item.said_at)[:16]) == ("The oven smokes.", instant)


ABSENT = [
    ("Автоматический ответ: заказ", "Меня нет в офисе до понедельника.", True),
    ("Otomatik yanıt: Sipariş", "Ofis dışındayım.", True),
    ("AUTO: Bo Yps is out of the office (returning 20/04/2026)", "Back soon.", True),
    ("Bo Yps ist außer Haus.", "Ich werde bis Montag nicht im Büro sein.", True),
    ("Auto: kaputt", "Niemand ist erreichbar, ich bin im Urlaub mit dem Wagen.", False),
    ("Your agent is out of the office?", "Three times now I was told that.", False),
]


@pytest.mark.parametrize(("subject", "body", "left_out"), ABSENT)
def test_absence_notes_of_more_programs_are_told_from_people(subject: str, body: str, left_out: bool) -> None:
    assert bool(_row(body=body, base=_base("Bo <bo@example.net>", Subject=subject)).ignored) is left_out


@pytest.mark.parametrize(
    ("subject", "left_out"),
    [("Unzustellbar: Ihr Auftrag", True), ("Non remis : commande", True), ("Mailbox full: x", True), ("Router", False)],
)
def test_a_postmaster_reports_what_was_not_delivered_and_may_write_himself(subject: str, left_out: bool) -> None:
    base = _base("Postmaster <postmaster@firm.example>", Subject=subject)
    assert bool(_row(body="It does not work.", base=base).ignored) is left_out


def test_our_own_words_that_a_customer_forwards_are_not_theirs() -> None:
    item = _item(body=FORWARD.format("Acme <office@acme.example>", "We are happy."))
    assert (item.text, item.author_email) == ("FYI", "ann@example.org")


def test_a_chain_of_colleagues_leads_to_the_customer() -> None:
    inner = FORWARD.format("Cy <cy@example.net>", "The oven smokes.")
    kim = _base("Kim <kim@acme.example>")
    assert _item(body=FORWARD.format("Lee <lee@acme.example>", inner), base=kim).text == "The oven smokes."


def test_a_mail_attached_by_a_colleague_speaks_with_its_own_date_and_files() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Date"], inner["Subject"] = "Cy <cy@example.net>", "Mon, 13 Apr 2026 07:00:00 +0000", "Oven"
    inner.set_content("The oven smokes.")
    inner.add_attachment(b"%PDF-1.4 bill", maintype="application", subtype="pdf", filename="bill.pdf")
    outer["From"], outer["To"], outer["Subject"] = "Kim <kim@acme.example>", "help@acme.example", "WG: Oven"
    outer.set_content("See attached.")
    outer.add_attachment(inner)
    [row] = _rows(outer.as_bytes(), "x.eml")
    assert row.item
    assert (row.item.text, row.item.author_email, row.item.subject) == ("The oven smokes.", "cy@example.net", "Oven")
    assert str(row.item.said_at) == "2026-04-13 07:00:00+00:00"
    assert [each.name for each in row.item.attachments] == ["bill.pdf"]


@pytest.mark.parametrize(
    ("head", "body", "why"),
    [
        ("Auto-Submitted: auto-replied (vacation)\n", "Away", "an automatic reply"),
        ("X-Autorespond: yes\n", "Away", "an automatic reply"),
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
            "--b\n\nx\n--b--",
            "a delivery report",
        ),
        ("X-Failed-Recipients: bo@example.net\n", "It failed", "a delivery report"),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "Offers", "a mass mail"),
        ("X-Gmail-Labels: =?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=\n", "Ours", "a mail from the company's own address"),
        ("X-Gmail-Labels: Brouillons\n", "Not yet", "a draft that was never sent"),
    ],
)
def test_what_nobody_wrote_to_us_is_left_out_by_its_headers(head: str, body: str, why: str) -> None:
    assert _row(head, body).ignored == why


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: no\n",
        "X-Autoreply: false\n",
        "Precedence: list\nList-Id: <users.acme.example>\nList-Post: <mailto:users@acme.example>\n",
        "Precedence: bulk\nList-Id: <users.acme.example>\n",
        "X-Auto-Response-Suppress: All\n",
        "X-Gmail-Labels: Inbox,Important\n",
    ],
)
def test_a_person_is_heard_whatever_programs_add(head: str) -> None:
    assert _item(head).text == "The lid broke."


@pytest.mark.parametrize(
    "subject",
    ["Delivery failed again", "Out of office hours nobody answers", "Re: Automatic reply: lid", "Undeliverable?",
     "Automatische Antwort war falsch", "Returned mail order goods"],
)  # fmt: skip
def test_no_subject_alone_makes_a_mail_automatic(subject: str) -> None:
    assert _item(base=_base("ann@example.org", Subject=subject)).text == "The lid broke."


def test_a_customer_who_complains_of_automatic_replies_is_heard() -> None:
    base = _base("ann@example.org", Subject="Automatic reply: useless")
    assert _item(base=base, body="Your robot did not understand my question about the lid.").text


ABSENT = {
    "en": "I am away until Monday.", "de": "Ich bin im Urlaub.", "fr": "Je suis en congés.",
    "es": "Estoy de vacaciones.",
    "pt": "Estou de férias.",
    "it": "Sono in ferie.", "nl": "Ik ben op vakantie.", "sv": "Jag har semester.",
    "da": "Jeg er på ferie.", "no": "Jeg er på ferie.", "fi": "Olen lomalla.", "pl": "Jestem na urlopie.",
    "cs": "Jsem na dovolené.", "hu": "Szabadságon vagyok.", "ro": "Sunt în concediu.", "tr": "Yıllık izindeyim.",
    "ru": "Я в отпуске.", "uk": "Я у відпустці.", "el": "Βρίσκομαι σε άδεια.", "ja": "休暇をいただいております。",
    "zh": "我正在休假。", "ko": "휴가 중입니다.",
}  # fmt: skip


@pytest.mark.parametrize("language", ABSENT)
def test_outlooks_absence_note_is_left_out_in_every_language(language: str) -> None:
    base = _base("ann@example.org", Subject=f"{phrases('automatic', language)[0]}: Lid")
    assert _row(base=base, body=ABSENT[language]).ignored == "an automatic reply"


@pytest.mark.parametrize("language", languages())
def test_a_header_block_is_cut_in_every_language_of_the_table(language: str) -> None:
    sender, sent, to, subject = (phrases(each, language)[-1] for each in ("from", "sent", "to", "subject"))
    block = f"{sender}: Acme <a@acme.example>\n{sent}: 14.04.2026 8:02\n{to}: Ann\n{subject}: Re"
    assert customer_words(f"New words.\n\n{block}\n\nOld words.") == "New words."
    assert len(customer_words(f"{sender}: Lyon\n{to}: Nice\nThank you.").splitlines()) == 3


def test_the_languages_that_were_asked_for_are_in_the_table() -> None:
    assert set(ABSENT) <= set(languages())
    assert folded("İPTAL’i\xa0X") == "iptal'i x"


@pytest.mark.parametrize(
    ("head", "when"),
    [
        ("Date: Tue, 14 Apr 2026 09:00:00 MESZ\n", "2026-04-14 07:00:00+00:00"),
        ("Date: Tue, 14 Apr 2026 09:00:00 +0200 (CEST)\n", "2026-04-14 07:00:00+00:00"),
        ("Received: from a by b; Tue, 14 Apr 2026 07:00:00 +0000\nDate: yesterday\n", "2026-04-14 07:00:00+00:00"),
        ("Received: from a by b; Tue, 14 Apr 2026 07:00:00 +0000\nDate: Tue, 14 Apr 2037 07:00:00 +0000\n",
         "2026-04-14 07:00:00+00:00"),
        ("Date: Thu, 1 Jan 1970 00:00:00 +0000\n", "None"),
        ("", "None"),
        ("Date: soon\n", "None"),
    ],
)  # fmt: skip
def test_a_mail_is_dated_by_what_can_be_believed(head: str, when: str) -> None:
    assert str(_item(base=_base("ann@example.org"), head=head).said_at) == when


def test_a_time_without_zone_is_in_the_zone_that_was_said() -> None:
    head = "Date: Tue, 14 Apr 2026 09:00:00\n"
    assert str(_item(base=_base("a@example.org"), head=head, zone="Europe/Berlin").said_at).startswith("2026-04-14 07:")


@pytest.mark.parametrize(
    ("charset", "written", "encoding"),
    [
        ("utf-7", "Größe passt + gut", "utf-7"),
        ("UNICODE-1-1-UTF-7", "Größe passt", "utf-7"),
        ("utf-7", "Tom+Jerry @ +49", "ascii"),
        ("cp-1252", "Größe – “gut”", "cp1252"), ("iso-8859-1", "50 € zurück", "cp1252"),
        ("windows-1251", "Привет", "cp1251"),
        ("gb2312", "裡面壞了", "gb18030"), ("ks_c_5601-1987", "안녕하세요", "cp949"),
        ("x-sjis", "こんにちは", "cp932"),
        ("utf8", "Größe", "utf-8"), ("unknown-8bit", "Größe", "cp1252"), ("", "Größe", "utf-8"),
        ("us-ascii", "Größe", "utf-8"),
        ("", "返金", "iso2022_jp"), ("ISO-8859-15", "50 €", "iso-8859-15"),
    ],
)  # fmt: skip
def test_a_body_is_read_whatever_its_charset_is_called(charset: str, written: str, encoding: str) -> None:
    head = f"{HEAD}Content-Type: text/plain{f'; charset={charset}' if charset else ''}\n\n".encode()
    [row] = _rows(head + written.encode(encoding) + b"\n", "x.eml")
    assert row.item
    assert row.item.text == written


def test_files_are_kept_apart_with_name_and_bytes_and_are_no_words() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "ann@example.org", "Photos"
    message.set_content("See my photo.")
    message.add_attachment("secret log", filename="log.txt")
    message.add_attachment(b"\x89PNG" + b"x" * 200_000, maintype="image", subtype="png", filename="Größe.png")
    [row] = _rows(message.as_bytes(), "x.eml")
    assert row.item
    assert row.item.text == "See my photo."
    assert [(each.name, each.size) for each in row.item.attachments] == [("log.txt", 11), ("Größe.png", 200_004)]
    assert b64decode(row.item.attachments[1].content) == b"\x89PNG" + b"x" * 200_000


def test_files_over_the_limit_are_named_and_left_out() -> None:
    message = EmailMessage()
    message["From"] = "ann@example.org"
    message.set_content("A film.")
    message.add_attachment(b"x" * (ATTACHED_BYTES + 1), maintype="video", subtype="mp4", filename="film.mp4")
    [row] = _rows(message.as_bytes(), "x.eml")
    assert row.item
    [film] = row.item.attachments
    assert (film.name, film.content) == ("film.mp4", "")
    assert "MB" in film.left_out
    assert row.item.raw["attached"][0]["name"] == "film.mp4"
    assert row.item.text == "A film."


def test_a_mail_too_large_to_be_held_keeps_its_words_and_what_fits_and_names_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "LARGEST_MAIL", 60_000)
    monkeypatch.setattr(gathering, "TEXT_BYTES", 4_000)
    message = EmailMessage()
    message["From"] = "ann@example.org"
    message.set_content("A film.")
    message.add_attachment(b"first", maintype="image", subtype="png", filename="first.png")
    message.add_attachment(b"x" * 90_000, maintype="video", subtype="mp4", filename="film.mp4")
    message.add_attachment("Words behind it. " * 20, cte="base64", disposition="inline")
    message.add_attachment(b"last", maintype="image", subtype="png", filename="last.png")
    lines = b"\nFrom bob@example.org Mon Mar  2 09:00:00 2026\nFrom: bob@example.org\n\nThe next one.\n"
    envelope = b"From ann@example.org Mon Mar  2 09:00:00 2026\n"
    row, after = _rows(envelope + message.as_bytes() + lines, "x.mbox")
    assert row.item
    assert after.item
    assert after.item.text == "The next one."
    assert row.item.text.startswith("A film.")
    assert row.item.text.endswith("Words behind it.")
    kept = {each.name: (each.size, each.left_out[:18]) for each in row.item.attachments}
    assert {"first.png": (5, ""), "last.png": (4, "")}.items() <= kept.items()
    size, why = kept["film.mp4"]
    assert (abs(size - 90_000) < 3_000, why) == (True, "The mail is longer")


def test_an_empty_file_is_told_as_that() -> None:
    with pytest.raises(Exception, match="empty"):
        _rows(b"\n\n")


def test_a_mailbox_told_by_a_later_mail_counts_for_earlier_ones() -> None:
    line = "From x@y Mon Mar  2 09:00:00 2026\n"
    ours = f"{line}From: help@acme.example\nTo: ann@example.org\n\nWe answer.\n\n"
    theirs = f"{line}From: ann@example.org\nDelivered-To: help@acme.example\n\nI ask.\n"
    assert [row.item.text if row.item else row.ignored for row in _rows((ours + theirs).encode())] == [
        "a mail from the company's own address",
        "I ask.",
    ]
