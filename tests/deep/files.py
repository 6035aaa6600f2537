"""Mutated files sent as a planner sends them, looked at, matched and stored as far as each goes."""

import io
import re
from uuid import UUID, uuid4

from tests.deep.arena import Arena
from tests.deep.workbooks import Sent, mutated_files

PAGE = "/projects/import"
_DIGEST = re.compile(r'name="digest"[^>]*value="([0-9a-f]{64})"')


def send_files(arena: Arena, part: int, of: int, count: int, seed: int) -> int:
    """How many were sent: a part of them all."""
    files = list(mutated_files(count, seed))[part - 1 :: of]
    for number, file in enumerate(files):
        _send(arena, file, uuid4(), f"file {part - 1 + number * of} of seed {seed}, {file.kind}")
    return len(files)


def _send(arena: Arena, file: Sent, key: UUID, said: str) -> None:
    client = arena.client("planner")
    upload = (io.BytesIO(file.content), file.name) + ((file.mime,) if file.mime else ())
    sent = client.post(PAGE, data={"key": str(key), "file": upload})
    if arena.note(sent, said) != 302:
        arena.put_back()
        return
    if sent.headers["Location"].endswith("/match"):
        arena.note(client.get(f"{PAGE}/{key}/match"), f"{said}, its columns")
        arena.note(client.post(f"{PAGE}/{key}/match", data={"default-currency": "INR"}), f"{said}, matched")
    review = client.get(f"{PAGE}/{key}")
    page = review.text
    arena.note(review, f"{said}, reviewed")
    arena.note(client.get(f"{PAGE}/{key}/problems.xlsx"), f"{said}, its problems")
    if (digest := _DIGEST.search(page)) is not None:
        stored = client.post(f"{PAGE}/{key}/store", data={"digest": digest[1], "rule": "valid"})
        arena.note(stored, f"{said}, stored")
        arena.note(client.get(f"{PAGE}/{key}"), f"{said}, its result")
        arena.note(client.get("/projects"), f"{said}, listed")
    arena.look_through("importing.store", said)
    arena.put_back()
