"""What both Flask services share."""
