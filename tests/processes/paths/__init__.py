"""Tests of variants, ways and hand-overs."""
