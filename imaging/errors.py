"""Why a picture was refused. Each class is one name of the error table."""


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
