"""The book of `bailiff-dev bench tick`, scanned in full with numpy.

Reads the file that `bailiff-dev bench --book FILE` wrote, counts the accounts whose debt is above
their weighted collateral in 64-bit floating point, and prints the median time of seven scans. It is
the same question as our exact scan, without the protocol's roundings.

    python numpy_scan.py FILE
"""

import json
import statistics
import sys
import time

import numpy

RESERVES = 32
LEGS = 6
ROUNDS = 7

reserve_type = numpy.dtype([("price", "<u8"), ("threshold", "<u8")])
leg_type = numpy.dtype([("reserve", "<u4"), ("kind", "<u4"), ("micro", "<u8")])


def columns(path):
    """Prices times thresholds by (kind, reserve), and one contiguous column per leg."""
    with open(path, "rb") as file:
        reserves = numpy.fromfile(file, reserve_type, RESERVES)
        legs = numpy.fromfile(file, leg_type).reshape(-1, LEGS)
    prices = reserves["price"].astype(float)
    weights = numpy.concatenate(
        [numpy.zeros(RESERVES), prices * reserves["threshold"], -prices * 10_000]
    )
    places = [
        numpy.ascontiguousarray(legs["kind"][:, leg] * RESERVES + legs["reserve"][:, leg])
        for leg in range(LEGS)
    ]
    amounts = [legs["micro"][:, leg].astype(float) for leg in range(LEGS)]
    return weights, places, amounts


def scan(weights, places, amounts):
    surplus = weights[places[0]] * amounts[0]
    for place, amount in zip(places[1:], amounts[1:]):
        surplus += weights[place] * amount
    return int(numpy.count_nonzero(surplus < 0))


def main():
    weights, places, amounts = columns(sys.argv[1])
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        count = scan(weights, places, amounts)
        times.append(time.perf_counter_ns() - start)
    result = {
        "goal": None,
        "name": f"numpy {numpy.__version__}, floating-point scan, {len(amounts[0])} accounts",
        "value": int(statistics.median(times)),
        "target": None,
        "met": None,
        "rounds": ROUNDS,
        "unit": "ns",
        "note": f"{count} accounts under their line",
    }
    print(json.dumps({"schemaVersion": 1, "results": [result]}))


main()
