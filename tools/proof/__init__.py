"""`make proof`: the random tests and the faults, ten times as often as in `make test`, and their figures."""
