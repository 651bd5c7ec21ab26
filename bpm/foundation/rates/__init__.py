"""How often something may happen in a stretch of time, counted in the database."""
