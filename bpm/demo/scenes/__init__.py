"""Scenes of the demo that people play: the outage, what colleagues tell each other, a case that stands still."""
