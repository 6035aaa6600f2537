"""Which way through the drivers moves the returns most: a net's best spread coordinate is laid along it (METHOD 6).

The first coordinates of Sobol' points are the most evenly spread. Independent normal scores may be turned about without
being any less independent or normal: the first is laid along the direction in which the economic NPV changes most, the
second along what is left of the financial one's. Quantiles and tails gain most by it: they hang on where one sum of all
drivers is low, which no single driver says (Imai and Tan 2006, "A general dimension reduction technique for derivative
pricing", J. Computational Finance 10).
"""

import numpy as np

from scoring.risk.normal import FloatArray


def turned(factor: FloatArray, moves: FloatArray) -> FloatArray:
    """`factor` times an orthogonal matrix, (K, K): it makes scores as correlated as `factor` does.

    factor: (K, K), from independent scores to correlated ones. moves: (K, m), what each of m returns gains where one
    correlated score rises. The first m independent scores are laid along them, each by a reflection (Householder 1958);
    where a return is moved by nothing new, or by nothing that is finite, its score stays as it is.
    """
    result = factor.copy()
    for place in range(min(moves.shape)):
        ahead = (result * moves[:, place, np.newaxis]).sum(axis=0)
        whole, ahead[:place] = float(np.sqrt((ahead**2).sum())), 0.0
        length = float(np.sqrt((ahead**2).sum()))
        if not 1e-9 * whole < length < np.inf:
            continue
        mirror = ahead / length
        mirror[place] += 1.0 if mirror[place] >= 0 else -1.0
        result -= np.outer((result * mirror).sum(axis=1), mirror) * (2.0 / (mirror**2).sum())
    return result
