"""Why an image is refused, and the name of each reason in the services' error table."""

from collections.abc import Mapping
from types import MappingProxyType


class ImageError(ValueError):
    """The image cannot be used; the message says why and what to do."""


class EmptyImage(ImageError):
    """There are no bytes."""


class NotAnImage(ImageError):
    """The bytes are not an image of any known format, or its header is broken."""


class UnsupportedFormat(ImageError):
    """A known format or colour mode that is not supported."""


class TruncatedImage(ImageError):
    """The image ends early or is damaged."""


class ImageTooLarge(ImageError):
    """More bytes than allowed."""


class TooManyPixels(ImageError):
    """More pixels than allowed, by the header or by the memory there is."""


class BadBox(ImageError):
    """The box is not x,y,w,h or not inside the image."""


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
