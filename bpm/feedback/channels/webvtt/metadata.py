"""Cues that hold objects instead of words, as Teams tells the metadata of a transcript.

Source: learn.microsoft.com/graph, callTranscript, metadataContent (`speakerName`, `spokenText`, `startDateTime`).
"""

from dataclasses import replace

import orjson

from bpm.feedback.channels.webvtt.cues import Cue, Cues


def with_words(told: Cues) -> Cues:
    """The cues with a voice and words where they held such an object; the first one's instant as a fact."""
    objects = [_object(cue) for cue in told.cues]
    if not any(objects):
        return told
    cues = [
        replace(cue, rows=(f"<v {found['speakerName']}>{found['spokenText']}",)) if found else cue
        for cue, found in zip(told.cues, objects, strict=True)
    ]
    begun = next((found["startDateTime"] for found in objects if found and found.get("startDateTime")), "")
    return Cues(cues, [*told.around, f"Start: {begun}"] if begun else told.around)


def _object(cue: Cue) -> dict[str, str] | None:
    written = "".join(cue.rows).strip()
    if not written.startswith("{") or "spokenText" not in written:
        return None
    try:
        found = orjson.loads(written)
    except orjson.JSONDecodeError:
        return None
    fields = ("speakerName", "spokenText", "startDateTime")
    told = {name: str(found.get(name) or "").replace("<", "").replace(">", "") for name in fields}
    return told if told["spokenText"] else None
