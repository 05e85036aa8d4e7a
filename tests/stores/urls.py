"""How a store's test module says where collections are."""

from collections.abc import Callable

from search_api.stores.base import Metric

MakeUrl = Callable[[Metric], str]
