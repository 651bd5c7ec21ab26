"""What the audit trail holds of customers: values beside the chain, which go with their salts."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, TableData, free

_HEAD = free(
    "Who of ours did what to which number: no name, address or value of anybody.",
    "actor_kind verb object_type object_id about request_id",
)
_HASH = free("A hash; it says nothing once its salt is gone.", "digest hash")

DATA: Mapping[str, TableData] = {
    "audit_entry": TableData(_HEAD | _HASH),
    "audit_waiting": TableData(_HEAD | free(_HASH["digest"], "digest"), {"salt": How.ROOM, "details": How.ROOM}),
    "audit_value": TableData({}, {"salt": How.ROOM, "details": How.ROOM}),
    "audit_mark": TableData(free(_HASH["hash"], "hash")),
}
"""Table -> what it holds."""
