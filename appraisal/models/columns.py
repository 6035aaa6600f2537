"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import simplejson
from sqlalchemy import DateTime, Dialect, Enum, Numeric, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_WHOLE_DIGITS, _DECIMALS = 24, 6


class ExactDecimal(TypeDecorator[Decimal]):
    """Money to the last digit: NUMERIC where the database has it, text on SQLite, which would store a float."""

    impl = Numeric(_WHOLE_DIGITS + _DECIMALS, _DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else self.impl_instance)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not value.is_finite() or value.adjusted() >= _WHOLE_DIGITS:
            raise ValueError(f"{value} is not an amount of money")
        plain = format(value, "f")
        if len(plain.partition(".")[2].rstrip("0")) > _DECIMALS:
            raise ValueError(f"{plain} has more than {_DECIMALS} decimals")
        return plain if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


class DocumentText(str):
    """A document that is written already: it is stored as it stands."""

    __slots__ = ()


class ExactDocument(TypeDecorator[Any]):
    """A JSON document as text, its decimals kept exactly."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None or isinstance(value, DocumentText):
            return None if value is None else str(value)
        return simplejson.dumps(value, use_decimal=True, allow_nan=False, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else simplejson.loads(value, use_decimal=True)


class Moment(TypeDecorator[datetime]):
    """A point in time, always with its zone; stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a point in time needs its zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def vocabulary(choices: type[StrEnum], *, name: str) -> Enum:
    """An enumeration stored by its values, checked by the database as well."""
    values: Callable[[type[StrEnum]], list[str]] = lambda kind: [member.value for member in kind]  # noqa: E731
    return Enum(
        choices, name=name, native_enum=False, create_constraint=True, validate_strings=True, values_callable=values
    )
