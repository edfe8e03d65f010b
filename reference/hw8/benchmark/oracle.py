"""benchmark, keeping both ends of every measurement."""

import time


def benchmark(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    if warmup < 0:
        raise ValueError("warmup may not be negative")
    for name, value in {"repeats": repeats, "calls": calls}.items():
        if value < 1:
            raise ValueError(f"{name} has to be positive")
    wait = synchronize or (lambda: None)

    def done():
        wait()
        return clock()

    def many(count):
        while count:
            function()
            count -= 1

    many(warmup)
    ends = []
    while len(ends) < repeats:
        begin = done()
        many(calls)
        ends.append((begin, done()))
    ordered = sorted(end - begin for begin, end in ends)
    middle = ordered[(repeats - 1) // 2] + ordered[repeats // 2]
    return middle / 2 / calls
