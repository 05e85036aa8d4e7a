"""The two tiers of tests: ``pytest -m "not full"`` needs Python and less than five minutes, ``-m full`` all the rest.

A test gets the mark ``full`` here and nowhere else, so that every test that is left out of the quick tier has a reason.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

REASONS = {
    "server": "needs Elasticsearch or Milvus",
    "browser": "needs Chromium",
    "container": "needs container images",
    "network": "needs a real network, weights or the shared photos",
    "slow": "was measured to take long: kills processes, waits for deadlines or starts many programs",
}

# What a test needs whose fixtures have one of these names.
FIXTURES: Mapping[str, str] = {
    "elasticsearch": "server",
    "plain_server": "server",
    "tls_server": "server",
    "secure": "server",
    "milvus": "server",
    "milvus_server": "server",
    "browser": "browser",
}
# What a test needs that is given one of these parameters.
PARAMETERS: Mapping[str, str] = {"any_url=server": "server"}
# What the tests need of these folders, files or single functions below tests/. The slow ones are chosen by figures.
PATHS: Mapping[str, str] = {
    "benchmarks/test_round_trip.py": "slow",
    "benchmarks/test_street.py": "slow",
    "containers": "container",
    "extractor/real": "network",
    "golden": "network",
    "ingest/test_elasticsearch_away.py": "server",
    "ingest/test_extractor_away.py": "slow",
    "ingest/test_killed.py": "slow",
    "scripts/test_demo.py": "slow",
    "search_api/jobs/test_job_events.py::test_a_service_ends_while_a_stream_is_open": "slow",
    "search_api/jobs/test_jobs_interrupted.py": "slow",
    "search_api/test_acceptance.py": "network",
    "search_api/test_engines_agree.py": "network",
    "search_api/test_photographs.py": "network",
    "stores/milvus/test_against_embedded.py": "slow",
    "stores/test_milvus_lite.py::test_every_threshold_counts_what_brute_force_counts": "slow",
    "stores/test_milvus_lite.py::test_many_threads_get_consistent_answers_while_one_writes": "slow",
    "stores/test_milvus_lite.py::test_pages_and_totals_are_those_of_brute_force": "slow",
    "stores/test_milvus_lite.py::test_pages_to_the_deepest_neither_overlap_nor_leave_gaps": "slow",
}

ALL_TESTS = pytest.StashKey[list[pytest.Item]]()


def reasons_of(item: pytest.Item) -> set[str]:
    """Return why ``item`` belongs to the full tier: names out of REASONS; none for the quick tier."""
    found = {FIXTURES[name] for name in getattr(item, "fixturenames", ()) if name in FIXTURES}
    parameters = item.callspec.params.items() if hasattr(item, "callspec") else ()
    found |= {PARAMETERS[pair] for name, value in parameters if (pair := f"{name}={value}") in PARAMETERS}
    path = item.path.relative_to(Path(__file__).parent)
    places = {str(path), *map(str, path.parents), f"{path}::{getattr(item, 'originalname', item.name)}"}
    return found | {PATHS[place] for place in places if place in PATHS}
