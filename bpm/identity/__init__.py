"""Users, groups and permissions."""

from bpm.identity.commands import find_command, forget_commands, remember_command
from bpm.identity.login_throttle import LoginTry, forget_attempts, forgive, reserve
from bpm.identity.people import (
    LOADING,
    actor_of,
    create_user,
    ensure_group,
    find_credentials,
    get_user,
    has_outdated_hash,
    list_banners,
    list_groups,
    list_users,
    post_banner,
    renew_hash,
    sign_in,
    take_banner,
)
from bpm.identity.permissions import ROLES, Permission, demand, may

__all__ = [
    "LOADING",
    "ROLES",
    "LoginTry",
    "Permission",
    "actor_of",
    "create_user",
    "demand",
    "ensure_group",
    "find_command",
    "find_credentials",
    "forget_attempts",
    "forget_commands",
    "forgive",
    "get_user",
    "has_outdated_hash",
    "list_banners",
    "list_groups",
    "list_users",
    "may",
    "post_banner",
    "remember_command",
    "renew_hash",
    "reserve",
    "sign_in",
    "take_banner",
]
