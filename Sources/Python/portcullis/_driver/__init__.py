"""Drivers that run one workflow to its end without a Temporal server.

``temporal`` drives temporalio's own workflow instance with activations, ``bare`` runs workflows
on a CPython that has no temporalio. Both move a virtual clock, so a timer never waits.
"""
