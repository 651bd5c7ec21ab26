"""The gate is a pure function: what it refuses, what has to be confirmed, what it changes, and when it holds back."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bpm.feedback.connectors.bluesky.graphemes import count_graphemes
from bpm.feedback.outbound import kind_changes, labelled, message_kinds
from bpm.feedback.outbound.gate import (
    Facts,
    Incident,
    OtherAnswer,
    TemplateFacts,
    canned_score,
    edit_distance,
    judge,
    next_allowed,
    plain_hints,
    zones_of_number,
    zones_of_region,
)
from bpm.feedback.status import MessageKind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FACTS = Facts(
    "conversation", "The parcel left our depot this morning.", NOON, "email",
    author_id=1, author_name="Ada Vogel", may_answer=True, approved=True, to="jo@example.org",
)  # fmt: skip
TEMPLATE = TemplateFacts("Late parcel", "Your parcel is late. We asked the depot for it.", date(2026, 6, 1), True)


def codes(facts: Facts) -> tuple[set[str], set[str]]:
    verdict = judge(facts)
    return {each.code for each in verdict.refusals}, {each.code for each in verdict.warnings}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"author_id": None}, "no_author"),
        ({"approved": False}, "no_author"),
        ({"may_answer": False}, "no_right"),
        ({"kind": "advertisement"}, "unknown_kind"),
        ({"is_erased": True}, "erased"),
        ({"is_blocked": True}, "blocked"),
        ({"has_withdrawn": True}, "withdrawn"),
        ({"text": "Dear {{name}}, it left."}, "placeholder"),
        ({"longest": 10}, "too_long"),
        ({"template": replace(TEMPLATE, review_by=date(2026, 3, 1))}, "template_expired"),
        ({"template": replace(TEMPLATE, is_approved=False)}, "template_unapproved"),
        ({"template": replace(TEMPLATE, is_retired=True)}, "template_retired"),
        ({"is_template_given": True}, "template_gone"),
        ({"kind": "survey", "author_id": None, "incident": Incident(1, "No signal")}, "incident"),
    ],
)
def test_what_must_not_go_out_is_refused_by_name(change: dict[str, object], code: str) -> None:
    assert codes(FACTS) == (set(), set())
    assert code in codes(replace(FACTS, **change))[0]  # type: ignore[arg-type]  # fields of it


@pytest.mark.parametrize(
    "text",
    [
        "Please send us your account number so that we can look.",
        "Could you DM or post your social security number?",
        "What's your card number?",
        "Can you give me your phone number and I will call",
        "We need your home address to send it.",
        "Your account number?",
        "Please reply with the last four of your SSN and your date of birth.",
        "Bitte nennen Sie uns Ihre Kontonummer.",
        "Hi Jo! To look into this, kindly share your full name and policy number with us.",
    ],
)
def test_private_data_is_not_asked_for_where_everybody_reads(text: str) -> None:
    public = replace(FACTS, text=text, is_public=True, channel="social", private_link="https://shop.example/p/1")
    verdict = judge(public)
    assert [each.code for each in verdict.refusals] == ["asks_private"], text
    assert "https://shop.example/p/1" in verdict.refusals[0].remedy
    assert "asks_private" not in codes(replace(public, is_public=False))[0]


@pytest.mark.parametrize(
    "text",
    [
        "Never send anybody your password or your card number.",
        "Your account is fine, and the number of calls is down.",
        "We will never ask for your PIN.",
        "Please use the private link to tell us your account number.",
        "Thank you for your address to the staff, it was a joy to read!",
        "I moved the address on your order as you asked.",
    ],
)
def test_harmless_sentences_go_out_in_public(text: str) -> None:
    assert codes(replace(FACTS, text=text, is_public=True, channel="social"))[0] == set()


def test_private_data_in_a_public_answer_is_left_out_and_shown_and_in_a_private_one_confirmed() -> None:
    text = "Hello Mia, we called +44 20 8366 1177 about card 4111 1111 1111 1111. Ada Vogel, help@shop.example"
    public = replace(FACTS, text=text, is_public=True, own_values=frozenset({"help@shop.example"}))
    verdict = judge(public)
    assert "4111" not in verdict.text
    assert "8366" not in verdict.text
    assert "Ada Vogel, help@shop.example" in verdict.text
    assert [each.code for each in verdict.changes] == ["masked"]
    private = judge(replace(public, is_public=False))
    assert private.text == text
    assert "private_data" in {each.code for each in private.warnings}


def test_what_the_author_should_have_seen_is_confirmed_first() -> None:
    incident = replace(FACTS, incident=Incident(1, "No signal in Leeds", is_linked=True))
    other = replace(FACTS, other=OtherAnswer("Sam", NOON - timedelta(minutes=3), has_left=True))
    elsewhere = replace(FACTS, preferred_channel="chat")
    call = replace(FACTS, channel="call", call_guard="Tracking shows that it was received.")
    found = [codes(each)[1] for each in (incident, other, elsewhere, call)]
    assert found == [{"incident"}, {"answered_meanwhile"}, {"preferred_channel"}, {"call_guard"}]
    assert judge(incident).unconfirmed(frozenset({"incident"})) == ()


def test_canned_words_score_high_and_each_edit_lowers_it() -> None:
    macro = "We are sorry for the delay. Your parcel is late and we asked the depot for it. It comes tomorrow."
    whole = canned_score(macro, [macro])
    greeted = canned_score(f"Dear Jo,\n\n{macro}\n\nKind regards,\nAda", [f"Dear {{{{name}}}},\n\n{macro}"])
    edited = canned_score(macro.replace("It comes tomorrow.", "Yours with the red bow is first on the van."), [macro])
    own = canned_score("The kettle you bought in May leaks at the lid; a new lid is in the post.", [macro])
    assert (whole, greeted >= 0.95) == (1.0, True)
    assert own < edited < 0.95
    facts = replace(FACTS, text=TEMPLATE.text, template=TEMPLATE)
    assert codes(facts)[1] == {"canned"}
    assert codes(replace(facts, text="I asked the depot: your parcel waits in Leeds for a new label."))[1] == set()
    assert "canned" not in codes(replace(FACTS, text="Thank you!", recent=("Thank you!",)))[1]
    assert edit_distance("Thank you, Jo", "Thank you Jo!") == 2


def test_plain_language_is_advised_and_never_in_the_way() -> None:
    text = "Due to a server issue… we have confidence that service is being restored as soon as possible."
    hints = plain_hints(text)
    assert [each.text.split("”")[0][1:] for each in hints[:2]] == ["due to", "we have confidence"]
    assert "Our server stopped" in hints[0].remedy
    assert {each.code for each in hints} == {"plain"}
    assert plain_hints("The server crashed at 9. We restart it now and write again at 10.") == ()
    assert codes(replace(FACTS, text=text)) == (set(), set())


def test_nobody_is_written_to_at_three_in_the_morning_where_they_are() -> None:
    quiet = (time(21), time(8))
    at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    facts = replace(FACTS, now=at, quiet=quiet, zones=("Europe/London",))
    assert judge(facts).hold_until == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert judge(replace(facts, zones=("Asia/Tokyo",))).hold_until is None
    for free in ({"is_waiting": True}, {"kind": "portal_code"}, {"leaves": False}):
        assert judge(replace(facts, **free)).hold_until is None  # type: ignore[arg-type]  # fields of it
    later = replace(facts, now=NOON, send_at=datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    assert judge(later).hold_until == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
@pytest.mark.parametrize("quiet", [(21, 0, 8, 0), (0, 30, 2, 30), (1, 45, 2, 15), (2, 0, 3, 0), (23, 59, 0, 1)])
def test_no_minute_about_a_change_of_the_clocks_is_let_through_early_or_sent_to_the_past(
    zone: str, quiet: tuple[int, int, int, int]
) -> None:
    hours, clock = (time(*quiet[:2]), time(*quiet[2:])), ZoneInfo(zone)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    offsets = [(start + timedelta(hours=n)).astimezone(clock).utcoffset() for n in range(24 * 365)]
    changes = [start + timedelta(hours=n) for n in range(1, len(offsets)) if offsets[n] != offsets[n - 1]]
    assert len(changes) == 2
    for change in changes:
        for minutes in range(-36 * 60, 12 * 60, 5):
            now = change + timedelta(minutes=minutes)
            at = next_allowed(now, [zone], hours)
            wall = at.astimezone(clock).time()
            is_quiet = hours[0] <= wall < hours[1] if hours[0] < hours[1] else wall >= hours[0] or wall < hours[1]
            assert not is_quiet
            assert now <= at <= now + timedelta(hours=13)


def test_quiet_hours_hold_over_changes_of_the_clock_and_over_several_zones() -> None:
    berlin = ("Europe/Berlin",)
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert next_allowed(spring, berlin, (time(21), time(8))) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    assert next_allowed(autumn, berlin, (time(21), time(8))) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)
    skipped = next_allowed(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), berlin, (time(1), time(2, 30)))
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 2:15 for the second time
    assert next_allowed(twice, berlin, (time(1), time(2, 30))) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    america = ("America/New_York", "America/Los_Angeles")
    morning = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    assert next_allowed(morning, america, (time(21), time(8))) == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert next_allowed(morning, america, None) == morning
    assert zones_of_number("+442083661177") == ("Europe/London",)
    assert zones_of_region("fr") == ("Europe/Paris",)
    assert zones_of_region("US") == ()


def test_files_are_refused_where_none_go_along() -> None:
    assert codes(replace(FACTS, files=1, takes_files=False))[0] == {"no_files"}
    assert codes(replace(FACTS, files=1))[0] == set()
    assert codes(replace(FACTS, takes_files=False))[0] == set()


def test_a_limit_counts_what_people_see_where_the_channel_does() -> None:
    family = "👩‍👩‍👧‍👦" * 5 + "é" * 5
    assert codes(replace(FACTS, text=family, longest=10, measure=count_graphemes))[0] == set()
    assert codes(replace(FACTS, text=family, longest=10))[0] == {"too_long"}


def test_the_list_of_kinds_is_data_with_a_change_log_and_automatic_ones_say_so() -> None:
    assert set(message_kinds()) == {each.value for each in MessageKind}
    assert [name for name, kind in message_kinds().items() if not kind.automatic] == ["conversation"]
    assert kind_changes()[0].on == "2026-11-30"
    for name, kind in message_kinds().items():
        said = labelled(name, "It is done.")
        assert said.startswith("It is done.")
        assert ("automatic" in said) is kind.automatic
        assert labelled(name, said) == said
