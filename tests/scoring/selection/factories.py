"""Programmes of a made-up city, of any size: five yearly budgets, exclusions, prerequisites and shares by region."""

import numpy as np

from scoring.selection import MinimumShare, Problem, problem_of


def city(count: int, seed: int = 1) -> Problem:
    """Sizes are lognormal and spread over five years; a budget pays for 30% of what is asked of it."""
    random = np.random.default_rng(seed)
    costs = np.round(random.lognormal(2, 1, count)[:, np.newaxis] * random.dirichlet(np.ones(5), count), 2)
    values = np.round(costs.sum(axis=1) * random.uniform(0.6, 1.6, count) + random.uniform(0, 2, count), 2)
    pairs = random.permutation(count)[: 2 * (count // 10)].reshape(-1, 2).tolist()
    region = random.integers(0, 5, count)
    return problem_of(
        values,
        costs,
        np.round(costs.sum(axis=0) * 0.3),
        exclusive=[range(3 * first, 3 * first + 3) for first in range(count // 15)],
        requires=[(chosen, needed) for chosen, needed in pairs],
        minimum_shares=[MinimumShare(tuple(np.flatnonzero(region == k).tolist()), 0.15) for k in range(5)],
    )
