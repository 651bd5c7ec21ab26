"""Speakers as meeting tools, call centres and people write them: who is heard as the customer."""

import io

import pytest

from bpm.feedback.channels import FORMATS, Context, Row
from bpm.feedback.intake.decompress import open_content
from bpm.feedback.raw_item import RawItem


def _read(content: str | bytes, name: str = "call.vtt", **options: str) -> Row:
    data = content.encode() if isinstance(content, str) else content
    context = Context("call", "test", name, {f"_{key}": value for key, value in options.items()})
    [row] = FORMATS["webvtt"].parse(open_content(io.BytesIO(data))[0], context)
    return row


def _item(content: str | bytes, name: str = "call.vtt", **options: str) -> RawItem:
    row = _read(content, name, **options)
    assert row.item is not None, row.reason or row.ignored
    return row.item


def _cues(*lines: str) -> str:
    shown = (f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n{line}\n" for n, line in enumerate(lines))
    return "WEBVTT\n\n" + "\n".join(shown)


@pytest.mark.parametrize(
    "speaker",
    [
        "Ángel Núñez",
        "Øyvind",
        "Żaneta Ćwik",
        "İpek Şahin",
        "ßigrid Ölund",
        "Ludwig van Beethoven",
        "ludwig van Beethoven",
        "María de la O",
        "O’Neil, Shaun",
        "Dr. Amy Wong",
        "J. R. Ewing",
        "Tom Baker (he/him)",
        "Priya [Guest]",
        "Brown, Joe | Initech",
        "Sato Kenji – Initech",
        "+44 20 7946 0018",
        "(212) 555-0147",
        "Speaker 2",
        "Sprecher 2",
        "Спикер №2",
        "Ольга",
        "Γιώργος",
        "佐藤",
        "김민수",
        "محمد علي",
        "אורי",
        "kate_91",
        "Caller",
        "Kundin",
        "Cliente",
        "Appelant",
        "Klant",
        "Клиент",
        "客户",
        "お客様",
        "고객",
        "Customer Ann",
        "Ann (Customer)",
    ],
)
def test_a_customer_is_heard_whatever_the_name(speaker: str) -> None:
    script = _cues("Agent Lee: Good morning.", f"{speaker}: The tap drips.", "Agent Lee: I see.")
    assert _item(script).text == "The tap drips."


@pytest.mark.parametrize(
    "speaker",
    [
        "Customer Care",
        "Customer Support Tim",
        "Customer Success Manager",
        "Client Services",
        "Member Relations",
        "Guest Services",
        "Patient Support",
        "Kundenservice",
        "Kundenbetreuerin Uta",
        "Service client",
        "Conseillère",
        "Atención al cliente",
        "Servizio clienti",
        "Klantenservice",
        "Atendimento ao cliente",
        "Kundtjänst",
        "Obsługa klienta",
        "Müşteri hizmetleri",
        "Служба поддержки",
        "客服",
        "Shift supervisor",
        "Anna, team lead",
        "Joe (Support)",
        "SupportBot",
        "Virtual Assistant",
        "IVR",
        "System",
        "Otter Notetaker",
    ],
)
def test_a_desk_of_the_company_or_a_machine_is_no_customer(speaker: str) -> None:
    assert _item(_cues(f"{speaker}: We regret that.", "Caller: The tap drips.")).text == "The tap drips."


@pytest.mark.parametrize(
    "words",
    [
        "Question two: who pays for it?",
        "Invoice number: 90210.",
        "Meine Frage: wer zahlt das?",
        "Kundennummer: 90210.",
        "Le problème: il fuit.",
        "Mi pregunta: quién paga?",
        "My husband said: never again.",
        "And then: nothing.",
        "So: what now?",
        "Reason: it leaks.",
        "Customer number: 90210.",
        "See https://shop.example/tap for it.",
        "It was at 10:30 sharp.",
        "订单号:90210。",
    ],
)
def test_a_colon_inside_of_what_somebody_says_makes_no_speaker(words: str) -> None:
    script = _cues("Agent: Hello.", "Customer: It leaks.", words, "Agent: Thank you.")
    assert _item(script).text == f"It leaks.\n{words}"


def test_what_comes_twice_and_is_no_sentence_names_a_speaker() -> None:
    assert _item(_cues("Agent: Hi.", "zoë: It leaks.", "More of it.", "Agent: Oh.", "zoë: Yes.")).text.count("\n") == 2


def test_agents_are_named_whole_and_the_others_are_customers() -> None:
    script = _cues("<v Roe, Sam>Hello.</v>", "<v Ng, Li>It leaks.</v>", "<v Poe, Al>I come.</v>", "<v Kay>Mine, too.")
    row = _read(script)
    assert "--agent" in row.reason
    assert _item(script, agents="Roe, Sam\nPoe, Al").text == "It leaks.\nMine, too."


def test_a_call_in_which_only_the_company_speaks_is_left_out_and_named() -> None:
    row = _read(_cues("Agent: Hello?", "IVR: Please hold.", "Agent: Nobody there."))
    assert row.item is None
    assert "only the company" in row.ignored


def test_a_third_party_is_not_the_customer_and_is_named() -> None:
    row = _read(_cues("Agent Lee: Hello.", "Customer Ann: It leaks.", "Bob Roe: I was the courier."))
    assert row.item is not None
    assert row.item.text == "It leaks."
    assert "Bob Roe" in row.warnings[0]


def test_the_only_customer_is_the_one_who_called() -> None:
    assert _item(_cues("Agent: Hi.", "Amy Wong (she/her): It leaks.")).author_name == "Amy Wong"
    assert _item(_cues("Agent: Hi.", "+44 20 7946 0018: It leaks.")).author_phone == "+44 20 7946 0018"
    assert _item(_cues("Agent: Hi.", "Amy Wong: It leaks.", "Bo Wong: It does.")).author_name == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_cues_are_read_in_the_encodings_of_players(encoding: str) -> None:
    script = "1\n00:00:01,000 --> 00:00:02,000\nAgent: Hi\n\n2\n00:00:03,000 --> 00:00:04,000\nCustomer: Größe falsch\n"
    assert _item(script.encode(encoding), "call.srt").text == "Größe falsch"


@pytest.mark.parametrize(
    "script",
    [
        "1\n00:00:01,000 --> 00:00:02,000\nAgent: Hi\n2\n00:00:03,000 --> 00:00:04,000\nCaller: It leaks\nbadly\n",
        "1\n00:00:01,000 --> 00:00:02,000\nAgent: Hi\n\n\n2\n00:00:03,000 --> 00:00:04,000\nCaller: It leaks\n\nbadly",
        "00:00:03.000 --> 00:00:04.000\nCaller: It leaks\n\nbadly\n00:00:05.000 --> 00:00:06.000\nAgent: Hi\n",
        "0:00:01.000,0:00:02.000\nAgent: Hi\n\n0:00:03.000,0:00:04.000\nCaller: It leaks\nbadly\n",
        (
            "WEBVTT\n\na1/3-1\n00:01.000 --> 00:02.000\n<v Agent>Hi\n\n"
            "a1/3-2\n00:03.000 --> 00:04.000\n<v Caller>It leaks badly"
        ),
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Caller>It leaks badly\n\nNOTE Caller: no more\n",
        "1\n0:00:01 -> 0:00:02\n- Agent: Hi\n- Caller: It leaks badly\n",
    ],
)
def test_cues_are_told_apart_by_their_timings(script: str) -> None:
    assert " ".join(_item(script).text.split()) == "It leaks badly"


MEET = """Tap (2026-03-02 09:00 GMT+1) - Transcript
Attendees
Amy Wong, Agent Lee
Transcript
00:00:00

Agent Lee: Good morning.
Amy Wong: The tap drips.
00:05:00
All night.
Meeting ended after 00:06:00
"""


def test_rolling_captions_are_said_once() -> None:
    rolling = (
        "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Caller>the tap drips all night\n\n"
        "00:03.000 --> 00:05.000\n<v Caller>the tap drips all night\nand all day\n\n"
        "00:06.000 --> 00:07.000\n<v Agent>Oh.\n"
    )
    first = rolling.replace("<v Caller>the tap drips all night\nand", "<v Caller>and")
    assert _item(rolling.replace("<v Caller>", "Caller: ").replace("<v Agent>", "Agent: ")).text.count("drips") == 1
    assert _item(first).text == "the tap drips all night and all day"


@pytest.mark.parametrize(
    "script",
    [
        "Tap\n\nAgent Lee  0:01  \nGood day.\n\nAmy Wong  0:15  \nThe tap drips.\nAll night.\n\nAgent Lee  0:20\nOh.\n",
        "[Agent Lee] 09:15:01\nGood morning.\n\n[Amy Wong] 09:15:15\nThe tap drips.\nAll night.\n",
        "09:15:01 From Agent Lee to Everyone: Hi.\n09:15:15\t From Amy Wong to Everyone:\tThe tap drips.\nAll night.\n",
        MEET,
        "[00:01] Agent Lee: Good morning.\n[00:15] Amy Wong: The tap drips.\nAll night.\n",
        "Agent Lee (00:01): Good morning.\nAmy Wong (00:15): The tap drips.\nAll night.\n",
        "Agent Lee (00:01):\nGood morning.\n\nAmy Wong (00:15):\nThe tap drips.\nAll night.\n",
        "00:01\tAgent Lee\tGood morning.\n00:15\tAmy Wong\tThe tap drips.\n00:18\tAmy Wong\tAll night.\n",
    ],
)
def test_transcripts_saved_as_text_are_read(script: str) -> None:
    assert " ".join(_item(script, "call.txt").text.split()) == "The tap drips. All night."


def test_a_text_without_speakers_is_told_as_that() -> None:
    assert "begins with a speaker" in _read("Dear diary,\nthe tap drips.\n", "notes.txt").reason


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("GMT20260302-091500_Recording.transcript.vtt", {}, "2026-03-02 09:15:00+00:00"),
        ("Tap-20260302_101500-Meeting Recording.vtt", {"zone": "Europe/Berlin"}, "2026-03-02 09:15:00+00:00"),
        ("call 2026-03-02 09.15.vtt", {}, "2026-03-02 09:15:00+00:00"),
        ("transcript.vtt", {"said_at": "2026-03-02T09:15:00Z"}, "2026-03-02 09:15:00+00:00"),
        ("transcript.vtt", {}, "None"),
        ("order 4711 20269999.vtt", {}, "None"),
    ],
)
def test_the_day_of_a_call_is_what_file_name_or_user_say_and_never_now(
    name: str, options: dict[str, str], said: str
) -> None:
    assert str(_item(_cues("Agent: Hi.", "Caller: It leaks."), name, **options).said_at) == said


def test_calls_are_told_apart_by_what_is_in_them() -> None:
    first, other = _cues("Agent: Hi.", "Caller: It leaks."), _cues("Agent: Hi.", "Caller: It stinks.")
    assert _item(first).natural_key == _item(first, "again.vtt").natural_key != _item(other).natural_key


def test_what_the_agent_does_not_take_up_is_counted_by_turn() -> None:
    call = _item(
        _cues(
            "Agent: Thank you for calling Acme. How can I help you today?",
            "Customer: My invoice shows a fee for the router twice.",
            "Agent: Can I have your date of birth?",
            "Customer: It is in May. Will the double fee be refunded?",
            "Agent: Yes, the fee is refunded tomorrow.",
            "Customer: Thanks.",
            "Agent: Have a nice day.",
            "Customer: And who pays for the lost weekend?",
        )
    )
    listening = call.extra["listening"]
    assert listening["not_taken_up"] == [2, 8]
    assert listening["script_words"] == 5 + 6 + 7 + 4
    assert listening["script_share"] == pytest.approx(22 / 28, abs=1e-4)
    assert listening["unit"] == "words"


@pytest.mark.parametrize(
    "line", ["Ann: a", "A" * 90 + ": a", "a b c d e f g: a", "+1 2 3: a", "( ( (: a", "Ann: a: b: c: "]
)
def test_a_hundred_thousand_lines_are_read_at_their_length(line: str) -> None:
    row = _read("Agent: Hi\n" + f"{line}\n" * 100_000, "call.txt")
    assert row.item or row.reason or row.ignored


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Εκπρόσωπος", "Πελάτης"), ("נציגה", "לקוח"), ("موظف", "العميل"), ("Interviewer", "Respondent"),
        ("Teller", "Account holder"),
    ],
)  # fmt: skip
def test_roles_of_more_languages_and_desks(ours: str, theirs: str) -> None:
    assert _item(_cues(f"<v {ours}>How can I help?</v>", f"<v {theirs}>My lid broke.</v>")).text == "My lid broke."


def test_the_only_telephone_number_is_who_called() -> None:
    item = _item(_cues("<v +1 415 555 0100>My lid broke.</v>", "<v Ann Lee>Let me see.</v>"))
    assert (item.text, item.author_phone) == ("My lid broke.", "+1 415 555 0100")
    two = _read(_cues("<v +1 415 555 0100>My lid broke.</v>", "<v +1 415 555 0101>Let me see.</v>"))
    assert two.item is None


def test_the_text_of_a_word_file_of_teams_names_who_speaks_on_a_line_of_its_own() -> None:
    script = "0:0:1.520 --> 0:0:3.0\nJane Doe\nMy lid broke.\n\n0:0:3.250 --> 0:0:5.10\nSupport Agent\nLet me see.\n"
    item = _item(script)
    assert (item.text, item.author_name) == ("My lid broke.", "Jane Doe")


OFFERS = [
    ("Thank you for calling Initech, my name is Kim.", "My scanner jams.", True),
    ("Guten Tag, was kann ich für Sie tun?", "Der Scanner klemmt.", True),
    ("お電話ありがとうございます。", "スキャナが動きません。", True),
    ("Hello there.", "My scanner jams.", False),
    ("Hello, calling you back.", "Thank you for calling me back, my scanner jams.", False),
    ("How can I help you?", "How can I help you? That is what you always ask.", False),
]


@pytest.mark.parametrize(("greeting", "complaint", "told"), OFFERS)
def test_of_two_strangers_the_one_who_offers_help_is_no_customer(greeting: str, complaint: str, told: bool) -> None:
    row = _read(_cues(f"Kim Lee: {greeting}", f"Bo Yps: {complaint}", "Kim Lee: I see, sorry.", "Bo Yps: Thanks."))
    if not told:
        assert row.item is None
        assert "Nobody can tell" in row.reason
        return
    assert row.item is not None
    assert row.item.text == f"{complaint}\nThanks."
    assert any("--agent" in each for each in row.warnings)


def test_of_three_strangers_nobody_is_taken_for_the_customer() -> None:
    lines = ["Kim Lee: How can I help you?", "Bo Yps: It jams.", "Di Zee: I am her manager.", "Bo Yps: Really.",
             "Di Zee: Yes."]  # fmt: skip
    assert _read(_cues(*lines)).item is None


def test_how_a_name_is_drawn_does_not_hide_it() -> None:
    lines = ['<font color="#fff">Agent:</font> Hello', "{\\an8}<i>Customer: The belt slips.</i>"]
    assert _item(_cues(*lines)).text == "The belt slips."


def test_a_time_below_each_name_is_no_title() -> None:
    text = "Agent Kim\n00:00\nHello, who is there?\n\nBo Yps\n00:07\nThe belt slips.\n\nAgent Kim\n00:12\nI see.\n"
    assert _item(text, "call.txt").text == "The belt slips."


@pytest.mark.parametrize(
    ("name", "options", "instant"),
    [
        ("Support (2026-05-07 08_30 GMT+2) - Transcript.vtt", {}, "2026-05-07 06:30"),
        ("Support (2026-05-07 08_30 UTC).vtt", {"zone": "Asia/Tokyo"}, "2026-05-07 08:30"),
        ("call.vtt", {"said_at": "2026-05-07 08:30", "zone": "Europe/Berlin"}, "2026-05-07 06:30"),
    ],
)
def test_the_zone_of_a_calls_start_is_the_one_that_is_told(name: str, options: dict[str, str], instant: str) -> None:
    item = _item(_cues("Agent: Hello", "Customer: The belt slips."), name, **options)
    assert str(item.said_at)[:16] == instant
