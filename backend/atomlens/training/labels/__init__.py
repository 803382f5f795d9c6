"""Labels away from the minima: the training data of the `organic` models.

Absolute energies are B3LYP-D3BJ/DZVP: those of the OpenFF conformers, and of small molecules that the set lacks,
computed at its level (`dft`). About such an *anchor* x₀ the geometry is displaced (`displace`), and GFN2-xTB (`xtb`)
gives what the displacement costs, E(x) − E(x₀), and the forces. Anchors whose energy is not known at all (pieces of
larger molecules) teach differences and forces alone.

    molecules -> plan (which anchors) -> displaced (xTB, chunk by chunk) + dft (anchors) -> assemble (one file)

Every stage is resumable: what lies in the folder of the run is not made again.
"""
