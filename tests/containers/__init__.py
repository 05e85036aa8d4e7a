"""The images and the compose file, really built and run, without a container engine's daemon and without a registry.

Needs Debian 12, root, and the package indexes (make test-containers); everything is skipped with a reason elsewhere.
"""
