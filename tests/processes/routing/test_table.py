"""With whom an item lands: by channel class and complexity alone, as a pure function of a table that people keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.care import Complexity
from bpm.feedback.status import Channel
from bpm.foundation.errors import InvalidInputError
from bpm.processes.routing.table import (
    ADVOCATES,
    PUBLIC,
    Facts,
    Row,
    Table,
    as_plain,
    land,
    landings,
    shipped,
    table_from,
)

GROUPS = ("it", "marketing", "operations", "service")


@pytest.mark.parametrize(
    ("channel", "complexity", "inbox", "watching"),
    [
        ("social", "simple", ADVOCATES, ("marketing", "it", "operations")),
        ("social", "difficult", ADVOCATES, ("marketing", "it", "operations")),
        ("review", None, ADVOCATES, ("marketing", "it", "operations")),
        ("email", "simple", "service", ()),
        ("chat", "harder", "service", ()),
        ("call", None, "service", ()),
        ("survey", "simple", "service", ()),
        ("call", "difficult", ADVOCATES, ()),
        ("email", "difficult", ADVOCATES, ()),
    ],
)
def test_public_channels_land_with_the_advocates_and_hard_matters_never_with_the_first_line(
    channel: str, complexity: str | None, inbox: str, watching: tuple[str, ...]
) -> None:
    found = land(Facts(channel, complexity), shipped(GROUPS))
    assert (found.inbox, found.watching) == (inbox, watching)
    assert channel in found.why


def test_without_groups_everything_lands_with_the_advocates() -> None:
    assert {land(Facts(str(channel)), shipped(())).inbox for channel in Channel} == {ADVOCATES}
    assert set(PUBLIC) == {"social", "review"}


ROWS = st.builds(
    Row,
    st.sampled_from((ADVOCATES, *GROUPS)),
    st.sampled_from((ADVOCATES, *GROUPS)),
    st.lists(st.sampled_from(GROUPS), unique=True).map(tuple),
)
TABLES = st.builds(
    Table, st.dictionaries(st.sampled_from(list(Channel)), ROWS), st.sampled_from(list(Complexity)),
    st.frozensets(st.sampled_from(GROUPS)),
)  # fmt: skip
KNOWN = frozenset({ADVOCATES, *GROUPS})


@given(TABLES, st.sampled_from(list(Channel)), st.sampled_from([None, *map(str, Complexity)]))
def test_every_item_lands_in_exactly_one_inbox_and_a_table_reads_back_as_it_was_written(
    table: Table, channel: Channel, complexity: str | None
) -> None:
    found = land(Facts(str(channel), complexity), table)
    here = [inbox for inbox in sorted(KNOWN) if (channel, found.is_hard) in landings(table, inbox)]
    assert here == [found.inbox]
    assert found.inbox not in found.watching
    assert table_from(as_plain(table), KNOWN) == table


def test_an_inbox_level_or_channel_that_nobody_knows_is_refused() -> None:
    for wrong in (
        {"rows": {"social": {"first": "nobody"}}},
        {"rows": {"fax": {}}},
        {"rows": {}, "from_level": "impossible"},
        {"rows": ["social"]},
        {"rows": {}, "assigning": ["nobody"]},
    ):
        with pytest.raises(InvalidInputError):
            table_from(wrong, KNOWN)
