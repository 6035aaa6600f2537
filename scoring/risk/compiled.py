"""How the draws are compiled: neither fastmath nor threads, so that the bits depend on the inputs alone (METHOD 12)."""

from numba import njit

compiled = njit(cache=True, nogil=True)
inlined = njit(cache=True, nogil=True, inline="always")
"""For what runs in every draw: handing arrays over costs more than such a function does."""
