"""Losses of a gathered batch.

Energies: E(M) = Σ e_i against the target without references. Where only differences within a group are known
(`absolute` 0), the total does not count; differences from the mean of the parcel do, for every configuration. What a
geometry costs reaches hundreds of kcal/mol where a bond is pressed: there an error counts less, by
1 / (1 + cost / `SOFT_EV`), and that of a force by 1 / (1 + |F| / `SOFT_FORCE`). Where two levels of theory disagree
about the order of conformers, `Weights.minima` says how much more the level of the minima counts. What few
geometries show, as what it costs to turn a double bond, goes unheeded where errors count as they are: with
`Weights.far` large ones among displaced geometries count by their square.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from atomlens.training.accelerated.tables import Gathered, Tables
from atomlens.training.objective import SMOOTH_DEBYE
from atomlens.units import E_ANGSTROM_DEBYE

SOFT_EV = 2.0
#: What a displaced geometry costs up to which large errors can count by their square: a double bond turned costs less.
TURNED_EV = 5.0
#: eV/Å.
SOFT_FORCE = 4.0


@dataclass(frozen=True)
class Weights:
    """Of the parts of an energy's loss (absolute errors in eV and eV/Å); minima, displaced: of the differences there.

    far: eV; the error x of a geometry that is displaced, but not by more than `TURNED_EV`, counts as x + x² / (2 far);
    0: as it is.
    """

    absolute: float = 1.0
    relative: float = 5.0
    force: float = 1.0
    minima: float = 1.0
    displaced: float = 1.0
    far: float = 0.0


def _mean(values: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    return (values * weights).sum() / weights.sum().clamp(min=1.0)


def energy_loss(
    error: torch.Tensor,
    cost: torch.Tensor,
    absolute: torch.Tensor,
    present: torch.Tensor,
    weights: Weights,
    parcel: int,
) -> torch.Tensor:
    """Of totals and of differences within parcels.

    error: (K,) eV; cost: (K,) eV; absolute: (K,) how much the total counts; present: (K,) 1 or 0, whether there
    is a configuration at all; K a multiple of `parcel`.
    """
    soft = present / (1.0 + cost / SOFT_EV)
    count = present.sum().clamp(min=1.0)
    loss = weights.absolute * (error.abs() * soft * absolute).sum() / count
    if parcel > 1 and weights.relative > 0.0:
        # the mean counts geometries near the minimum most; a parcel of one has no difference
        within, shares = error.view(-1, parcel), soft.view(-1, parcel)
        mean = (within * shares).sum(1, keepdim=True) / shares.sum(1, keepdim=True).clamp(min=1e-6)
        several = (present.view(-1, parcel).sum(1, keepdim=True) > 1.5).float()
        lowest = cost.view(-1, parcel) == 0.0
        counts = torch.where(lowest, weights.minima, weights.displaced) * several
        apart = (within - mean).abs()
        if weights.far > 0.0:
            # of bonds that are pressed or torn errors are large, and would drown everything
            square = ~lowest & (cost.view(-1, parcel) < TURNED_EV)
            apart = torch.where(square, apart + apart.square() / (2.0 * weights.far), apart)
        loss = loss + weights.relative * (apart * shares * counts).sum() / count
    return loss


def component_loss(forces: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of components, eV/Å; atoms without forces (NaN) do not count. forces, target: (N, k)."""
    known = ~target.isnan().any(1)
    target = torch.where(known.unsqueeze(1), target, 0.0)
    soft = known.float() / (1.0 + target.norm(dim=1) / SOFT_FORCE)
    # by the atoms that have a force, not by their weights: pressed bonds are not to gain what they lose
    loss: torch.Tensor = ((forces - target).abs().mean(1) * soft).sum() / known.float().sum().clamp(min=1.0)
    return loss


def force_loss(tables: Tables, batch: Gathered, forces: torch.Tensor) -> torch.Tensor:
    """`component_loss` of a batch. forces: (N, 3)."""
    target = tables.of_atoms["forces"][batch.atoms]
    return component_loss(forces, torch.where(batch.real.unsqueeze(1), target, torch.nan))


def slope_loss(tables: Tables, batch: Gathered, slopes: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Of the change of energy along known directions, eV/Å. slopes: (R, K); rows: (R, K), NaN where unknown."""
    known = ~rows.isnan()
    target = torch.where(known, rows, 0.0)
    soft = known.float() / (1.0 + target.abs() / (3.0 * SOFT_FORCE))
    return ((slopes - target).abs() * soft).sum() / known.float().sum().clamp(min=1.0)


def dipole_vectors(batch: Gathered, raw: torch.Tensor) -> torch.Tensor:
    """(K, 3) debye of charges made neutral."""
    sizes = batch.summed(torch.ones_like(raw)).clamp(min=1.0)
    mean = torch.index_select(torch.cat([batch.summed(raw) / sizes, raw.new_zeros(1)]), 0, batch.place)
    return batch.summed((raw - mean).unsqueeze(1) * batch.positions) * E_ANGSTROM_DEBYE


def dipole_loss(tables: Tables, batch: Gathered, raw: torch.Tensor) -> torch.Tensor:
    """Mean error of the vectors (length of the difference), or of |μ| where vectors are unknown; debye."""
    piece, present = batch.chosen.clamp(min=0), (batch.chosen >= 0).float()
    vectors = dipole_vectors(batch, raw)
    if "dipole" in tables.of_configurations:
        apart = vectors - tables.of_configurations["dipole"][piece]
        error = torch.sqrt((apart**2).sum(1) + SMOOTH_DEBYE**2)
        return _mean(error, present / (1.0 + tables.of_configurations["cost"][piece] / SOFT_EV))
    length = torch.sqrt((vectors**2).sum(1) + SMOOTH_DEBYE**2)
    return _mean((length - tables.of_configurations["length"][piece]).abs(), present)
