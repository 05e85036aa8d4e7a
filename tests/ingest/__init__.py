"""Tests of scripts.ingest: a folder of images into a store, whatever happens meanwhile."""
