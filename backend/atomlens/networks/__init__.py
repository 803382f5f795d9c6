"""Atomistic neural networks: Behler–Parrinello with weighted symmetry functions, and SchNet."""
