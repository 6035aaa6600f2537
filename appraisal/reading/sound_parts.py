"""The parts of a refused project file in which nothing is wrong, so that what else is wrong can be looked for."""

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from appraisal.reading.problems import Path
from appraisal.reading.project_parts import project_from
from scoring.project_file import ProjectFile

LISTS = ("drivers", "events", "correlations")
"""Lists of the uncertainty of which an item may be left out without touching the others."""
_INDEXED = re.compile(rf"uncertainty\.({'|'.join(LISTS)})\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class SoundParts:
    project: ProjectFile
    kept: dict[str, list[int]]
    """For each list of the uncertainty, the positions in the file of the items that are left."""

    def path_in_file(self, path: str) -> str:
        """A path of `project` as it is in the file."""
        return _INDEXED.sub(lambda at: f"uncertainty.{at[1]}[{self.kept[at[1]][int(at[2])]}]", path)


def sound_parts(document: Any, broken: Sequence[Path]) -> SoundParts | None:
    """The project without the parts at the broken paths; None where its cash flows are among them.

    An item of the uncertainty goes alone, any other part whole. A currency that does not exist leaves no tonnes, which
    would have to be priced in it.
    """
    if not isinstance(document, dict) or any(not path or path[0] == "cash_flows" for path in broken):
        return None
    left = deepcopy(document)
    items = {path[1:3] for path in broken if path[0] == "uncertainty" and path[1:2] and path[1] in LISTS and path[2:]}
    for path in broken:
        if path[1:3] not in items:
            left.pop(path[0], None)
    uncertainty = left.get("uncertainty", {})
    kept = {}
    for name in LISTS:
        kept[name] = [at for at in range(len(uncertainty.get(name, ()))) if (name, at) not in items]
        if name in uncertainty:
            uncertainty[name] = [uncertainty[name][at] for at in kept[name]]
    if "currency" not in left:
        for line in left["cash_flows"]["lines"]:
            if "tonnes" in line:
                line["amounts"] = [0] * len(line.pop("tonnes"))
    return SoundParts(project_from({"reference": "", "title": "", "currency": "", **left}), kept)
