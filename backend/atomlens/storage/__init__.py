"""Storage: molecules, computed results and shared views in a database; large arrays as blobs in files."""
