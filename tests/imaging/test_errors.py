"""Every reason why an image is refused has its name in the services' error table."""

from imaging.errors import ERROR_NAMES, ImageError
from wire.errors import STATUS


def test_every_reason_has_a_name_of_its_own() -> None:
    assert set(ERROR_NAMES) == set(ImageError.__subclasses__())
    assert len(set(ERROR_NAMES.values())) == len(ERROR_NAMES)


def test_every_name_is_a_callers_mistake_in_the_contract() -> None:
    assert all(400 <= STATUS[name] < 500 for name in ERROR_NAMES.values())
