"""Physical constants and conversions, each with its source.

Inside the program energies are in eV, lengths in Å, charges in e; dipole moments are in debye where they
leave it. Sources:

- CODATA 2018 (Tiesinga, Mohr, Newell, Taylor, Rev. Mod. Phys. 93, 025010 (2021)): hartree in eV,
  bohr radius in Å, elementary charge, Avogadro constant (exact), speed of light (exact).
- thermochemical calorie: 4.184 J, exact (ISO 80000-5).
- free-atom energies: the file ``atomref.txt`` of QM9 (Ramakrishnan et al., Sci. Data 1, 140022 (2014)),
  column U at 0 K, B3LYP/6-31G(2df,p).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

ELEMENTARY_CHARGE_C: Final = 1.602176634e-19
AVOGADRO_PER_MOL: Final = 6.02214076e23
SPEED_OF_LIGHT_M_PER_S: Final = 299_792_458.0

HARTREE_EV: Final = 27.211386245988
BOHR_ANGSTROM: Final = 0.529177210903
CALORIE_J: Final = 4.184

#: kJ/mol in one eV: e N_A / 1000
EV_KJ_PER_MOL: Final = ELEMENTARY_CHARGE_C * AVOGADRO_PER_MOL / 1000.0
#: kcal/mol in one eV
EV_KCAL_PER_MOL: Final = EV_KJ_PER_MOL / CALORIE_J
#: debye in one e·Å: 1 D = 1e-21/c C·m (c in m/s), so e·Å = e·1e-10·c/1e-21 D
E_ANGSTROM_DEBYE: Final = ELEMENTARY_CHARGE_C * 1e-10 * SPEED_OF_LIGHT_M_PER_S / 1e-21
#: debye in one atomic unit of the dipole moment
ATOMIC_UNIT_DEBYE: Final = BOHR_ANGSTROM * E_ANGSTROM_DEBYE

#: Energies of the free atoms in eV, B3LYP/6-31G(2df,p), by atomic number (H, C, N, O, F)
FREE_ATOM_ENERGIES_B3LYP_EV: Final = MappingProxyType(
    {
        1: -0.500273 * HARTREE_EV,
        6: -37.846772 * HARTREE_EV,
        7: -54.583861 * HARTREE_EV,
        8: -75.064579 * HARTREE_EV,
        9: -99.718730 * HARTREE_EV,
    }
)

#: How many of each unit make one eV
ENERGY_UNITS_PER_EV: Final = MappingProxyType(
    {"eV": 1.0, "kcal/mol": EV_KCAL_PER_MOL, "kJ/mol": EV_KJ_PER_MOL, "Ha": 1.0 / HARTREE_EV}
)
