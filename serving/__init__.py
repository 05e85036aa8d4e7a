"""What both Flask services share: the app factory, request ids, errors as JSON, body limits, logs, gunicorn.

Nothing here depends on models, images or stores.
"""
