"""The page's messages: one JSON file a language, used by the shell and by the modules in the browser."""

import json
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Messages:
    """The messages of one language by key; a key that ends in ``.one`` or ``.other`` is for one or for many."""

    language: str
    by_key: dict[str, str]

    def __call__(self, key: str, count: int | None = None) -> str:
        """Return the message of ``key``, with ``count`` put in."""
        if count is None:
            return self.by_key[key]
        message = self.by_key[f"{key}.one" if count == 1 else f"{key}.other"]
        return message.replace("{count}", f"{count:,}")


def read_messages(language: str) -> Messages:
    """Return the messages of ``language``, one of :data:`LANGUAGES`."""
    path = Path(__file__).with_name(f"{language}.json")
    return Messages(language, json.loads(path.read_text(encoding="utf-8")))
