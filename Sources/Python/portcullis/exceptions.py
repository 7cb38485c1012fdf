"""``temporalio.exceptions`` where temporalio is installed, else the failures of a bare CPython."""

import sys

try:
    import temporalio.exceptions as _temporalio_exceptions
except ModuleNotFoundError as _error:
    if _error.name not in ("temporalio", "temporalio.exceptions"):
        raise
    from ._driver.failures import (
        ActivityError,
        ApplicationError,
        CancelledError,
        ChildWorkflowError,
        FailureError,
        TemporalError,
    )

    __all__ = [
        "ActivityError",
        "ApplicationError",
        "CancelledError",
        "ChildWorkflowError",
        "FailureError",
        "TemporalError",
    ]
else:
    sys.modules[__name__] = _temporalio_exceptions
