"""Users, groups and permissions."""

from bpm.identity.commands import find_command, forget_commands, remember_command
from bpm.identity.login_throttle import LoginTry, forget_attempts, forgive, reserve
from bpm.identity.people import (
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
)
from bpm.identity.permissions import ROLES, Permission, demand, may
from bpm.identity.saved_views import SavedView, list_views, remove_view, save_view

__all__ = [
    "ROLES",
    "LoginTry",
    "Permission",
    "SavedView",
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
    "list_views",
    "may",
    "post_banner",
    "remember_command",
    "remove_view",
    "renew_hash",
    "reserve",
    "save_view",
    "sign_in",
]
