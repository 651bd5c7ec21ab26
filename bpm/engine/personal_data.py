"""What the engine's tables hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free

_CASE = (Rows("case", "instance_id"),)
_MODEL = "A name or code of the model, or of this product."
_OURS = "Written by our own people about versions of processes, not about customers."
_GROUPS = "Names of our own groups."
_DRAWN = "Models, forms, decisions and tests as our designers wrote them."

DATA: Mapping[str, TableData] = {
    "upload": TableData(free(_DRAWN, "file_name source report checked")),
    "process_definition": TableData(free(_DRAWN, "key name service_target service_targets sign_offs connectors")),
    "process_version": TableData(
        free(
            _DRAWN,
            "content_hash file_name source drawing drawing_notes executable specs processes primary_process elements "
            "findings forms uploaded_forms decisions tests test_results triggers documentation replayed",
        )
        | free(_OURS, "unsigned_reason note")
    ),
    "retention_change": TableData(free(_OURS, "reason loss asked_by_name confirmed_by decided_by")),
    "process_spec": TableData(free(_DRAWN, "hash body")),
    "signature": TableData(free(_OURS, "department method content_hash")),
    "signing_record": TableData(free(_OURS, "department content_hash"), {"comment": How.SCRUB}),
    "process_instance": TableData(
        free(_MODEL, "process_id bindings"),
        {"variables": How.SCRUB, "business_key": How.SCRUB, "state": How.STATE},
        (Rows("case", "id"),),
    ),
    "step_record": TableData(
        free(_MODEL, "command"), {"reason": How.SCRUB, "detail": How.SCRUB, "brought": How.SCRUB}, _CASE
    ),
    "activity_instance": TableData(free(_MODEL, "uid element name type parent process")),
    "work_item": TableData(
        free(_MODEL, "uid element form") | free(_GROUPS, "group_key meant_for"),
        {"name": How.SCRUB, "local": How.SCRUB, "draft": How.SCRUB, "result": How.SCRUB},
        _CASE,
    ),
    "job": TableData(
        free(_MODEL, "uid element name topic retry_in lease_owner"),
        {"payload": How.SCRUB, "last_error": How.SCRUB},
        _CASE,
    ),
    "event_subscription": TableData(free(_MODEL, "process_id uid element event"), {"key": How.SCRUB}, _CASE),
    "failure": TableData(free(_MODEL, "uid element cause"), {"message": How.SCRUB, "reason": How.SCRUB}, _CASE),
    "worker_heartbeat": TableData(free("Names of processes of this product.", "name")),
    "batch": TableData(free(_MODEL, "act"), {"parameters": How.SCRUB, "reason": How.SCRUB}),
    "batch_item": TableData({}, {"message": How.SCRUB}),
    "task_comment": TableData({}, {"text": How.WORDS}, _CASE),
    "task_hand_over": TableData(free(_GROUPS, "from_group to_group"), {"note": How.WORDS}, _CASE),
}
"""Table -> what it holds."""
