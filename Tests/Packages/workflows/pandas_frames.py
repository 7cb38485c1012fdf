"""Groups, joins and resamples a table."""

import pandas as pd


def use():
    frame = pd.DataFrame({"key": ["a", "b", "a"], "value": [1, 2, 3]})
    totals = frame.groupby("key")["value"].sum()
    joined = frame.merge(pd.DataFrame({"key": ["a"], "name": ["first"]}), on="key")
    days = pd.date_range("2024-01-01", periods=4, freq="12h")
    series = pd.Series([1.0, 2.0, 3.0, 4.0], index=days).resample("1D").mean()
    return [
        totals.to_dict(),
        joined.to_dict("records"),
        {str(day): value for day, value in series.items()},
        frame.to_csv(index=False),
        frame["value"].describe().round(3).to_dict(),
        str(pd.Timestamp("2024-03-01") - pd.Timedelta(days=1)),
    ]
