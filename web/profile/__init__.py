"""One's own account: name and looks, password, second factor, and where one is signed in."""

from web.profile import account, second_factor, sessions, tokens
from web.profile.blueprint import blueprint

__all__ = ["account", "blueprint", "second_factor", "sessions", "tokens"]
