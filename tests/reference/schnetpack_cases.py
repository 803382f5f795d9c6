"""The models that SchNetPack builds for the tests; see `schnetpack_models.build`."""

#: Free-atom energies of the imported models, eV.
ATOMREFS = {1: -13.6, 6: -1029.9, 7: -1485.3, 8: -2042.6}
SMALL = {"features": 32, "interactions": 3, "gaussians": 20, "cutoff": 5.0}
ENERGY, DIPOLE = SMALL | {"property": "energy"}, SMALL | {"property": "dipole"}
CASES = {
    # as this program's own networks are
    "same": SMALL | {"gaussians": 50, "property": "energy", "activation": "ssp", "seed": 1, "exact": True},
    "same-dipole": SMALL | {"gaussians": 50, "property": "dipole", "activation": "ssp", "seed": 2, "exact": True},
    # as SchNetPack makes them by default
    "energy": ENERGY | {"atomrefs": ATOMREFS, "mean": -4.2, "steps": 5, "forces": True},
    "dipole": DIPOLE | {"steps": 5},
    "magnitude": DIPOLE | {"steps": 5, "output": {"predict_magnitude": True}},
    # what may be chosen
    "narrow": ENERGY | {"filters": 20, "output": {"n_layers": 3, "n_hidden": [24, 8]}, "rbf": {"trainable": True}},
    "wide": ENERGY | {"filters": 48, "rbf": {"start": 0.5}, "activation": "ssp", "output": {"n_layers": 1}},
    # what is refused
    "painn": ENERGY | {"painn": True, "refused": True},
    "shared": ENERGY | {"shared": True, "refused": True},
    "mollifier": ENERGY | {"cutoff_function": "mollifier", "refused": True},
    "bessel": ENERGY | {"basis": "bessel", "refused": True},
    "centred": ENERGY | {"basis": "centred", "refused": True},
    "relu": ENERGY | {"activation": "relu", "refused": True},
    "average": ENERGY | {"output": {"aggregation_mode": "avg"}, "refused": True},
    "uncorrected": DIPOLE | {"output": {"correct_charges": False}, "refused": True},
}
