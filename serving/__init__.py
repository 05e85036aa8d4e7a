"""What both Flask services share: building an app, request ids, errors as JSON, body limits, logs, gunicorn.

Nothing here knows a model, an image or a store.
"""
