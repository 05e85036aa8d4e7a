"""What can be done with a collection as a whole: open, create, drop, swap."""

from abc import ABC, abstractmethod
from typing import Self

from search_api.stores.base import Store


class CollectionAdmin(ABC):
    """The name of a collection in one engine, whether it exists or not. Every engine has a subclass."""

    @abstractmethod
    def open(self) -> Store:
        """Open the collection; raises StoreMissing or StoreUnavailable."""

    @abstractmethod
    def create(self, fingerprint: str, dim: int) -> Store:
        """Create the collection unless it exists, and open it, of whatever model and metric it is."""

    @abstractmethod
    def drop(self) -> None:
        """Delete the whole collection; raises StoreMissing. Stores that have it open become stale."""

    @abstractmethod
    def list_collections(self) -> list[str]:
        """Return the names of the collections beside this one, sorted; raises StoreUnavailable."""

    @abstractmethod
    def check_swap(self, other: Self) -> None:
        """Raise BadStoreUrl or StoreUnavailable unless the two can be swapped; ``other`` need not exist yet."""

    @abstractmethod
    def swap(self, other: Self) -> None:
        """Swap the collections behind this name and ``other``; stores that have one open become stale."""
