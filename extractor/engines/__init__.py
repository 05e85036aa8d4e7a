"""What runs a network. Each engine is imported only when it is chosen, because each drags a heavy runtime in."""
