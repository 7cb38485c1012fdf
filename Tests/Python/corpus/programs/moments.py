"""datetime, calendar and zoneinfo where they are deterministic."""

import calendar
import copy
import datetime as dt
import pickle
import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo


class Weekly(dt.tzinfo):
    """A time zone of the user's own."""

    def utcoffset(self, moment):
        return timedelta(hours=5, minutes=45)

    def dst(self, moment):
        return timedelta(0)

    def tzname(self, moment):
        return "WEEK"


def program_business_days():
    """Working days between two dates."""
    day, end, holidays = (
        date(2023, 12, 20),
        date(2024, 1, 8),
        {date(2023, 12, 25), date(2024, 1, 1)},
    )
    days = []
    while day < end:
        if day.weekday() < 5 and day not in holidays:
            days.append(day.isoformat())
        day += timedelta(days=1)
    return days


def program_daylight_saving():
    """The hour that is missing and the hour that comes twice."""
    berlin = ZoneInfo("Europe/Berlin")
    spring = datetime(2023, 3, 26, 1, 30, tzinfo=berlin)
    autumn = [datetime(2023, 10, 29, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1)]
    moved = (spring.astimezone(timezone.utc) + timedelta(hours=1)).astimezone(berlin)
    return [
        moved.isoformat(),
        [one.utcoffset().seconds for one in autumn],
        str(berlin),
        spring.dst(),
    ]


def program_zone_identity():
    """ZoneInfo gives the same object for a key, and a new one without the cache."""
    first, second = ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Tokyo")
    return first is second, ZoneInfo.no_cache("Asia/Tokyo") is first, first.key


def program_own_tzinfo():
    """A tzinfo class of the program's own."""
    moment = datetime(2021, 6, 1, 12, tzinfo=Weekly())
    return moment.isoformat(), f"{moment:%Z}", moment.astimezone(timezone.utc).isoformat()


def program_parse_formats():
    """strptime and fromisoformat of several forms."""
    return [
        datetime.strptime("17 Mar 2021 04:05:06 PM", "%d %b %Y %I:%M:%S %p").isoformat(),
        datetime.strptime("2021-076", "%Y-%j").date().isoformat(),
        datetime.fromisoformat("2021-03-17T16:05:06.123456+02:00").utcoffset().total_seconds(),
        dt.time.fromisoformat("04:23:01").replace(microsecond=5).isoformat(),
        date.fromisocalendar(2020, 53, 5).isoformat(),
    ]


def program_timestamps():
    """Timestamps with a zone go both ways."""
    moment = datetime.fromtimestamp(1_000_000_000, tz=timezone.utc)
    return moment.isoformat(), moment.timestamp(), calendar.timegm(moment.utctimetuple())


def program_gmtime_of_argument():
    """Functions of time with an argument are pure."""
    parts = time.gmtime(86_400 * 365)
    return parts.tm_year, parts.tm_yday, time.strftime("%Y-%m-%d", parts), time.asctime(parts)


def program_struct_time():
    """struct_time is a tuple with names."""
    parts = time.struct_time((2020, 2, 29, 12, 0, 0, 5, 60, 0))
    return parts.tm_mon, tuple(parts)[:3], time.strptime("2 Feb 99", "%d %b %y").tm_year


def program_moment_pickle():
    """Moments and zones through pickle, copy and deepcopy."""
    moments = [
        datetime(2020, 5, 4, 3, 2, 1, 999, tzinfo=ZoneInfo("America/New_York")),
        datetime(2020, 5, 4, tzinfo=timezone(timedelta(hours=-3), "BRT")),
        date(1999, 12, 31),
        timedelta(days=-1, microseconds=7),
    ]
    results = []
    for moment in moments:
        for protocol in (0, 2, pickle.HIGHEST_PROTOCOL):
            again = pickle.loads(pickle.dumps(moment, protocol))
            results.append(again == moment and type(again) is type(moment))
        results.append(copy.deepcopy(moment) == moment and copy.copy(moment) == moment)
    return results


def program_month_calendar():
    """Text and matrices of the calendar module."""
    plain = calendar.TextCalendar(firstweekday=6)
    return [
        plain.formatmonth(2024, 2),
        calendar.monthrange(2023, 2),
        calendar.monthcalendar(2022, 5)[0],
        [calendar.isleap(year) for year in (1900, 2000, 2023)],
        calendar.day_name[2],
    ]


def program_interval_arithmetic():
    """Division, remainder and comparison of timedeltas."""
    span = timedelta(hours=49, minutes=31)
    return [
        divmod(span, timedelta(hours=5)),
        span / timedelta(minutes=1),
        span % timedelta(days=1),
        sorted([span, timedelta(0), -span]),
        abs(-span) == span,
        timedelta.resolution,
    ]


def program_recurring_schedule():
    """The last Friday of each month of a year, ISO weeks along."""
    result = []
    for month in range(1, 13):
        last = calendar.monthrange(2025, month)[1]
        day = date(2025, month, last)
        day -= timedelta(days=(day.weekday() - calendar.FRIDAY) % 7)
        result.append(f"{day:%d.%m.} W{day.isocalendar()[1]}")
    return result


def program_now_is_a_name_of_ones_own():
    """Methods called now, today and open on a class of one's own are ordinary."""

    class Clock:
        def __init__(self):
            self.ticks = 0

        def now(self, step=1):
            self.ticks += step
            return self.ticks

        today = now

        @staticmethod
        def open(name):
            return f"open {name}"

    clock = Clock()
    return (
        clock.now(),
        clock.today(step=5),
        Clock.open("x"),
        getattr(clock, "now")(),
        Clock.now(clock),
    )


def program_replace_everywhere():
    """replace on str, bytes, datetime, date, time and code is a method like any other."""
    return [
        "a-b".replace("-", "+"),
        b"a-b".replace(b"-", b""),
        datetime(2020, 1, 31).replace(month=3).isoformat(),
        date(2020, 1, 31).replace(day=1).isoformat(),
        dt.time(3).replace(minute=4).isoformat(),
        list(map(str.replace, ["xx", "yx"], "xx", "ab")),
    ]


def program_fixed_clock():
    """A clock handed in as an argument, as testable code has it."""

    def overdue(items, clock=lambda: datetime(2024, 1, 10)):
        return [name for name, due in items if due < clock()]

    items = [("a", datetime(2024, 1, 9)), ("b", datetime(2024, 1, 11))]
    return overdue(items), overdue(items, clock=lambda: datetime(2025, 1, 1))
