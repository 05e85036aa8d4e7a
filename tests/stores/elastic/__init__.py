"""What is particular to the Elasticsearch store; that it keeps the contract is in tests/stores/test_elastic.py."""
