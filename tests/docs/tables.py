"""The rows that the README's tables must have, made from the code."""

from pathlib import Path

from pydantic_settings import BaseSettings

_HOME = str(Path.home())


def settings_rows(settings: type[BaseSettings]) -> list[str]:
    """A row for every setting: its variable, its default, its meaning."""
    prefix = settings.model_config["env_prefix"]
    rows = []
    for name, field in settings.model_fields.items():
        default = "" if field.default is None else f"`{str(field.default).replace(_HOME, '$HOME')}`"
        rows.append(f"| `{prefix}{name.upper()}` | {default} | {field.description} |")
    return rows
