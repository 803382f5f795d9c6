"""HTTP: routes, schemas and the mapping of errors (docs/http.md)."""
