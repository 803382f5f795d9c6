"""Compiled inner loops (numba). Plain torch or numpy references of the same mathematics stand beside their
callers; the tests hold the two equal."""
