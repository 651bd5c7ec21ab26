"""Users, groups and permissions."""

from bpm.identity.commands import find_command, forget_commands, remember_command
from bpm.identity.people import (
    actor_of,
    create_user,
    ensure_group,
    get_user,
    has_outdated_hash,
    list_groups,
    list_notices,
    list_users,
    post_notice,
    renew_hash,
    sign_in,
)
from bpm.identity.permissions import ROLES, Permission, demand, may

__all__ = [
    "ROLES",
    "Permission",
    "actor_of",
    "create_user",
    "demand",
    "ensure_group",
    "find_command",
    "forget_commands",
    "get_user",
    "has_outdated_hash",
    "list_groups",
    "list_notices",
    "list_users",
    "may",
    "post_notice",
    "remember_command",
    "renew_hash",
    "sign_in",
]
