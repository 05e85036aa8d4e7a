"""Kinds of parameters: each knows how a value is read and checked, and its JSON schema."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from search_api.web.validators import boolean, integer, number
from serving.errors import BadParameter
from wire.openapi import Schema


class Kind(Protocol):
    """What all values of a parameter have in common. The classes below implement it."""

    @property
    def schema(self) -> Schema:
        """Its JSON schema."""

    def parse(self, value: Any, name: str) -> Any:
        """Return the value of the parameter ``name``; raises BadParameter."""


@dataclass(frozen=True)
class Number:
    """A finite number from ``low`` to ``high``."""

    low: float
    high: float = math.inf

    @property
    def schema(self) -> Schema:
        bounds = {"minimum": self.low} | ({} if math.isinf(self.high) else {"maximum": self.high})
        return {"type": "number", **bounds}

    def parse(self, value: Any, name: str) -> float:
        return number(value, name, self.low, self.high)


@dataclass(frozen=True)
class Integer:
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int | None = None

    @property
    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.low} | ({} if self.high is None else {"maximum": self.high})

    def parse(self, value: Any, name: str) -> int:
        return integer(value, name, self.low, self.high)


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    @property
    def schema(self) -> Schema:
        return {"type": "boolean"}

    def parse(self, value: Any, name: str) -> bool:
        return boolean(value, name)


@dataclass(frozen=True)
class OneOf:
    """One of several words."""

    words: Sequence[str]

    @property
    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}

    def parse(self, value: Any, name: str) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise BadParameter(f"{name} is one of {', '.join(self.words)}.")
        return value


@dataclass(frozen=True)
class Parsed:
    """Whatever ``read`` makes of a value."""

    read: Callable[[Any], Any]
    schema: Schema

    def parse(self, value: Any, name: str) -> Any:
        return self.read(value)
