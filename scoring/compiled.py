"""How the engine compiles: neither fastmath nor threads, so that the bits depend on the inputs alone (METHOD 12).

Numba keeps what it compiled on disk and looks only at the file a function stands in. A function takes constants and
other functions from other files into itself, so here every source that compiled code is made of counts: what was
compiled from any other text is compiled again.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from numba import config, njit
from numba.core import caching

SOURCES = (
    "compiled.py",
    "limits.py",
    "ordering.py",
    "project_file.py",
    "project_options.py",
    "vocabulary.py",
    "criteria/kernels.py",
    "ranking/kernels.py",
    "returns",
    "risk",
)
"""Files and folders of scoring/ that compiled code takes constants, tuples and functions from."""


@lru_cache(maxsize=1)
def sources_digest(folder: Path = Path(__file__).parent) -> bytes:
    """SHA-256 of the sources under scoring/."""
    digest = hashlib.sha256()
    for name in SOURCES:
        for path in sorted((folder / name).rglob("*.py")) or [folder / name]:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


class _OfAllSources:
    def get_source_stamp(self) -> bytes:
        return sources_digest()


class InFolderOfUser(_OfAllSources, caching.UserProvidedCacheLocator):
    """Where the environment's NUMBA_CACHE_DIR says."""


class BesideSource(_OfAllSources, caching.InTreeCacheLocator):
    """In __pycache__, where that can be written."""


class InUsersCache(_OfAllSources, caching.UserWideCacheLocator):
    """In the user's cache folder, where it cannot."""


config.CACHE_LOCATOR_CLASSES = ",".join(  # type: ignore[attr-defined]
    f"{__name__}.{locator.__name__}" for locator in (InFolderOfUser, BesideSource, InUsersCache)
)

compiled = njit(cache=True, nogil=True, error_model="numpy")
inlined = njit(cache=True, nogil=True, error_model="numpy", inline="always")
"""For what runs in every draw: handing arrays over costs more than such a function does."""
