"""The quick tier leaves out what tests/tiers.py names, and nothing else."""

import pytest

from tests.paths import ROOT
from tests.tiers import ALL_TESTS, FIXTURES, PARAMETERS, PATHS, REASONS, reasons_of


def test_a_test_is_full_only_for_a_reason_that_the_tiers_name(request: pytest.FixtureRequest) -> None:
    """So nobody takes a slow test out of the quick tier in silence."""
    tests = request.config.stash[ALL_TESTS]
    marks = {test.nodeid: [set(mark.args) for mark in test.iter_markers("full")] for test in tests}
    wanted = {test.nodeid: [reasons] if (reasons := reasons_of(test)) else [] for test in tests}
    assert marks == wanted
    assert {*FIXTURES.values(), *PARAMETERS.values(), *PATHS.values()} <= set(REASONS)


def test_every_path_that_the_tiers_name_is_there() -> None:
    for place in PATHS:
        path, _, name = place.partition("::")
        assert (ROOT / "tests" / path).exists(), place
        sources = [file.read_text() for file in (ROOT / "tests" / path).parent.glob("*.py")]  # a contract has its own
        assert any(f"def {name}" in source for source in sources), place
