"""Explanations: what every atom contributes, latent charges, fields of a probe atom, surfaces."""
