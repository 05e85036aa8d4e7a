"""The rows that tables of the reference must have, made from the code."""

import re
import tomllib
from pathlib import Path

from pydantic_settings import BaseSettings

from extractor.models import MODELS
from search_api.web import parameters
from tests.paths import ROOT

_HOME = str(Path.home())


def settings_rows(settings: type[BaseSettings]) -> list[list[str]]:
    """Return variable, default and meaning of every setting."""
    prefix = settings.model_config["env_prefix"]
    return [
        [f"`{prefix}{name.upper()}`", _as_code(field.default), str(field.description)]
        for name, field in settings.model_fields.items()
    ]


def parameter_rows() -> list[list[str]]:
    """Return name, default and meaning of every parameter of a search."""
    return [[f"`{one.name}`", _as_words(one.default), one.description] for one in parameters.SEARCH_PARAMETERS]


def model_rows() -> list[list[str]]:
    """Return name, dimensions, pooling, suggested threshold and source of weights of every model."""
    return [
        [f"`{model.name}`", str(model.dim), model.pooling, f"{model.suggested_threshold:.2f}", model.weights_note]
        for model in MODELS.values()
    ]


def extras() -> list[str]:
    """Return the extras of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return list(project["optional-dependencies"])


def make_targets() -> list[str]:
    """Return the targets that ``make help`` lists."""
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def _as_code(default: object) -> str:
    return "" if default is None else f"`{str(default).replace(_HOME, '$HOME')}`"


def _as_words(default: object) -> str:
    return "none" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
