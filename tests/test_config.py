"""A start with weak settings is refused, with what to do."""

from pathlib import Path

import pytest

from config import ConfigurationError, from_environment

STRONG = "k3Jd8sLq0PzX7vNb2MwRt5YhUeIoAcGf"
KEYS = {"APPRAISAL_ENV": "production", "APPRAISAL_SECRET_KEY": STRONG, "APPRAISAL_AUDIT_KEY": STRONG[::-1]}
OIDC = {
    "APPRAISAL_OIDC_ISSUER": "https://login.example.org/realms/city",
    "APPRAISAL_OIDC_CLIENT_ID": "appraisal",
    "APPRAISAL_OIDC_CLIENT_SECRET": "of the tests",
    "APPRAISAL_ADDRESS": "https://appraisal.example.org/",
}


@pytest.mark.asvs("11.5.1", "13.3.2")
def test_development_makes_and_keeps_its_own_key(tmp_path: Path) -> None:
    first, second = (from_environment({}, instance=tmp_path) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert first.audit_key == second.audit_key != first.secret_key
    assert min(len(first.secret_key), len(first.audit_key)) >= 32
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key", "audit_key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"APPRAISAL_ENV": "production"}, "APPRAISAL_SECRET_KEY"),
        ({"APPRAISAL_ENV": "production", "APPRAISAL_SECRET_KEY": "a" * 64}, "APPRAISAL_SECRET_KEY"),
        ({"APPRAISAL_ENV": "production", "APPRAISAL_SECRET_KEY": STRONG}, "APPRAISAL_AUDIT_KEY"),
        ({**KEYS, "APPRAISAL_AUDIT_KEY": "b" * 64}, "APPRAISAL_AUDIT_KEY"),
        ({**KEYS, "APPRAISAL_AUDIT_KEY": STRONG}, "another than the secret key"),
        ({**KEYS, "APPRAISAL_DEMO": "1"}, "demo"),
        (KEYS, "APPRAISAL_TRUSTED_HOSTS"),
        ({"APPRAISAL_ENV": "holiday"}, "APPRAISAL_ENV"),
        ({"APPRAISAL_PROCESSES": "0"}, "APPRAISAL_PROCESSES"),
        ({"APPRAISAL_PROCESSES": "two"}, "APPRAISAL_PROCESSES"),
        ({"APPRAISAL_REQUIRE_SECOND_STEP": "sometimes"}, "office, everyone or none"),
        ({"APPRAISAL_REQUESTS_A_MINUTE": "59"}, "60 or more"),
        ({"APPRAISAL_KEEP_MAIL": "3"}, "APPRAISAL_KEEP_MAIL"),
        ({"APPRAISAL_OIDC_ISSUER": "http://login.example.org"}, "begins with https://"),
        ({"APPRAISAL_OIDC_ISSUER": "https://login.example.org"}, "APPRAISAL_OIDC_CLIENT_ID"),
        ({**OIDC, "APPRAISAL_OIDC_SECOND_STEP": "maybe"}, "own, amr or trusted"),
        ({**KEYS, **OIDC, "APPRAISAL_OIDC_ISSUER": "http://localhost:1", "APPRAISAL_TRUSTED_HOSTS": "x"}, "https://"),
        ({"APPRAISAL_TRUSTED_PROXIES": "10.0.0.300"}, "APPRAISAL_TRUSTED_PROXIES"),
        ({"APPRAISAL_TRUSTED_PROXIES": "10.0.0.1/8"}, "APPRAISAL_TRUSTED_PROXIES"),
    ],
)
@pytest.mark.asvs("6.3.2", "13.2.3", "15.2.3")
def test_a_weak_start_is_refused(environment: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=said):
        from_environment(environment, instance=tmp_path)


def test_production_starts_with_a_strong_key(tmp_path: Path) -> None:
    settings = from_environment(
        {**KEYS, "APPRAISAL_TRUSTED_HOSTS": "appraisal.example"},
        instance=tmp_path,
    )
    assert settings.production
    assert settings.trusted_hosts == ("appraisal.example",)
    assert settings.second_step_for == "office"


def test_a_sign_in_service_is_set_whole(tmp_path: Path) -> None:
    found = from_environment(OIDC, instance=tmp_path).oidc
    assert found is not None
    assert (found.issuer, found.address, found.second_step) == (
        "https://login.example.org/realms/city",
        "https://appraisal.example.org",
        "own",
    )
    assert OIDC["APPRAISAL_OIDC_CLIENT_SECRET"] not in repr(found)
    assert from_environment({}, instance=tmp_path).oidc is None
