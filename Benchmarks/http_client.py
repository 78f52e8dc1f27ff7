# aiohttp, kept alive: reads lines "PORT SIDE_BY_SIDE COUNT", answers "P50_NANOSECONDS REQUESTS_A_SECOND".
import asyncio
import sys
import time

import aiohttp


async def ask(port, side_by_side, count):
    url = f"http://127.0.0.1:{port}/tick"
    times = []
    connector = aiohttp.TCPConnector(limit=side_by_side)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def some(number):
            for _ in range(number):
                start = time.perf_counter_ns()
                async with session.get(url) as reply:
                    await reply.read()
                times.append(time.perf_counter_ns() - start)

        await some(100)
        times.clear()
        begin = time.perf_counter_ns()
        await asyncio.gather(*[some(count // side_by_side) for _ in range(side_by_side)])
        spent = time.perf_counter_ns() - begin
    times.sort()
    print(times[len(times) // 2], int(len(times) / spent * 1e9), flush=True)


for line in sys.stdin:
    asyncio.run(ask(*[int(word) for word in line.split()]))
