"""Where a collection is or is to be: what one can do with it before it is open."""

from abc import ABC, abstractmethod
from typing import Self

from search_api.stores.base import Store


class CollectionAdmin(ABC):
    """One collection's place in one engine."""

    @abstractmethod
    def open(self) -> Store:
        """Open what is there; raises StoreMissing or StoreUnavailable."""

    @abstractmethod
    def create(self, fingerprint: str, dim: int) -> Store:
        """Create the collection if it is not there, and open it, whatever model and metric it is of."""

    @abstractmethod
    def drop(self) -> None:
        """Delete the whole collection; services that have it open notice."""

    @abstractmethod
    def list_collections(self) -> list[str]:
        """The names of the collections beside this one, which is named by itself, sorted; raises StoreUnavailable."""

    @abstractmethod
    def check_swap(self, other: Self) -> None:
        """Raise BadStoreUrl or StoreUnavailable unless the two could change places; ``other`` may be empty yet."""

    @abstractmethod
    def swap(self, other: Self) -> None:
        """Let this place and ``other`` change their collections; services that have one open go over to the other."""
