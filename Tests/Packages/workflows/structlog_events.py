"""Renders events through a chain of processors."""

import structlog


def use():
    lines = []

    class Output:
        def msg(self, message):
            lines.append(message)

        info = warning = msg

    logger = structlog.wrap_logger(
        Output(),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.KeyValueRenderer(sort_keys=True),
        ],
    )
    with structlog.contextvars.bound_contextvars(run="r1"):
        logger.bind(order=7).info("paid", price=1.5)
    logger.warning("late")
    lines.append(structlog.processors.JSONRenderer(sort_keys=True)(None, "info", {"b": 1, "a": 2}))
    return lines
