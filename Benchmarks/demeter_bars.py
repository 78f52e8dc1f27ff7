"""Minutes of one account on Aave v3 through demeter, for `bailiff-dev bench backtest`.

Each line of input is a number of minutes. The account has two collaterals and one debt, and the
strategy does nothing but count. Each line of output is the nanoseconds of the run, without making
the data, and how many minutes the strategy saw. A line `health N` is answered by the N minutes
themselves, as JSON in wads: both prices, both indexes of the reserves, and the account's health.
"""

import json
import logging
import os
import sys
import tempfile
import time
from contextlib import redirect_stdout
from decimal import Decimal

import numpy
import pandas
from demeter import Actuator, MarketInfo, MarketTypeEnum, Strategy, TokenInfo
from demeter.aave import AaveV3Market

MARKET = MarketInfo("lending", MarketTypeEnum.aave_v3)
TOKENS = {"WETH": TokenInfo("weth", 18), "USDC": TokenInfo("usdc", 6), "WBTC": TokenInfo("wbtc", 8)}
RAY = 10**27
RISK = {
    "usageAsCollateralEnabled": True,
    "baseLTVasCollateral": 8000,
    "reserveLiquidationThreshold": 8300,
    "reserveLiquidationBonus": 10500,
    "reserveFactor": 1000,
    "borrowingEnabled": True,
    "optimalUsageRatio": 8 * RAY // 10,
    "variableRateSlope1": 4 * RAY // 100,
    "variableRateSlope2": 6 * RAY // 10,
    "baseVariableBorrowRate": 0,
    "supplyCap": 0,
    "borrowCap": 0,
    "borrowableInIsolation": True,
    "flashLoanEnabled": True,
}


class Counting(Strategy):
    """Counts, and keeps health factors only where it is asked to: they take time."""

    health = None

    def initialize(self):
        market = self.broker.markets[MARKET]
        market.supply(TOKENS["WETH"], 10)
        market.supply(TOKENS["WBTC"], 1)
        market.borrow(TOKENS["USDC"], 10_000)
        self.seen = 0

    def on_bar(self, snapshot):
        self.seen += 1
        if self.health is not None:
            self.health.append(self.broker.markets[MARKET].health_factor)


def growth(count, parts):
    """An index that grows by so many parts in a thousand million with each minute."""
    return [Decimal(1) + Decimal(parts * number) / 10**9 for number in range(count)]


def indexes(count):
    return growth(count, 1), growth(count, 3)


def prices(count):
    moves = numpy.exp(numpy.cumsum(numpy.random.default_rng(7).normal(0, 2e-4, count)))
    return {
        "WETH": [Decimal(f"{2_000 * move:.4f}") for move in moves],
        "WBTC": [Decimal(f"{30_000 * move:.4f}") for move in moves],
        "USDC": Decimal(1),
    }


def market(minutes, folder):
    path = os.path.join(folder, "risk.csv")
    pandas.DataFrame(
        # What is called USDC counts as such only under its whole name.
        [
            {"symbol": name, "name": "USD Coin" if name == "USDC" else name, **RISK}
            for name in TOKENS
        ]
    ).to_csv(path, index=False)
    made = AaveV3Market(MARKET, path, list(TOKENS.values()))
    liquidity, borrow = indexes(len(minutes))
    for token in TOKENS.values():
        made.set_token_data(
            token,
            pandas.DataFrame(
                {
                    "liquidity_rate": Decimal("0.01"),
                    "stable_borrow_rate": Decimal(0),
                    "variable_borrow_rate": Decimal("0.03"),
                    "liquidity_index": liquidity,
                    "variable_borrow_index": borrow,
                },
                index=minutes,
            ),
        )
    return made


def run(count, strategy):
    minutes = pandas.date_range("2024-01-01", periods=count, freq="min")
    with tempfile.TemporaryDirectory() as folder:
        actuator = Actuator()
        actuator.broker.add_market(market(minutes, folder))
        for name, amount in (("WETH", 20), ("WBTC", 2), ("USDC", 0)):
            actuator.broker.set_balance(TOKENS[name], amount)
        actuator.set_price(pandas.DataFrame(prices(count), index=minutes))
        actuator.strategy = strategy
        start = time.perf_counter_ns()
        with redirect_stdout(sys.stderr):
            actuator.run(print_result=False)
        return time.perf_counter_ns() - start


def measured(count):
    strategy = Counting()
    return run(count, strategy), strategy.seen


def health(count):
    strategy = Counting()
    strategy.health = []
    run(count, strategy)
    table = prices(count)
    columns = table["WETH"], table["WBTC"], *indexes(count), strategy.health
    rows = zip(*columns, strict=True)
    return json.dumps([[str(int(number * 10**18)) for number in row] for row in rows])


logging.disable(logging.CRITICAL)
sys.stderr = open(os.devnull, "w")
for line in sys.stdin:
    if line.startswith("health "):
        print(health(int(line.split()[1])), flush=True)
    else:
        print(*measured(int(line)), flush=True)
