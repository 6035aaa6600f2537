"""Find secrets that were committed by mistake: keys in known forms, and random letters given to a name that says so.

Looks at every text file that git tracks, as it stands. A line that holds none, whatever it looks like, says
`no secret:` and why.
"""

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FORMS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})"),
    "a token of GitLab": re.compile(r"\bglpat-[A-Za-z0-9_-]{20}"),
    "a token of Slack": re.compile(r"\bxox[abposr]-[A-Za-z0-9-]{20,}"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}"),
    "a key of Stripe": re.compile(r"\b[sr]k_live_[0-9A-Za-z]{20,}"),
    "a token of a package index": re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a token of this application": re.compile(r"\bapt_[A-Za-z0-9_-]{43}\b"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+]{2,20}://[^\s/:@\"'{}]+:[^\s/:@\"'{}$]{6,}@"),
}
GIVEN = re.compile(
    r"(?i)\b[a-z_.-]*(?:secret|passw(?:or)?d|token|api_?key|audit_key|private_?key)[a-z_]*"
    r"\b[\"']?\s*[:=]{1,2}\s*[bf]?[\"']?([A-Za-z0-9+/=_.~-]{20,})"
)
RANDOM_BITS = 3.0
"""Of each letter: 20 random ones have more, even of the sixteen that hexadecimal numbers are written in."""
ALLOWED = "no secret:"
LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: looks like {self.what}"


def findings(path: str, content: str) -> Iterator[Finding]:
    """What in this file looks like a secret; it is named by its place, never repeated."""
    for number, line in enumerate(content.splitlines(), 1):
        if ALLOWED in line:
            continue
        for what, form in FORMS.items():
            if form.search(line):
                yield Finding(path, number, what)
        for given in GIVEN.finditer(line):
            if random_looking(given[1]):
                yield Finding(path, number, "a secret that was given to a name")


def random_looking(text: str) -> bool:
    """Whether nobody would choose these letters: letters and figures, each about as likely as any other."""
    shares = [count / len(text) for count in Counter(text).values()]
    mixed = any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text)
    return mixed and -sum(share * math.log2(share) for share in shares) >= RANDOM_BITS


def tracked() -> Iterator[tuple[str, str]]:
    """Path and content of every text file that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True).stdout
    for path in filter(None, listed.split("\0")):
        file = Path(path)
        if not file.is_file() or file.is_symlink() or file.stat().st_size > LARGEST:
            continue
        raw = file.read_bytes()
        if b"\0" not in raw[:8192]:
            yield path, raw.decode("utf-8", "replace")


def main() -> None:
    found = [finding for path, content in tracked() for finding in findings(path, content)]
    print(*found, sep="\n", end="\n" if found else "")
    if found:
        sys.exit(f"{len(found)} lines look like secrets. Take them out, and change what was published already.")


if __name__ == "__main__":
    main()
