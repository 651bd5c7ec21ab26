"""The daybook: of each day what was worked, passed, said, given and ended, in columns, at no price.

Prices, splits and roundings are laid over it as it is read (`economics`), so that a new plan changes no day of it.
"""
