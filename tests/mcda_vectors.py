"""Published vectors of multi-criteria methods, by id."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "cases" / "mcda_vectors.json"
VECTORS: dict[str, dict[str, Any]] = {vector["id"]: vector for vector in json.loads(_FILE.read_text("utf-8"))}
