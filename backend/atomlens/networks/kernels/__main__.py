"""`python -m atomlens.networks.kernels` compiles every kernel into numba's cache (NUMBA_CACHE_DIR), so that no
later process waits for it: at set-up, and when the image is built."""

from __future__ import annotations

import numpy as np

from atomlens.networks.kernels import activation, convolution, half, neighbors, pairs, symmetry_functions


def compile_all() -> None:
    """Call every kernel with the types that the program gives it: water, in both precisions."""
    positions = np.array([[0.0, 0.0, 0.119], [0.0, 0.763, -0.477], [0.0, -0.763, -0.477]])
    molecules = np.array([0, 3])
    offsets, neighbours, distances = neighbors.molecule_pairs(positions, molecules, 5.0)
    lattice = np.array([np.eye(3) * 4.0])
    neighbors.crystal_pairs(positions, molecules, lattice, np.linalg.inv(lattice), np.full((1, 3), 4.0), 5.0)
    neighbors.within_reach(positions, positions, 5.0, np.empty(3, np.int64))
    neighbors.nearest(positions + 1.0, positions, np.ones(3), 5.0)
    for dtype in (np.float32, np.float64):
        x, table = np.ones((3, 4), dtype), np.ones((19, 4), dtype)
        convolution.convolve_points(positions + 1.0, positions, x, table, 0.3125, np.ones((3, 4), dtype))
        pairs.convolve_molecules(x, table, molecules, offsets, neighbours, distances, 0.3125)
        pairs.molecule_gradients(x, x, table, molecules, offsets, neighbours, distances, 0.3125, 1)
        convolution.distance_gradient(x, x, table, molecules, offsets, neighbours, distances, 0.3125)
    activation.shifted_softplus(np.ones(4, np.float32))
    activation.soften(np.ones((2, 4), np.float32), np.ones(4, np.float32))
    singles, halves = np.ones((2, 4), np.float32), np.ones((2, 4), np.uint16)
    half.shift(singles, singles[0], singles, halves)
    half.soften(singles, singles[0], halves, halves)
    half.round_and_sum(singles, halves)
    half.scale_and_sum(halves, halves)
    half.add(singles, halves)
    functions = (np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 2)), 5.0)
    symmetry_functions.molecule_functions(np.ones(3), positions, molecules, *functions)
    symmetry_functions.shares_of_pairs(np.ones(3), positions, np.ones((3, 6)), *functions)
    symmetry_functions.slopes_by_distance(np.ones(3), positions, np.ones((3, 6)), *functions)
    for dtype in (np.float32, np.float64):
        table = np.ones((19, 2 * symmetry_functions.LANES), dtype)
        places = (positions + 1.0, np.ones(3), positions)
        symmetry_functions.point_functions(*places, table, symmetry_functions.LANES, *functions[1:])


if __name__ == "__main__":
    compile_all()
