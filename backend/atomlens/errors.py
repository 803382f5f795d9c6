"""Every error that a caller can mend, in one tree.

    AtomlensError               code "error"
    ├── InputError              something in the request is wrong and can be mended
    │   ├── MalformedInput      text, file or number that cannot be read (HTTP 400)
    │   ├── UnsupportedMolecule a readable molecule that these networks cannot treat (HTTP 422)
    │   │   └── UnknownElement  an element outside the model's training set
    │   └── TooLarge            beyond a stated limit (HTTP 413)
    ├── NotFound                no such molecule, model, field, view, job (HTTP 404)
    ├── Forbidden               a wrong delete token (HTTP 403)
    ├── Busy                    no worker free in time, or a rate limit (HTTP 503 or 429)
    ├── ComputationFailed       a worker died or ran past its time (HTTP 503)
    │   └── Defect              the program is at fault, and will be again (HTTP 500)
    ├── StorageError            the data folder or the database cannot be read or written (HTTP 503)
    ├── Cancelled               the caller gave the job up
    └── CheckpointError         a checkpoint that does not fit its card, or a recipe that does not fit

Each says what was wrong (`message`), where (`field`, and `line` inside the message where there is one) and
what to do (`hint`). `code` is stable and machine-readable.
"""

from __future__ import annotations

from collections.abc import Iterable


class AtomlensError(Exception):
    """Base of all errors of this program.

    `code`: stable identifier; `message`: a sentence for people; `field`: the part of the input that is
    wrong, or None; `hint`: what to do about it, or None.
    """

    default_code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, field: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field
        self.hint = hint

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # keyword-only arguments do not survive the default pickling between worker processes
        return _rebuild, (type(self), self.message, self.code, self.field, self.hint)


def _rebuild(kind: type[AtomlensError], message: str, code: str, field: str | None, hint: str | None) -> AtomlensError:
    return kind(message, code=code, field=field, hint=hint)


class InputError(AtomlensError):
    """The input is wrong and can be mended by who sent it."""

    default_code = "invalid_input"


class MalformedInput(InputError):
    """Text, file or number that cannot be read."""

    default_code = "malformed"


class UnsupportedMolecule(InputError):
    """A readable molecule that these networks cannot treat.

    `elements`: its atomic numbers where its reader told them; they stay in the process that read it.
    """

    default_code = "unsupported_molecule"
    elements: frozenset[int] = frozenset()

    def note_elements(self, numbers: Iterable[int]) -> None:
        """Tell the molecule's atomic numbers."""
        self.elements = frozenset(int(z) for z in numbers)


class UnknownElement(UnsupportedMolecule):
    """An element outside the model's training set."""

    default_code = "unknown_element"


class TooLarge(InputError):
    """Input beyond a stated limit."""

    default_code = "too_large"


class NotFound(AtomlensError):
    """No such molecule, model, field, view or job."""

    default_code = "not_found"


class Forbidden(AtomlensError):
    """The caller may not do this (a wrong delete token)."""

    default_code = "forbidden"


class Busy(AtomlensError):
    """No worker was free in time, or the caller asks too often."""

    default_code = "busy"


class ComputationFailed(AtomlensError):
    """A worker died, or ran past its time."""

    default_code = "computation_failed"


class Defect(ComputationFailed):
    """The program itself is at fault: asking again does not help."""

    default_code = "internal"


class StorageError(AtomlensError):
    """The data folder or the database cannot be read or written."""

    default_code = "storage"


class Cancelled(AtomlensError):
    """The job was given up before it ended."""

    default_code = "cancelled"


class CheckpointError(AtomlensError):
    """A checkpoint that does not fit its card, or a recipe that cannot be followed."""

    default_code = "checkpoint"
