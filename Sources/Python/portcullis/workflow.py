"""``temporalio.workflow`` where temporalio is installed, else the same names for a bare CPython.

With temporalio this module *is* ``temporalio.workflow``: the same object, so that decorators and
the ``unsafe`` context managers are one and the same whichever name they were imported by.
"""

import sys

try:
    import temporalio.workflow as _temporalio_workflow
except ModuleNotFoundError as _error:
    if _error.name not in ("temporalio", "temporalio.workflow"):
        raise
    from ._driver.definition import defn, init, query, run, signal, update
    from ._driver.failures import ContinueAsNewError, NondeterminismError
    from ._driver.operations import (
        Info,
        as_completed,
        continue_as_new,
        deprecate_patch,
        execute_activity,
        execute_activity_class,
        execute_activity_method,
        execute_child_workflow,
        execute_local_activity,
        execute_local_activity_class,
        execute_local_activity_method,
        in_workflow,
        info,
        instance,
        logger,
        new_random,
        now,
        patched,
        random,
        random_seed,
        sleep,
        start_activity,
        start_activity_class,
        start_activity_method,
        start_child_workflow,
        start_local_activity,
        start_local_activity_class,
        start_local_activity_method,
        time,
        time_ns,
        timer,
        uuid4,
        wait,
        wait_condition,
    )
    from ._driver.unsafe import SandboxImportNotificationPolicy, unsafe

    __all__ = [
        "ContinueAsNewError",
        "Info",
        "NondeterminismError",
        "SandboxImportNotificationPolicy",
        "as_completed",
        "continue_as_new",
        "defn",
        "deprecate_patch",
        "execute_activity",
        "execute_activity_class",
        "execute_activity_method",
        "execute_child_workflow",
        "execute_local_activity",
        "execute_local_activity_class",
        "execute_local_activity_method",
        "in_workflow",
        "info",
        "init",
        "instance",
        "logger",
        "new_random",
        "now",
        "patched",
        "query",
        "random",
        "random_seed",
        "run",
        "signal",
        "sleep",
        "start_activity",
        "start_activity_class",
        "start_activity_method",
        "start_child_workflow",
        "start_local_activity",
        "start_local_activity_class",
        "start_local_activity_method",
        "time",
        "time_ns",
        "timer",
        "unsafe",
        "update",
        "uuid4",
        "wait",
        "wait_condition",
    ]
else:
    sys.modules[__name__] = _temporalio_workflow
