"""atomlens: look inside interpretable atomistic neural networks."""

__version__ = "0.1.0"
