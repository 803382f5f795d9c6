"""The environment of an atom as a chemist names it: by its element and the functional group that it is part of.

An environment is a SMARTS pattern (Daylight's language) of one atom. Of each element the patterns are tried in order,
and the first that fits names the atom, so that the special ones stand before the general ones; an atom that none fits
is in `OTHER`. Patterns see elements, bond orders, aromaticity, rings and hydrogens, but no formal charges: bonds that
were perceived from a geometry carry none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from atomlens.chem.constitution import Bonds, quiet
from atomlens.chem.elements import NUMBERS

OTHER: Final = "other"


#: Of an aromatic carbon that no second aromatic ring is fused at by a bond that is single, as RDKit has azulene's.
_UNFUSED: Final = "".join(f";!$(c1-a{':a' * between}:1)" for between in range(3, 7))


def _of_halogen(symbol: str) -> dict[str, str]:
    """Patterns of fluorine, chlorine or bromine, by what it stands on."""
    return {
        "aryl": f"[{symbol};$({symbol}c)]",
        "alkyl": f"[{symbol};$({symbol}[CX4])]",
        "vinyl or acyl": f"[{symbol};$({symbol}[#6])]",
        "on nitrogen or oxygen": f"[{symbol};$({symbol}[#7,#8])]",
        "on sulfur or phosphorus": f"[{symbol};$({symbol}[#15,#16])]",
        "hydrogen halide": f"[{symbol}H1]",
        "halogen molecule": f"[{symbol};$({symbol}[F,Cl,Br,I])]",
    }


#: Patterns by name, by element, in the order in which they are tried.
ATOM_GROUPS: Final[dict[str, dict[str, str]]] = {
    "H": {
        "of water": "[#1;$([#1][OX2H2])]",
        "of carboxylic acid": "[#1;$([#1][OX2][CX3]=O)]",
        "of cyanic, imidic or thio acid": "[#1;$([#1][OX2]C#N),$([#1][OX2][CX3]=[#7,#16])]",
        "of alcohol": "[#1;$([#1][OX2][CX4])]",
        "of phenol or enol": "[#1;$([#1][OX2][#6])]",
        "of O–O–H": "[#1;$([#1][OX2][OX2])]",
        "of nitric or nitrous acid": "[#1;$([#1][OX2][#7;!$([#7]~[#6])]~[OX1])]",
        "of oxime, hydroxylamine or hydroxamic acid": "[#1;$([#1][OX2][#7])]",
        "of sulfur or phosphorus acid": "[#1;$([#1][OX2][#15,#16])]",
        "of other O–H": "[#1;$([#1][#8])]",
        "of amide": "[#1;$([#1][NX3][CX3]=O)]",
        "of thioamide or thiourea": "[#1;$([#1][NX3][CX3]=S)]",
        "of sulfonamide": "[#1;$([#1][NX3][SX4])]",
        "of phosphoramide or aminophosphine": "[#1;$([#1][NX3][#15])]",
        "of aromatic N–H": "[#1;$([#1]n)]",
        "of imine": "[#1;$([#1][NX2]=[#6,#16])]",
        "of hydrazine or hydroxylamine": "[#1;$([#1][NX3][#7,#8])]",
        "of aniline, enamine or amidine": "[#1;$([#1][NX3][#6;!$([CX4])])]",
        "of amine": "[#1;$([#1][NX3])]",
        "of other N–H": "[#1;$([#1][#7])]",
        "of S–H": "[#1;$([#1][#16])]",
        "of P–H": "[#1;$([#1][#15])]",
        "of hydrogen halide": "[#1;$([#1][F,Cl,Br,I])]",
        "of hydrogen molecule": "[#1;$([#1][#1])]",
        "on aromatic carbon": "[#1;$([#1]c)]",
        "on carbonyl carbon": "[#1;$([#1][CX3]=O)]",
        "on nitrile carbon": "[#1;$([#1][CX2]#N)]",
        "on alkyne carbon": "[#1;$([#1][CX2])]",
        "on alkene or imine carbon": "[#1;$([#1][CX3])]",
        "on three-membered ring": "[#1;$([#1][CX4r3])]",
        "on carbon beside oxygen": "[#1;$([#1][CX4][#8])]",
        "on carbon beside nitrogen": "[#1;$([#1][CX4][#7])]",
        "on carbon beside halogen": "[#1;$([#1][CX4][F,Cl,Br,I])]",
        "on carbon beside sulfur or phosphorus": "[#1;$([#1][CX4][#15,#16])]",
        "on methyl": "[#1;$([#1][CX4;H3,H4])]",
        "on methylene": "[#1;$([#1][CX4H2])]",
        "on methine": "[#1;$([#1][CX4H1])]",
    },
    "C": {
        "nitrile": "[CX2;$(C#[NX1])]",
        "isocyanide": "[CX1;$(C#[#7])]",
        "alkyne": "[CX2;$(C#C)]",
        "phosphaalkyne": "[CX2;$(C#[#15])]",
        "carbon dioxide or disulfide": "[CX2;$(C(=[OX1,SX1])=[OX1,SX1])]",
        "isocyanate or isothiocyanate": "[CX2;$(C(=[#7])=[OX1,SX1])]",
        "cumulene": "[CX2;$(C(=*)=*)]",
        "aromatic C–H": "[cX3H1]",
        "aromatic, carbonyl": "[cX3;$(c=[OX1,SX1])]",
        "aromatic, with exocyclic double bond": "[cX3;$(c=[#6,#7])]",
        "aromatic, substituted": f"[cX3;$(c-[!#1]){_UNFUSED}]",
        "aromatic, ring fusion": "[cX3]",
        "carbonate, carbamate or urea": "[CX3;$(C(=O)([#7,OX2])[#7,OX2])]",
        "haloformate or carbamoyl halide": "[CX3;$(C(=O)([#7,OX2])[F,Cl,Br,I])]",
        "carboxylic acid": "[CX3;$(C(=O)[OX2H])]",
        "carboxylate": "[CX3;$(C(~[OX1])~[OX1])]",
        "peracid or acyl peroxide": "[CX3;$(C(=O)[OX2][OX2])]",
        "ester or anhydride": "[CX3;$(C(=O)[OX2])]",
        "amide": "[CX3;$(C(=O)[#7])]",
        "acyl halide": "[CX3;$(C(=O)[F,Cl,Br,I])]",
        "thioester": "[CX3;$(C(=O)[#16])]",
        "aldehyde": "[CX3;H1,H2;$(C=[OX1])]",
        "ketone": "[CX3;$(C(=O)([#6])[#6])]",
        "other carbonyl": "[CX3;$(C=[OX1])]",
        "thiocarbonyl": "[CX3;$(C=[SX1])]",
        "diazo": "[CX3;$(C=[#7]=[#7])]",
        "imine, amidine or oxime": "[CX3;$(C=[#7])]",
        "alkene": "[CX3;$(C=C)]",
        "ylide or phosphaalkene": "[CX3;$(C=[#15,#16])]",
        "three-membered ring": "[CX4r3]",
        "four-membered ring": "[CX4r4]",
        "with fluorine": "[CX4;$(C-F)]",
        "with chlorine or bromine": "[CX4;$(C-[Cl,Br,I])]",
        "alcohol": "[CX4;$(C-[OX2H])]",
        "ether or ester, O–C": "[CX4;$(C-[#8])]",
        "beside nitrogen": "[CX4;$(C-[#7])]",
        "beside sulfur or phosphorus": "[CX4;$(C-[#15,#16])]",
        "methyl": "[CX4;H3,H4]",
        "methylene": "[CX4H2]",
        "methine": "[CX4H1]",
        "quaternary": "[CX4H0]",
    },
    "N": {
        "nitrile": "[NX1;$(N#C)]",
        "azide, diazo or isocyanide": (
            "[NX1,NX2;$([NX1]=[NX2]),$(N=[NX2]=*),$(N#[NX2]),$(N(=*)=*),$(N(#C)-*),$([NX2]=[NX2]=[NX1]),$([NX2](~[NX1])~[OX1])]"
        ),
        "nitro": "[NX3;$(N(~[OX1])~[OX1])]",
        "sulfonamide": "[#7;$([#7]-[#16X4])]",
        "aromatic, pyridine-like": "[nX2]",
        "N-oxide": "[#7X3,#7X4;$([#7]~[OX1])]",
        "aromatic, pyrrole-like": "[nX3]",
        "azo": "[NX2;$(N=N)]",
        "nitroso": "[NX2;$(N=[OX1])]",
        "oxime": "[NX2;$(N-[#8])]",
        "isocyanate or isothiocyanate": "[NX2;$(N=C=[OX1,SX1])]",
        "sulfoximine or sulfilimine": "[NX2;$(N=[#16])]",
        "imine or amidine": "[NX2;$(N=*)]",
        "ammonium": "[NX4]",
        "amide": "[NX3;$(N-[CX3]=O)]",
        "thioamide or thiourea": "[NX3;$(N-[CX3]=S)]",
        "phosphoramide or aminophosphine": "[NX3;$(N-[#15])]",
        "hydrazine, nitrosamine or nitramine": "[NX3;$(N-[#7])]",
        "hydroxylamine": "[NX3;$(N-[#8])]",
        "three-membered ring": "[NX3r3]",
        "aniline": "[NX3;$(N-c)]",
        "cyanamide or ynamine": "[NX3;$(N-[CX2])]",
        "enamine or amidine": "[NX3;$(N-[CX3]=*)]",
        "with halogen": "[NX3;$(N-[F,Cl,Br,I])]",
        "ammonia or primary amine": "[NX3;H2,H3]",
        "secondary amine": "[NX3H1]",
        "tertiary amine": "[NX3H0]",
    },
    "O": {
        "water": "[OX2H2]",
        "of nitrous oxide": "[OX1;$(O~[#7]~[#7X1])]",
        "nitroso": "[OX1;$(O=[NX2])]",
        "nitro or N-oxide": "[OX1;$(O~[#7])]",
        "on sulfur": "[OX1;$(O~[#16])]",
        "on phosphorus": "[OX1;$(O~[#15])]",
        "carboxylate": "[OX1;$(O~[CX3]~[OX1])]",
        "carbonyl of haloformate or carbamoyl halide": "[OX1;$(O=C([#7,OX2])[F,Cl,Br,I])]",
        "carbonyl of amide": "[OX1;$(O=C-[#7]),$(O=c:n)]",
        "carbonyl of acid": "[OX1;$(O=C-[OX2H])]",
        "carbonyl of peracid or acyl peroxide": "[OX1;$(O=C-[OX2][OX2])]",
        "carbonyl of ester or anhydride": "[OX1;$(O=C-[#8]),$(O=c:o)]",
        "carbonyl of acyl halide": "[OX1;$(O=C-[F,Cl,Br,I])]",
        "carbonyl of thioester": "[OX1;$(O=[CX3]-[#16]),$(O=c:s)]",
        "of carbon dioxide": "[OX1;$(O=C=[O,S])]",
        "of ketene or isocyanate": "[OX1;$(O=C=*)]",
        "carbonyl of aldehyde": "[OX1;$(O=[CX3;H1,H2])]",
        "carbonyl of ketone": "[OX1;$(O=[#6X3]([#6])[#6])]",
        "other carbonyl": "[OX1;$(O=[#6X3])]",
        "aromatic, furan-like": "[oX2]",
        "hydroxyl of hydroperoxide or peracid": "[OX2H1;$(O-[OX2H0])]",
        "hydroxyl of acid": "[OX2H1;$(O-C=O)]",
        "hydroxyl of cyanic, imidic or thio acid": "[OX2H1;$(O-C#N),$(O-[CX3]=[#7,#16])]",
        "alcohol": "[OX2H1;$(O-[CX4])]",
        "phenol or enol": "[OX2H1;$(O-[#6])]",
        "epoxide": "[OX2r3;$(O(-[#6])-[#6])]",
        "peroxide": "[OX2;$(O-[OX2])]",
        "ester or anhydride, single bond": "[OX2;$(O-C=O)]",
        "single bond to phosphorus": "[OX2;$(O-[#15])]",
        "single bond to sulfur": "[OX2;$(O-[#16])]",
        "beside nitrogen": "[OX2;$(O-[#7])]",
        "on halogen": "[OX2;$(O-[F,Cl,Br,I])]",
        "cyanate, imidate or thionoester": "[OX2;$(O-C#N),$(O-[CX3]=[#7,#16])]",
        "aryl or vinyl ether": "[OX2;$(O-[#6;!$([CX4])])]",
        "ether": "[OX2;$(O(-[CX4])-[CX4])]",
    },
    "F": {
        "in CF3": "[F;$(FC(F)F)]",
        **_of_halogen("F"),
    },
    "P": {
        "aromatic": "[p;$(p:[!#15])]",
        "phosphaalkyne": "[PX1;$(P#C)]",
        "phosphate or phosphonate": "[PX4;$(P(=O)-[#8])]",
        "phosphine oxide": "[PX4;$(P(=O)(-[#6,#1])(-[#6,#1])-[#6,#1])]",
        "other phosphoryl": "[PX4;$(P=O)]",
        "thiophosphoryl": "[PX4;$(P=S)]",
        "ylide or iminophosphorane": "[PX4;$(P=[#6,#7])]",
        "with five or six bonds": "[PX5,PX6]",
        "with halogen": "[PX3;$(P-[F,Cl,Br,I])]",
        "phosphite or phosphonite": "[PX3;$(P-[#8])]",
        "beside nitrogen": "[PX3;$(P-[#7])]",
        "beside sulfur": "[PX3;$(P-[#16])]",
        "phosphine": "[PX3;$(P(-[#6,#1])(-[#6,#1])-[#6,#1])]",
        "beside phosphorus": "[#15X3;$([#15]~[#15])]",
        "with double bond": "[PX2;$(P=*)]",
    },
    "S": {
        "aromatic, thiophene-like": "[sX2]",
        "thiol or hydrogen sulfide": "[SX2;H1,H2]",
        "sulfur dioxide": "[SX2;$(S(~[OX1])~[OX1])]",
        "beside sulfinyl or sulfonyl": "[SX2;$(S-[SX3,SX4])]",
        "polysulfide": "[SX2;$(S(-S)-S)]",
        "disulfide": "[SX2;$(S-S)]",
        "thioester or thiocyanate": "[SX2;$(S-C=[O,S]),$(S-C#N)]",
        "thioether": "[SX2;$(S(-[#6])-[#6])]",
        "sulfenyl": "[SX2;$(S-[#7,#8,#15,F,Cl,Br,I])]",
        "thiocarbonyl": "[SX1;$(S=[#6])]",
        "on phosphorus": "[SX1;$(S~[#15])]",
        "sulfoximine or sulfilimine": "[SX3,SX4;$(S(=N)(-[#6])-[#6])]",
        "sulfonamide": "[SX4;$(S(=O)(=O)-[#7])]",
        "sulfone": "[SX4;$(S(=O)(=O)(-[#6])-[#6])]",
        "sulfonate or sulfate": "[SX4;$(S(=O)(=O)-[#8])]",
        "other sulfonyl": "[SX4;$(S(=O)=O)]",
        "sulfoxide": "[SX3;$(S(~[OX1])(-[#6])-[#6])]",
        "sulfur trioxide": "[SX3;$(S(~[OX1])(~[OX1])~[OX1])]",
        "other sulfinyl": "[SX2,SX3;$(S~[OX1])]",
        "hypervalent, with halogen": "[SX4,SX5,SX6;$(S-[F,Cl])]",
    },
    "Cl": _of_halogen("Cl"),
    "Br": _of_halogen("Br"),
}


@cache
def _patterns() -> dict[int, list[tuple[str, Chem.Mol]]]:
    return {
        NUMBERS[symbol]: [(name, Chem.MolFromSmarts(smarts)) for name, smarts in groups.items()]
        for symbol, groups in ATOM_GROUPS.items()
    }


def groups_of_atoms(numbers: NDArray[np.int64] | Sequence[int], bonds: Bonds) -> list[str]:
    """The environment of every atom, a name among `ATOM_GROUPS` of its element or `OTHER`.

    numbers: (n_atoms,) atomic numbers, hydrogens among them; bonds: (first, second, order), 1.5 where aromatic.
    """
    listed = [int(z) for z in numbers]
    mol = graph(listed, bonds)
    found = [OTHER] * len(listed)
    for z in set(listed) & _patterns().keys():
        for name, pattern in _patterns()[z]:
            for (atom,) in mol.GetSubstructMatches(pattern, maxMatches=len(listed)):
                if found[atom] == OTHER:
                    found[atom] = name
    return found


def graph(numbers: Sequence[int], bonds: Bonds) -> Chem.Mol:
    """Atoms and bonds as they are, neither checked nor completed: patterns need no more."""
    mol = Chem.RWMol()
    for z in numbers:
        bare = Chem.Atom(z)
        bare.SetNoImplicit(True)
        mol.AddAtom(bare)
    for first, second, order in bonds:
        mol.AddBond(int(first), int(second), _ORDERS.get(float(order), Chem.BondType.SINGLE))
        if order == 1.5:
            for atom in (first, second):
                mol.GetAtomWithIdx(int(atom)).SetIsAromatic(True)
            mol.GetBondBetweenAtoms(int(first), int(second)).SetIsAromatic(True)
    with quiet():
        mol.UpdatePropertyCache(strict=False)
        Chem.GetSymmSSSR(mol)
    return mol


_ORDERS: Final = {
    1.0: Chem.BondType.SINGLE,
    1.5: Chem.BondType.AROMATIC,
    2.0: Chem.BondType.DOUBLE,
    3.0: Chem.BondType.TRIPLE,
}
