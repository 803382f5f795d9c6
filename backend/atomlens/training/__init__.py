"""Training: data sets, recipes, the fit, its snapshots, the card."""
