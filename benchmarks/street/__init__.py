"""The experiment of the published street-photo article: turned copies among photos, found by squared distance."""
