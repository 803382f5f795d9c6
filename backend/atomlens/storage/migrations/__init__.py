"""Migrations of the database (alembic), run to the newest when the server starts."""
