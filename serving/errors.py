"""Exceptions that any layer of a service may raise; :mod:`serving.error_responses` answers them. Knows no Flask."""


class BadParameter(ValueError):
    """A parameter has a value that is not allowed; the message names it and says what is."""


class NotFound(LookupError):
    """What the request names does not exist."""


class UnsupportedMediaType(ValueError):
    """The body's content type is not supported."""


class ServiceBusy(RuntimeError):
    """The service has too much to do; try again a little later."""
