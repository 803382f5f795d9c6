"""Types of the arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class EnergyUnit(StrEnum):
    """Units in which a table may show energies."""

    EV = "eV"
    KCAL = "kcal/mol"
    KJ = "kJ/mol"
    HARTREE = "Ha"


class DrawnValues(StrEnum):
    """What a flat drawing may show of the atoms."""

    CONTRIBUTIONS = "contributions"
    ATOMIZATION = "atomization"
    CHARGES = "charges"


Input = Annotated[
    str, typer.Argument(metavar="INPUT", help="SMILES, a common name, or a .xyz .extxyz .sdf .mol .cif file")
]
ModelName = Annotated[str, typer.Option("--model", metavar="NAME", help="Name of a model; see `atomlens models`")]
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name of a model; see `atomlens models`")]
ModelNames = Annotated[list[str] | None, typer.Option("--model", metavar="NAME", help="This model; repeatable")]
TableUnit = Annotated[EnergyUnit, typer.Option("--unit", help="Unit of energies in the table")]
JsonFile = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write JSON to this file, or - for stdout")
]
ProbeElement = Annotated[str, typer.Option("--element", metavar="SYMBOL", help="Element of the probe atom")]
Spacing = Annotated[float, typer.Option("--spacing", help="Distance of grid points, Å")]
Margin = Annotated[float, typer.Option("--margin", help="Room around the molecule, Å")]
DataFolder = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="Folder of the data sets that it was trained on")
]
