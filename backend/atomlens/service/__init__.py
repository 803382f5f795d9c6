"""Use cases: validate, look up, compute once. Computations run in worker processes behind an executor."""
