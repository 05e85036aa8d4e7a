"""docs/operations.md says what the tests have tried."""

from tests.paths import ROOT
from tests.stores.elastic.secure import CLUSTER, INGESTING, MANAGING, PATTERN, SEARCHING

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def test_the_roles_are_those_that_were_tried() -> None:
    assert f"| for | cluster | on `{PATTERN}` |" in OPERATIONS
    for privileges in (SEARCHING, INGESTING, MANAGING):
        assert f"| {listed(CLUSTER)} | {listed(privileges)} |" in OPERATIONS


def listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
