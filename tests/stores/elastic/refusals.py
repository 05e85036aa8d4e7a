"""How a store refuses: with one sentence that gives no secret away."""

from collections.abc import Callable

import pytest

from search_api.stores.base import StoreUnavailable
from tests.answers import assert_sentence
from tests.servers.elasticsearch import PASSWORD


def refusal(use: Callable[[], object], words: str, *, secret: str = PASSWORD) -> None:
    """Call ``use``; it fails with one sentence that gives no secret away."""
    with pytest.raises(StoreUnavailable, match=words) as caught:
        use()
    assert_sentence(str(caught.value))
    assert type(caught.value) is StoreUnavailable
    assert secret not in repr(caught.value)
