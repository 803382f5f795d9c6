"""The fit on an accelerator: operations of torch and kernels of triton, one CUDA graph a step.

The compiled kernels of `networks` are for the processor. Here the same networks, with the same weights, are written for
a graphics processor. Forces take no second derivatives: the gradient of their loss is that of how the energy changes
along one displacement of all atoms, so that a network goes forwards with its change, and backwards once. A step has
fixed shapes (the rows of a batch behind its last atom and pair are empty), so that on a graphics processor it is
recorded once and replayed; on the processor it runs as it stands.

    tables -> what of the data lies on the device, and how a batch is gathered there
    batches -> which configurations make a batch: parcels of one molecule
    convolution, kernels -> messages between the atoms of a batch; the second for graphics processors alone
    networks -> raw outputs of a batch, and how they change
    objective -> loss of energies, differences, forces, dipole moments
    fit -> the loop
    job, problems -> what a fit is asked, and its targets from a recipe
"""
