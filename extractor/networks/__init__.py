"""Builds the Keras networks and puts their weights in. The only package beside the engines that imports Keras."""
