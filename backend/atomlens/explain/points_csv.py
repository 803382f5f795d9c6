"""Points and their values as a table (CSV, RFC 4180 but for its line ends), with units in the header."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import TooLarge
from atomlens.explain.grid import Grid
from atomlens.explain.mesh import Mesh

#: A spreadsheet has 1,048,576 rows.
MAX_ROWS = 1_000_000
ROWS_A_BLOCK = 50_000


def mesh_csv(mesh: Mesh, what: str) -> str:
    """A surface's vertices: x, y, z in Å and the value there; what: the quantity, as it stands in the header."""
    return _header(what, mesh.unit) + _rows(mesh.positions, mesh.values)


def field_csv(
    grid: Grid, values: NDArray[np.floating], what: str, unit: str, look: Callable[[], None] = lambda: None
) -> str:
    """A field's grid points, z fastest, and its values (nx, ny, nz); look: called between blocks, may raise.

    Raises `TooLarge` beyond a million points: a cube file has room for them.
    """
    if grid.n_points > MAX_ROWS:
        raise TooLarge(
            f"The field has {grid.n_points:,} points; a table may have {MAX_ROWS:,}.",
            code="grid_too_large",
            field="format",
            hint=f"Take a cube file, or a coarser grid of at most {MAX_ROWS:,} points.",
        )
    parts = [_header(what, unit)]
    for block in grid.blocks(ROWS_A_BLOCK):
        look()
        parts.append(_rows(grid.points(block), values.ravel()[block]))
    return "".join(parts)


def _header(what: str, unit: str) -> str:
    # ASCII: a spreadsheet that guesses the encoding of a file guesses Å wrong
    return f"x_angstrom,y_angstrom,z_angstrom,{what}_{unit}\n"


def _rows(points: NDArray[np.floating], values: NDArray[np.floating]) -> str:
    table = np.column_stack([points, values]).astype(np.float64)
    return ("%.6f,%.6f,%.6f,%.7g\n" * len(table)) % tuple(table.ravel().tolist())
