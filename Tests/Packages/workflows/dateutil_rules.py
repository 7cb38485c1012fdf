"""Computes dates of fixed times."""

import datetime

from dateutil import parser, relativedelta, rrule, tz


def use():
    start = datetime.datetime(2024, 1, 31, 10)
    rule = rrule.rrule(rrule.MONTHLY, count=3, dtstart=start, byweekday=rrule.FR(-1))
    return [
        str(start + relativedelta.relativedelta(months=1)),
        [str(day) for day in rule],
        parser.isoparse("2024-03-01T10:00:00+02:00").isoformat(),
        str(parser.parse("1 March 2024 10:00", default=start)),
        tz.UTC.utcoffset(start).total_seconds(),
        tz.tzoffset("x", 3600).tzname(start),
    ]
