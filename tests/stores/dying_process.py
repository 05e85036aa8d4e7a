"""A process that is killed inside of a write: ``python -m tests.stores.dying_process URL``.

It replaces the paths ``0.jpg`` to ``9.jpg``, and is killed when the sixth has just been written.
"""

import os
import signal
import sys
from collections.abc import ItemsView
from dataclasses import replace

from search_api.stores import open_store
from search_api.stores.base import MetadataValue
from tests.stores.samples import record


class _Deadly(dict[str, MetadataValue]):
    """The store asks for items only after the record's own row is written."""

    def items(self) -> ItemsView[str, MetadataValue]:  # type: ignore[override]
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("SIGKILL cannot be survived")


def main(url: str) -> None:
    records = [record(f"{number}.jpg", [0, 1, 0, 0], version=2) for number in range(10)]
    records[5] = replace(records[5], metadata=_Deadly(version=2))
    open_store(url).upsert(records)


if __name__ == "__main__":
    main(sys.argv[1])
