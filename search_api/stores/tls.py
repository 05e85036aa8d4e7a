"""The certificate authority that a store URL names with ``?ca=``."""

import ssl
from pathlib import Path

from search_api.stores.base import StoreUnavailable


def check_authority(file: Path) -> None:
    """Raise StoreUnavailable unless ``file`` is a PEM certificate that a TLS connection can be checked with."""
    if not file.is_file():
        raise StoreUnavailable(f"There is no file {file}, which ?ca= names as the certificate authority.")
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        raise StoreUnavailable(
            f"{file}, which ?ca= names as the certificate authority, is not a readable PEM certificate."
        ) from error
