"""Reads a service's settings from the environment, and says in one sentence what is wrong with them."""

import sys
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

S = TypeVar("S", bound=BaseSettings)


def read_settings(kind: type[S]) -> S:
    """Return the settings from the environment; exits with status 2 when one is wrong."""
    try:
        return kind()
    except ValidationError as error:
        sys.stderr.write(f"{settings_problem(error)}\n")
        sys.exit(2)


def settings_problem(error: ValidationError) -> str:
    """Return one sentence for all settings that are wrong."""
    problems = "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
    return f"A setting is wrong: {problems}."
