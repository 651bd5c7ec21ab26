"""Which conversation a word on another channel goes on with: 300 labelled hops, and what each kind of evidence does."""

from collections.abc import Callable
from datetime import timedelta

from bpm.feedback.conversations.board import ConversationBatch, Placement
from bpm.feedback.conversations.joining import join
from bpm.feedback.customers import Person
from tests.feedback.conftest import SAID, said
from tests.feedback.conversations.hops import Hop, make


def play(hop: Hop) -> tuple[list[Placement], Placement]:
    """Everything said before, each in a conversation of its own, then the hop."""
    board, person = ConversationBatch(), Person(1, "Mia")
    placed = []
    for number, before in enumerate(hop.before):
        raw = said(
            before.text, channel=before.channel, source=before.channel, said_at=before.at, thread_key=f"t{number}"
        )
        placed.append(join(board, raw, person, before.at))
    raw = said(hop.text, channel=hop.channel, source=hop.channel, said_at=hop.at, natural_key="now")
    return placed, join(board, raw, person, hop.at)


def test_links_made_by_themselves_are_right_in_19_of_20_labelled_hops(
    record_property: Callable[[str, object], None],
) -> None:
    linked = right = asked = to_find = asked_right = 0
    for hop in make():
        before, now = play(hop)
        wanted = before[hop.goes_on_with].talk if hop.goes_on_with is not None else None
        to_find += wanted is not None
        if now.method != "first":
            linked, right = linked + 1, right + (now.talk is wanted)
        elif now.proposed is not None:
            asked, asked_right = asked + 1, asked_right + (now.proposed.strand.talk is wanted)
    precision, recall = right / linked, right / to_find
    told = f"precision {precision:.3f}, recall {recall:.3f}; asked {asked} times, right {asked_right} of them"
    record_property("counts", told)
    assert precision >= 0.95, told
    assert recall >= 0.7, told


def test_yesterdays_call_is_what_todays_mail_goes_on_with_not_a_mail_of_two_years_ago() -> None:
    board, person = ConversationBatch(), Person(1, "Mia")
    old = join(board, said("Where is my voucher", said_at=SAID), person, SAID - timedelta(days=730))
    call = join(board, said("The line is dead", channel="call", source="calls"), person, SAID - timedelta(days=1))
    mail = join(board, said("The line is still dead, see my call"), person, SAID)
    assert mail.talk is call.talk is not old.talk
    assert mail.evidence["says"] == "see my call"


def test_ten_threads_of_one_person_are_ten_conversations_whatever_they_say() -> None:
    board, person = ConversationBatch(), Person(1, "Mia")
    placed = [join(board, said("Where is my parcel?", thread_key=f"t{n}"), person, SAID) for n in range(10)]
    assert len({id(each.talk) for each in placed}) == 10


def test_a_thread_of_four_people_is_one_conversation() -> None:
    board = ConversationBatch()
    placed = [join(board, said("Me too", thread_key="t"), Person(n, str(n)), SAID) for n in range(4)]
    assert len({id(each.talk) for each in placed}) == 1


def test_a_mail_whose_headers_were_lost_is_known_by_the_subject_that_it_answers() -> None:
    board, person = ConversationBatch(), Person(1, "Mia")
    first = join(board, said("It is broken", subject="Kettle 12", thread_key="<a@x.org>"), person, SAID)
    again = join(
        board, said("Hello?", subject="AW: Kettle 12", thread_key="<b@x.org>"), person, SAID + timedelta(days=2)
    )
    assert again.talk is first.talk


def test_items_and_threads_that_are_counted_from_one_are_not_taken_for_each_other() -> None:
    board = ConversationBatch()
    thread = join(board, said("The lid is off", natural_key="7", thread_key="3"), Person(1, "Mia"), SAID)
    item = join(board, said("My lamp flickers", natural_key="3", thread_key="1"), Person(2, "Jon"), SAID)
    assert item.talk is not thread.talk


def test_what_nobody_can_tell_is_proposed_with_its_evidence_and_not_linked() -> None:
    board, person = ConversationBatch(), Person(1, "Mia")
    before = join(board, said("The kettle drips at the lid", channel="call", source="c"), person, SAID)
    now = join(board, said("The kettle", said_at=SAID + timedelta(days=25)), person, SAID + timedelta(days=25))
    assert now.talk is not before.talk
    assert now.proposed is not None
    assert now.proposed.strand.talk is before.talk
    assert now.proposed.evidence["gap_hours"] == 600.0
