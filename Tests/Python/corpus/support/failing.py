"""Fails while it is imported."""

import parcels

raise LookupError("no luck with " + parcels.__name__)
