"""Numbers and keys of addresses and forms: one way to write each."""

from uuid import UUID

import pytest
from wtforms import Form

from forms.ids import KeyField, key_of, key_or, whole
from forms.registration.fields import VersionField

KEY = UUID("8bc7b2d2-4336-4796-a56e-f9f037352473")
OTHER_NUMBERS = (
    *("１", "١", "१", "+1", "-1", "01", "1_0", " 1", "1 ", "1\n", "1.0", "1e3", "0x10", "²", "", "NaN", "\x001"),
    *("2147483648", "9" * 5000, None),
)
OTHER_KEYS = (
    *(f"{{{KEY}}}", f"urn:uuid:{KEY}", KEY.hex, f" {KEY}", f"{KEY}\n", str(KEY).replace("8", "８"), str(KEY)[:-1]),
    *(str(KEY).replace("-", "_"), "", "9" * 5000, None),
)


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_a_number_is_read_where_it_is_written_as_we_write_it(text: str | None) -> None:
    with pytest.raises(ValueError, match="as addresses write it"):
        whole(text)
    assert VersionForm(data={"version": text}).version.number == 0


def test_numbers_as_we_write_them() -> None:
    assert [whole(text) for text in ("0", "1", "10", "2147483647")] == [0, 1, 10, 2**31 - 1]
    assert VersionForm(data={"version": "12"}).version.number == 12


@pytest.mark.parametrize("text", OTHER_KEYS)
def test_a_key_is_read_where_it_is_written_as_we_write_it(text: str | None) -> None:
    with pytest.raises(ValueError, match="as addresses write it"):
        key_of(text)
    form = KeyForm(data={"key": text})
    assert not form.validate()
    assert form.key.errors == ["The form is damaged: open it again."]
    assert key_or(text, KEY) == KEY


def test_keys_as_we_write_them() -> None:
    assert key_of(str(KEY)) == key_of(str(KEY).upper()) == KEY
    form = KeyForm(data={"key": str(KEY)})
    assert form.validate()
    assert form.key.key == KEY
    assert KeyForm().key.key != KeyForm().key.key


class KeyForm(Form):  # type: ignore[misc]
    key = KeyField()


class VersionForm(Form):  # type: ignore[misc]
    version = VersionField()
