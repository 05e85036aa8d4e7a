"""How a store refuses: with one sentence that gives no secret away."""

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from search_api.stores.base import StoreUnavailable
from tests.answers import assert_sentence


def refusal(use: Callable[[], object], words: str, *, secret: str = "correct horse") -> None:
    """Call ``use``; it fails with one sentence that gives no secret away."""
    with pytest.raises(StoreUnavailable, match=words) as caught:
        use()
    assert_sentence(str(caught.value))
    assert type(caught.value) is StoreUnavailable
    assert secret not in repr(caught.value)


def not_refused(uses: Mapping[str, Callable[[str], object]], url: str, words: str) -> dict[str, str]:
    """Return which of ``uses`` does not refuse ``url`` with ``words``, by name, and how it fails."""
    failures = {}
    for name, use in uses.items():
        try:
            refusal(partial(use, url), words)
        except (AssertionError, pytest.fail.Exception) as failure:
            failures[name] = str(failure)
    return failures
