"""Quotes of one instrument through nautilus_trader, for `bailiff-dev bench backtest`.

Each line of input is a number of ticks, a millisecond apart. The strategy counts them and sends a
market order after every thousandth. Each line of output is the nanoseconds of the engine's run,
without making and adding the ticks and with its log bypassed, and how many ticks the strategy saw.
"""

import sys
import time

import numpy
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import Venue
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

# It breaks off on a tick of time zero.
START = 1_600_000_000_000_000_000
MILLISECOND = 1_000_000


class Counting(Strategy):
    def __init__(self, instrument):
        super().__init__()
        self.instrument = instrument
        self.seen = 0

    def on_start(self):
        self.subscribe_quote_ticks(self.instrument.id)

    def on_quote_tick(self, tick):
        self.seen += 1
        if self.seen % 1_000 == 0:
            side = OrderSide.BUY if self.seen % 2_000 else OrderSide.SELL
            self.submit_order(
                self.order_factory.market(self.instrument.id, side, Quantity.from_int(1_000))
            )


def measured(count):
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    venue = Venue("SIM")
    engine.add_venue(
        venue=venue,
        oms_type=OmsType.NETTING,
        account_type=AccountType.MARGIN,
        base_currency=USD,
        starting_balances=[Money(1_000_000, USD)],
    )
    instrument = TestInstrumentProvider.default_fx_ccy("EUR/USD", venue)
    engine.add_instrument(instrument)
    steps = numpy.random.default_rng(7).normal(0, 1e-5, count)
    size = Quantity.from_int(100_000)
    engine.add_data(
        [
            QuoteTick(
                instrument.id,
                Price(middle - 1e-5, 5),
                Price(middle + 1e-5, 5),
                size,
                size,
                START + number * MILLISECOND,
                START + number * MILLISECOND,
            )
            for number, middle in enumerate((1.1 + numpy.cumsum(steps)).tolist())
        ]
    )
    strategy = Counting(instrument)
    engine.add_strategy(strategy)
    start = time.perf_counter_ns()
    engine.run()
    spent = time.perf_counter_ns() - start
    engine.dispose()
    return spent, strategy.seen


for line in sys.stdin:
    print(*measured(int(line)), flush=True)
