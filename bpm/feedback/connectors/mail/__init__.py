"""Mail as a way out: an answer goes by SMTP into the thread that it answers, from the identity of a team."""

from bpm.feedback.connectors.mail.sending import OWN_ID, WAY_OUT, message_id_of, own_addresses, settings_of

__all__ = ["OWN_ID", "WAY_OUT", "message_id_of", "own_addresses", "settings_of"]
