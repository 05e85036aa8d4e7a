"""Holds a service's answers against its OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

EXCLUDED = [
    positive_data_acceptance,  # a text that fits the schema is hardly ever an image, an id or a vector
    negative_data_rejection,  # more is taken than promised: numbers as texts, a box as a list, null for nothing
]

Real = Mapping[str, Mapping[str, Any]]


def asked(schema: Any, method: str, path: str, mode: GenerationMode, real: Real | None = None) -> set[int]:
    """Ask ``path`` many things, hold every answer against the document, and return the statuses that came.

    ``real`` has good values for ``body``, ``query`` and ``path_parameters`` by their names, as random ones hardly ever
    are an image or an id. For each of them Hypothesis chooses whether a request has the real value or the random one;
    where an answer breaks the promise, the report shows the request and what was chosen.
    """
    seen: set[int] = set()
    choices = {
        part: st.fixed_dictionaries(dict.fromkeys(values, st.booleans())) for part, values in (real or {}).items()
    }

    @settings(max_examples=30, derandomize=True, deadline=None, database=None)
    @given(case=schema[path][method].as_strategy(generation_mode=mode), is_real=st.fixed_dictionaries(choices))
    def ask(case: Any, is_real: Mapping[str, Mapping[str, bool]]) -> None:
        for part, values in (real or {}).items():
            chosen = {name: value for name, value in values.items() if is_real[part][name]}
            setattr(case, part, _with_values(getattr(case, part), chosen))
        answer = case.call()
        seen.add(answer.status_code)
        case.validate_response(answer, excluded_checks=EXCLUDED)

    ask()
    return seen


def _with_values(part: Any, values: Mapping[str, Any]) -> Any:
    """Return ``part`` of a request with ``values`` in the place of what it has under their names."""
    if not isinstance(part, dict):
        return part
    return {name: values.get(name, value) for name, value in part.items()}
