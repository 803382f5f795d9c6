"""The name of a surface as a file, apart from what makes it: who only asks need not load that."""

from __future__ import annotations


def surface_name(
    stem: str,
    field: str,
    level: float | None,
    unit: str,
    *,
    both_signs: bool,
    envelope: float | None,
    by: str | None,
    less: str | None = None,
) -> str:
    """What the file of a surface is called, without its ending, and what stands in it.

    stem: of the molecule; field, by: model, quantity and element of the field, and of the one whose values colour it
    where that is another; level: of an isosurface, in `unit`; envelope: else; less: the model whose values are
    subtracted.
    """
    if level is None:
        cut = f"envelope{envelope:.4g}"
    else:
        cut = f"isovalue{f'+-{abs(level):.4g}' if both_signs else f'{level:.4g}'}{unit}"
    parts = [
        stem,
        field,
        cut,
        *([] if by is None else [f"by_{by}"]),
        *([] if less is None else [f"difference_from_{less}"]),
    ]
    return "_".join(parts)
