"""The fit on an accelerator: plain torch operations, one CUDA graph a step.

The compiled kernels of `networks` are for the processor and are differentiable once. Here the same networks, with the
same weights, are written in operations of torch, which a graphics processor runs and which are differentiable twice,
as forces need. A step has fixed shapes (the rows of a batch behind its last atom and pair are empty), so that on a
graphics processor it is recorded once and replayed; on the processor it runs as it stands.

    tables -> what of the data lies on the device, and how a batch is gathered there
    batches -> which configurations make a batch: parcels of one molecule
    networks -> raw outputs of a batch
    objective -> loss of energies, differences, forces, dipole moments
    fit -> the loop
    job, problems -> what a fit is asked, and its targets from a recipe
"""
