"""What the other side of a socket can see."""
