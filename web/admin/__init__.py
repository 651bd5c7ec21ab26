"""Who can sign in, with which roles and groups."""
