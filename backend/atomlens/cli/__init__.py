"""The command line (docs/cli.md). Heavy imports wait until a command needs them, so that --help is quick."""

from atomlens.cli.commands import app, main

__all__ = ["app", "main"]
