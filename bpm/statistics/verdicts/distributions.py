"""The one door to SciPy: quantiles and tails of the normal, t and chi-square distributions."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


def normal_quantile(share: float) -> float:
    return float(special.ndtri(share))


def normal_below(value: float) -> float:
    return float(special.ndtr(value))


def t_quantile(share: float, df: float) -> float:
    """Of Student's t with `df` degrees of freedom, which need not be whole."""
    return float(special.stdtrit(df, share))


def t_below(value: float, df: float) -> float:
    return float(special.stdtr(df, value))


def t_below_each(values: Floats, df: float) -> Floats:
    found: Floats = special.stdtr(df, values)
    return found


def chi_square_above(value: float, df: int) -> float:
    return float(special.chdtrc(df, value))


def critical(z: float, df: float) -> float:
    """The t value that is as seldom as the normal value `z`."""
    return t_quantile(normal_below(z), df) if df < 1e6 else z
