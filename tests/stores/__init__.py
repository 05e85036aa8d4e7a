"""Tests of the stores: one contract that every store keeps, and what is each store's own."""
