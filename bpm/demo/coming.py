"""Everything that the demo's customers will say in its four weeks, as the channels hand it in."""

from dataclasses import replace
from datetime import datetime

from bpm.demo import items, story
from bpm.demo.customers import customer
from bpm.demo.scenes.dunning import letters
from bpm.feedback.raw_item import RawItem


def all_said(until: datetime, *, limit: int | None) -> list[RawItem]:
    """Everything that will be said, the next one last."""
    said = [_raw(item) for item in items.said_until(until, limit=limit)]
    said += [
        replace(story.raw_of(line, "Brightwave"), said_at=until - line.before, natural_key=f"story-{number}")
        for number, line in enumerate(story.SCENES)
    ]
    said += letters(until)
    return sorted(said, key=lambda raw: raw.said_at or until, reverse=True)


def _raw(item: items.Said) -> RawItem:
    who = customer(item.customer)
    return RawItem(
        channel=item.channel,
        source=f"Brightwave {item.channel}",
        text=item.text,
        natural_key=item.key,
        said_at=item.said_at,
        author_name=who.name,
        author_id=who.key,
        author_handle=who.handle if item.channel == "social" else "",
    )
