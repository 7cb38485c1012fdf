"""Logs to a list."""

from loguru import logger


def use():
    lines = []
    logger.remove()
    sink = logger.add(lines.append, format="{level}|{extra[order]}|{message}", level="INFO")
    log = logger.bind(order=7)
    log.debug("not seen")
    log.info("paid {}", 1.5)
    log.opt(lazy=True).warning("late {}", lambda: "again")
    logger.remove(sink)
    return [str(line) for line in lines]
