"""Tests of scripts.ingest: a folder of pictures into a store, whatever happens meanwhile."""
