"""Coming in and going out: by password or provider, with a second proof, and again when a session ended."""

from web.sign_in import login, passwords, proof, provider, second_step, signing_out
from web.sign_in.blueprint import blueprint

__all__ = ["blueprint", "login", "passwords", "proof", "provider", "second_step", "signing_out"]
