"""The book of `bailiff-dev bench scan`, scanned in full with numpy.

Reads the file that `bailiff-dev bench --book FILE` wrote. Each line of input is a number of accounts,
the first so many of the book; each line of output is the nanoseconds of one scan of them and how many
have debt above their weighted collateral in 64-bit floating point. It is the same question as our
scan, without the protocol's roundings, on one contiguous column per leg.

    python numpy_scan.py FILE
"""

import sys
import time

import numpy

RESERVES = 32
LEGS = 6

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
        .astype(numpy.intp)
        for leg in range(LEGS)
    ]
    amounts = [legs["micro"][:, leg].astype(float) for leg in range(LEGS)]
    return weights, places, amounts


def scan(weights, places, amounts, count):
    surplus = weights.take(places[0][:count]) * amounts[0][:count]
    for place, amount in zip(places[1:], amounts[1:]):
        surplus += weights.take(place[:count]) * amount[:count]
    return int(numpy.count_nonzero(surplus < 0))


def main():
    weights, places, amounts = columns(sys.argv[1])
    for line in sys.stdin:
        start = time.perf_counter_ns()
        count = scan(weights, places, amounts, int(line))
        print(time.perf_counter_ns() - start, count, flush=True)


main()
