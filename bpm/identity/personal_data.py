"""What the tables of people who sign in hold of customers: only what they searched for."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, TableData, free

_OURS = "Of people who sign in here, not of customers."
_HASH = "A hash; what it was made of is not kept."

DATA: Mapping[str, TableData] = {
    "user_group": TableData(free(_OURS, "key name")),
    "user_account": TableData(
        free(_OURS, "username display_name password_hash roles email time_zone language theme start_page after_task")
    ),
    "saved_view": TableData(free(_OURS, "list group_key"), {"name": How.SCRUB, "query": How.SCRUB}),
    "group_alias": TableData(free(_OURS, "name")),
    "notice": TableData(free("About this installation.", "key message")),
    "received_command": TableData(free(_HASH, "digest"), {"led_to": How.SCRUB}),
    "login_attempts": TableData(free(_HASH, "key")),
    "access_grant": TableData(free(_OURS, "role scope_kind scope_key")),
    "own_role": TableData(free(_OURS, "key name permissions")),
    "person_skill": TableData(free(_OURS, "name")),
    "user_session": TableData(free(_OURS, "token_hash address device method second_factor provider_session id_token")),
    "one_time_link": TableData(free(_HASH, "token_hash") | free(_OURS, "purpose")),
    "api_token": TableData(free(_HASH, "token_hash") | free(_OURS, "shown name scopes")),
    "recovery_code": TableData(free(_HASH, "code_hash")),
    "external_account": TableData(free(_OURS, "issuer subject")),
}
"""Table -> what it holds."""
