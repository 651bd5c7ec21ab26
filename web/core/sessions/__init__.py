"""The cookie that a session is carried by, and what was typed when one ended."""
