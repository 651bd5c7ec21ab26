"""What differs between before and after is told in words, and nothing beside it."""

from bpm.audit.differences import changes


def test_what_was_empty_and_is_empty_in_another_way_is_no_change() -> None:
    told = changes({"second_factor": None, "device": None}, {"second_factor": "", "device": "Firefox"})
    assert [(each.name, each.before, each.after) for each in told] == [("device", "–", "Firefox")]
