"""Real networks: fidelity, hostile files, load, start and restart."""
