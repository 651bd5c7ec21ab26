"""tracking.lookup: the guard before the phone call. It reads what the instance itself knows of the parcel. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bpm.engine.api import JobCall
from bpm.foundation.work import Work

RECEIVED = ("received", "delivered", "returned to sender", "arrived at warehouse", "signed for", "checked in")
IN_TRANSIT = ("transit", "shipped", "posted", "on its way", "handed over", "out for", "accepted")
NOT_RECEIVED = ("not received", "not delivered", "undelivered", "could not be delivered", "not yet")


def look_up_tracking(_work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: tracking_events or tracking_status. Out: tracking_state, tracking_says, call_needed.

    tracking_state is received, in_transit or unknown.
    A customer whose parcel is here is not called to be asked where it is.
    """
    status, at = last_status(call.payload)
    state = tracking_state(status)
    says = {
        "received": f"Tracking shows it as received: “{status}”{at}. No call is needed to ask for it.",
        "in_transit": f"Tracking shows it on its way: “{status}”{at}.",
        "unknown": f"Tracking says “{status}”{at}, which settles nothing." if status else "There is no tracking.",
    }
    return {"tracking_state": state, "tracking_says": says[state], "call_needed": state != "received"}


def tracking_state(status: str) -> str:
    """`received`, `in_transit` or `unknown`; a denial ("not yet delivered") is never a receipt."""
    said = status.casefold()
    if any(words in said for words in NOT_RECEIVED):
        return "in_transit"
    if any(words in said for words in RECEIVED):
        return "received"
    return "in_transit" if any(words in said for words in IN_TRANSIT) else "unknown"


def last_status(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Status and, if known, ` on <instant>` of the newest event; events without an instant count in their order."""
    events = payload.get("tracking_events")
    if not isinstance(events, Sequence) or isinstance(events, str) or not events:
        return str(payload.get("tracking_status") or "").strip(), ""
    read = [e if isinstance(e, Mapping) else {"status": str(e)} for e in events]
    newest = max(enumerate(read), key=lambda pair: (str(pair[1].get("at") or ""), pair[0]))[1]
    at = f" on {newest['at']}" if newest.get("at") else ""
    return str(newest.get("status") or "").strip(), at
