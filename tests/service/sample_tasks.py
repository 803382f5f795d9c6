"""Tasks for the executors' contract; in a module of their own, for workers import them by name."""

import os
import time

from atomlens.errors import MalformedInput


def double(context, control, *, value):
    return 2 * value


def process_id(context, control):
    return os.getpid()


def loaded_modules(context, control):
    import sys

    return sorted(sys.modules)


def refuse(context, control):
    raise MalformedInput("It is wrong.", field="text", hint="Mend it.")


def defect(context, control):
    return 1 / 0


def count(context, control, *, steps):
    for step in range(steps):
        control.progress((step + 1) / steps)
    return steps


def until_cancelled(context, control, *, mark):
    mark.write_text("started")
    for _ in range(2_000):
        if control.cancelled():
            mark.write_text("cancelled")
            return None
        time.sleep(0.01)
    return "never cancelled"


def hang(context, control):
    time.sleep(600)


def die(context, control):
    os._exit(3)
