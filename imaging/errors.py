"""Why a picture was refused, and the name of each reason in the services' error table."""

from collections.abc import Mapping
from types import MappingProxyType


class PictureError(ValueError):
    """The picture cannot be used; the message says why and what to do."""


class EmptyImage(PictureError):
    """There are no bytes."""


class NotAnImage(PictureError):
    """The bytes are not a picture of any known format."""


class UnsupportedFormat(PictureError):
    """A known format or colour space that is not read here."""


class TruncatedImage(PictureError):
    """The picture begins well and then ends early or is damaged."""


class ImageTooLarge(PictureError):
    """More bytes than allowed."""


class TooManyPixels(PictureError):
    """More pixels than allowed, by the header's word."""


class BadBox(PictureError):
    """The box is not x,y,w,h inside the picture."""


ERROR_NAMES: Mapping[type[Exception], str] = MappingProxyType(
    {
        EmptyImage: "empty_image",
        NotAnImage: "not_an_image",
        UnsupportedFormat: "unsupported_format",
        TruncatedImage: "truncated_image",
        ImageTooLarge: "image_too_large",
        TooManyPixels: "too_many_pixels",
        BadBox: "bad_box",
    }
)
