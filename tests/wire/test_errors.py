"""The error table: clients branch on the names, and on the status of each."""

import pytest

from wire.errors import STATUS

# Written out again on purpose: this is the contract, and the table in wire/ is what has to agree with it.
CONTRACT = {
    400: "missing_image empty_image bad_base64 not_an_image unsupported_format truncated_image bad_box bad_parameter"
    " page_too_deep",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "model_mismatch confirm_mismatch",
    413: "image_too_large",
    415: "unsupported_media_type",
    422: "too_many_pixels no_features",
    429: "busy",
    500: "internal",
    503: "extractor_unavailable store_unavailable not_ready",
    504: "store_timeout",
}


def test_the_table_has_the_names_of_the_contract_each_with_its_status() -> None:
    assert dict(STATUS) == {name: status for status, names in CONTRACT.items() for name in names.split()}


def test_the_table_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        STATUS["busy"] = 200  # type: ignore[index]
