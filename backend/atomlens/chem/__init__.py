"""Molecules: reading them, checking them, giving them a geometry. The only package that imports RDKit."""
