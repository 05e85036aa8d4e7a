"""Holds a service's answers against its OpenAPI document."""

from typing import Any

from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

EXCLUDED = [
    positive_data_acceptance,  # a text that fits the schema is hardly ever an image, an id or a vector
    negative_data_rejection,  # more is taken than promised: numbers as texts, a box as a list, null for nothing
]


def asked(schema: Any, method: str, path: str, mode: GenerationMode) -> set[int]:
    """Ask ``path`` many things, hold every answer against the document, and say which statuses came."""
    seen: set[int] = set()

    @settings(max_examples=30, derandomize=True, deadline=None, database=None)
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call()
        seen.add(answer.status_code)
        case.validate_response(answer, excluded_checks=EXCLUDED)

    ask()
    return seen
