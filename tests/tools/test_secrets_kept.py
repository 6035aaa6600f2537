"""Secrets that are committed by mistake are found, and nothing in this repository looks like one.

The examples are put together here, so that the file that holds them holds none.
"""

import subprocess
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tools import secrets_kept
from tools.secrets_kept import findings

LETTERS = "Zx8Qv2Lm5Rt9Kp3Wn7Yb4Hd6Jf1Gs0CcAaBb"


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "-----BEGIN " + "PRIVATE KEY-----",
        "aws = 'AKIA" + LETTERS[:16].upper() + "'",
        "ghp_" + LETTERS[:36],
        "glpat-" + LETTERS[:20],
        "xoxb-" + LETTERS[:24],
        "AIza" + LETTERS[:35],
        "sk_live_" + LETTERS[:24],
        "pypi-" + LETTERS + LETTERS,
        "eyJ" + LETTERS[:20] + ".eyJ" + LETTERS[:20] + "." + LETTERS[:20],
        "postgresql+psycopg://appraisal:" + LETTERS[:8] + "@db.example/appraisal",
        "APPRAISAL_SECRET_KEY=" + LETTERS,
        "smtp_password: '" + LETTERS[:24] + "'",
        'headers = {"api_key": "' + LETTERS + '"}',
    ],
)
def test_what_looks_like_a_secret_is_found_and_not_repeated(line: str) -> None:
    found = list(findings("config.py", f"first = 1\n{line}\n"))
    assert {(each.path, each.line) for each in found} == {("config.py", 2)}
    assert not any(LETTERS[:8] in str(each) for each in found)


def test_random_letters_of_every_kind_are_found() -> None:
    for number in range(50):
        digest = sha256(str(number).encode())
        for made in (digest.hexdigest()[:32], "apt_" + urlsafe_b64encode(digest.digest()).decode().rstrip("=")):
            assert list(findings("x.py", f'token = "{made}"')), made


@pytest.mark.parametrize(
    "line",
    [
        'password = "correct horse battery"',
        'secret_key="' + "k" * 40 + '"',
        "token = fresh_secret(prefix_of_the_application)",
        "APPRAISAL_DATABASE_URL=postgresql+psycopg://appraisal@localhost/appraisal",
        "    --hash=sha256:" + "0123456789abcdef" * 4,
        "SECRET_KEY=" + LETTERS + "  # no secret: for tests alone",
    ],
)
def test_what_is_none_is_left_alone(line: str) -> None:
    assert list(findings("x.py", line)) == []


def test_nothing_in_this_repository_looks_like_a_secret() -> None:
    assert [str(each) for path, content in secrets_kept.tracked() for each in findings(path, content)] == []


def test_a_secret_that_git_knows_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)
    Path("settings.env").write_text("SECRET_KEY=" + LETTERS)
    secrets_kept.main()
    subprocess.run(["git", "add", "settings.env"], check=True)
    with pytest.raises(SystemExit, match="1 lines look like secrets"):
        secrets_kept.main()
    assert capsys.readouterr().out == "settings.env:1: looks like a secret that was given to a name\n"
