"""Computes with arrays."""

import numpy as np


def use():
    values = np.arange(12, dtype=np.float64).reshape(3, 4)
    solved = np.linalg.solve(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 5.0]))
    drawn = np.random.default_rng(7).integers(0, 100, 5)
    rows = np.array([(1, "a"), (2, "b")], dtype=[("id", "i4"), ("name", "U1")])
    return [
        values.sum(axis=0).tolist(),
        (values @ values.T).trace().item(),
        [round(item, 9) for item in solved.tolist()],
        drawn.tolist(),
        rows["name"].tolist(),
        str(values.dtype),
        isinstance(values[0, 0], np.floating),
        np.array2string(values[0]),
        np.fft.fft([1, 0, 0, 0]).real.tolist(),
    ]
