"""What the other side of a socket can see: envelope, error table, extraction protocol.

If the other side cannot see it, it does not belong here. Nothing in this package knows Flask, a model or a store.
"""
