"""Files that came with an item: those that fit are kept apart as attachments, the others are named on the item."""

import io
from base64 import b64decode
from dataclasses import replace
from typing import Any

from bpm import attachments
from bpm.attachments import Place
from bpm.feedback.raw_item import AttachedFile, RawItem
from bpm.foundation.work import Work

PLACE = "item"
"""What attachments of an item are attached to, beside the item's id."""


def fitting(work: Work, raw: RawItem) -> RawItem:
    """The item with the files that may be kept; `extra["files_left_out"]` names the others, their size and why."""
    if not raw.attachments:
        return raw
    most, room = work.settings.attachment_bytes, work.settings.attachments_per_case
    judged = []
    for each in raw.attachments:
        judged.append(_judged(each, min(most, room)))
        room -= 0 if judged[-1].left_out else each.size
    left_out = [_told(each) for each in judged if each.left_out]
    extra: dict[str, Any] = raw.extra | ({"files_left_out": left_out} if left_out else {})
    return replace(raw, extra=extra, attachments=tuple(each for each in judged if not each.left_out))


def _judged(file: AttachedFile, most: int) -> AttachedFile:
    if file.left_out or file.size <= most:
        return file
    return replace(file, content="", left_out=f"A file may have {most / 1e6:.3g} MB.")


def _told(file: AttachedFile) -> dict[str, Any]:
    return {"name": file.name, "size": file.size, "why": file.left_out}


def attach_all(work: Work, item_id: int, raw: RawItem) -> None:
    """Keep the files of an item that was written, in pieces."""
    for each in raw.attachments:
        attachments.attach(work, Place(PLACE, item_id), each.name, io.BytesIO(b64decode(each.content)))


def attach_again(work: Work, item_id: int, raw: RawItem) -> None:
    """Keep the files of an item that came again after its import was undone, which took them away."""
    if raw.attachments and not attachments.count(work, PLACE, [item_id]):
        attach_all(work, item_id, raw)
