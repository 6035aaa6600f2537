"""Archives of parts, and content that is damaged by chance."""

import io
import zipfile
from collections.abc import Mapping
from random import Random


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def bytes_changed(content: bytes, chance: Random) -> bytes:
    """A few bytes changed or taken out, anywhere; never nothing."""
    changed = bytearray(content or b"x")
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed))
        if chance.random() < 0.3:
            del changed[at : at + chance.randint(1, 40)]
            changed = changed or bytearray(b"x")
        else:
            changed[at] = chance.randrange(256)
    return bytes(changed)
