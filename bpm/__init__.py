"""Earshot: a BPM engine that turns what customers say into better processes."""
