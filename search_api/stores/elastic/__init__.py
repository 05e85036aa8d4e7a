"""The Elasticsearch store: one index per collection, exact search by script_score, ann search by kNN."""
