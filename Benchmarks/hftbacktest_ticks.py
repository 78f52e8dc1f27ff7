"""Quotes of one instrument through hftbacktest, for `bailiff-dev bench backtest`.

Each line of input is a number of events. Half of them set the best bid and half the best ask, a
millisecond apart; the strategy adds up the best bid and sends a limit order after every thousandth.
Each line of output is the nanoseconds of one run, without making the events and without compiling,
and how many events the strategy saw.
"""

import sys
import time

import numpy
from hftbacktest import (
    BUY_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    GTC,
    LIMIT,
    LOCAL_EVENT,
    SELL_EVENT,
    BacktestAsset,
    ROIVectorMarketDepthBacktest,
    event_dtype,
)
from numba import njit

TICK = 0.01
MILLISECOND = 1_000_000


def quotes(count):
    generator = numpy.random.default_rng(7)
    middle = numpy.round(2_000 + numpy.cumsum(generator.normal(0, TICK / 2, (count + 1) // 2)), 2)
    events = numpy.zeros(count, event_dtype)
    events["exch_ts"] = (numpy.arange(count, dtype=numpy.int64) + 1_000) * MILLISECOND
    events["local_ts"] = events["exch_ts"] + MILLISECOND // 10
    events["ev"] = DEPTH_EVENT | EXCH_EVENT | LOCAL_EVENT
    for side, first, shift in ((BUY_EVENT, 0, -TICK), (SELL_EVENT, 1, TICK)):
        places = events[first::2]
        places["ev"] |= side
        places["px"] = middle[: len(places)] + shift
        places["qty"] = 1
    return events


@njit
def run(backtest):
    seen, total = 0, 0.0
    # Two says that a feed spoke, three that an order was answered; all else is the end.
    while backtest.wait_next_feed(False, 1_000_000 * MILLISECOND) == 2:
        seen += 1
        bid = backtest.depth(0).best_bid
        total += bid
        if seen % 1_000 == 0:
            backtest.submit_buy_order(0, seen, bid, 1.0, GTC, LIMIT, False)
    return seen, total


def measured(events):
    asset = (
        BacktestAsset()
        .data([events])
        .linear_asset(1.0)
        .constant_order_latency(MILLISECOND, MILLISECOND)
        .power_prob_queue_model(3.0)
        .no_partial_fill_exchange()
        .trading_value_fee_model(0, 0)
        .tick_size(TICK)
        .lot_size(0.001)
        .roi_lb(1_000)
        .roi_ub(3_000)
    )
    backtest = ROIVectorMarketDepthBacktest([asset])
    start = time.perf_counter_ns()
    seen, _ = run(backtest)
    spent = time.perf_counter_ns() - start
    backtest.close()
    return spent, seen


def main():
    measured(quotes(2_000))
    for line in sys.stdin:
        print(*measured(quotes(int(line))), flush=True)


main()
