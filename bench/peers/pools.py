#!/usr/bin/env python3
"""One process measures one of Python's process pools in one case, and prints what it found as one line of JSON.

    pools.py CASE PEER INPUTS JOBS REPETITIONS WARMUPS

Peers: loky (of joblib), pool (multiprocessing.Pool, which forks), spawned (the same, which does not), executor
(concurrent.futures.ProcessPoolExecutor). The cases are those of io.fanwise.bench.processes.WorkerJvms. bench/peers/run does this. Needs joblib and numpy:
apt-get install python3-joblib python3-numpy
"""
import time

BEGUN = time.perf_counter()  # what is imported counts: whoever wants results has to import it

import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402

SLICES = 100
PER_CHUNK = 1000


# ---- what is done with each input

class Trade:
    __slots__ = ("id", "symbol", "price", "count", "open")

    def __init__(self, id, symbol, price, count, open):
        self.id, self.symbol, self.price, self.count, self.open = id, symbol, price, count, open

    def __eq__(self, other):
        return self.id == other.id and self.price == other.price and self.open == other.open

    @staticmethod
    def of(number):
        return Trade(number, f"symbol-{number % 100}", number / 7.0, number % 13, number % 2 == 0)


def next_trade(trade):
    return Trade(trade.id + 1, trade.symbol, trade.price * 1.01, trade.count, not trade.open)


def plus_one(number):
    return number + 1


def shout(text):
    return text + "!"


def spin(number):
    end = time.perf_counter() + 1e-3
    while time.perf_counter() < end:
        pass
    return number + 1


def meet(directory, jobs):
    """Leaves word and waits for the others, so that every worker gets one of these."""
    open(os.path.join(directory, str(os.getpid())), "w").close()
    while len(os.listdir(directory)) < jobs:
        time.sleep(0.0005)
    return os.getpid()


def sum_slice(values, number, length):
    return float(values[number * length:(number + 1) * length].sum())


def sum_part(part):
    return float(part.sum())


def sum_shared(name, number, length):
    import numpy
    from multiprocessing import shared_memory
    memory = shared_memory.SharedMemory(name=name)
    try:
        begin = number * length * 8
        return float(numpy.frombuffer(memory.buf[begin:begin + length * 8], dtype=numpy.float64).sum())
    finally:
        try:
            memory.close()
        except BufferError:
            pass


def leave(path):
    with open(path, "w") as word:
        word.write(str(time.monotonic_ns()))
    os._exit(3)


def wait_for_death(path):
    with open(path, "w") as word:
        word.write(f"{os.getpid()}.")
    time.sleep(20)


# ---- three pools that can do the same

class Loky:
    def __init__(self, jobs):
        import joblib
        self.jobs, self.joblib = jobs, joblib

    def map(self, task, inputs, batch="auto"):
        call = self.joblib.delayed(task)
        return self.joblib.Parallel(self.jobs, batch_size=batch)(call(one) for one in inputs)

    def starmap(self, task, arguments, **how):
        call = self.joblib.delayed(task)
        return self.joblib.Parallel(self.jobs, **how)(call(*one) for one in arguments)

    def each(self, task, arguments):
        return self.starmap(task, arguments, batch_size=1)

    def one(self, task, argument):
        return self.executor().submit(task, argument).result()

    def executor(self):
        from joblib.externals.loky import get_reusable_executor
        return get_reusable_executor(self.jobs)

    def close(self):
        self.executor().shutdown(wait=True)


class Pool:
    start = "fork"

    def __init__(self, jobs):
        import multiprocessing
        self.jobs, self.pool = jobs, multiprocessing.get_context(self.start).Pool(jobs)

    def map(self, task, inputs, batch="auto"):
        return self.pool.map(task, inputs, chunksize=None if batch == "auto" else batch)

    def starmap(self, task, arguments):
        return self.pool.starmap(task, arguments)

    def each(self, task, arguments):
        return [call.get() for call in [self.pool.apply_async(task, one) for one in arguments]]

    def one(self, task, argument):
        return self.pool.apply(task, (argument,))

    def close(self):
        self.pool.close()
        self.pool.join()


class Spawned(Pool):
    start = "spawn"


class Executor:
    def __init__(self, jobs):
        import concurrent.futures
        self.jobs, self.pool = jobs, concurrent.futures.ProcessPoolExecutor(jobs)

    def map(self, task, inputs, batch="auto"):
        return list(self.pool.map(task, inputs, chunksize=PER_CHUNK if batch == "auto" else batch))

    def starmap(self, task, arguments):
        return list(self.pool.map(task, *zip(*arguments)))

    def each(self, task, arguments):
        return [call.result() for call in [self.pool.submit(task, *one) for one in arguments]]

    def one(self, task, argument):
        return self.pool.submit(task, argument).result()

    def close(self):
        self.pool.shutdown(wait=True)


KINDS = {"loky": Loky, "pool": Pool, "spawned": Spawned, "executor": Executor}


def pids(pool):
    """What the first result of each worker says."""
    with tempfile.TemporaryDirectory() as directory:
        found = pool.each(meet, [(directory, pool.jobs)] * pool.jobs)
    assert len(set(found)) == pool.jobs, found
    return found


# ---- the cases

class Figures(dict):
    def add(self, name, value):
        self.setdefault(name, []).append(value)


def rates(case, kind, size, jobs, repetitions, warmups, figures):
    task = {"strings": shout, "records": next_trade, "busy-1ms": spin}.get(case, plus_one)
    source = {"strings": lambda at: f"input-{at}", "records": Trade.of}.get(case, int)
    inputs = [source(at) for at in range(size)]
    pool = kind(jobs)
    pids(pool)
    for at in range(-warmups, repetitions):
        begun = time.perf_counter()
        results = pool.map(task, inputs, 1 if case == "tasks" else "auto")
        seconds = time.perf_counter() - begun
        assert len(results) == size and results[-1] == task(inputs[-1])
        if at >= 0:
            figures.add("items/s", size / seconds)
            figures.add("ns an item", seconds * 1e9 / size)
            figures.add("efficiency", size * 1e-3 / jobs / seconds)


def round_trips(case, kind, size, jobs, repetitions, warmups, figures):
    pool = kind(jobs)
    for at in range(-warmups, repetitions):
        micros = []
        for _ in range(size):
            begun = time.perf_counter()
            assert pool.one(plus_one, 1) == 2
            micros.append((time.perf_counter() - begun) * 1e6)
        micros.sort()
        if at >= 0:
            figures.add("p50 µs", micros[size // 2])
            figures.add("p99 µs", micros[size * 99 // 100])


def starts(case, kind, size, jobs, repetitions, warmups, figures):
    for at in range(-warmups, repetitions):
        begun = time.perf_counter()
        pool = kind(jobs)
        pids(pool)
        first = time.perf_counter()
        pool.close()
        closed = time.perf_counter()
        if at >= 0:
            figures.add("first results ms", (first - begun) * 1e3)
            figures.add("close ms", (closed - first) * 1e3)


def cold(case, kind, size, jobs, repetitions, warmups, figures):
    pids(kind(jobs))
    figures.add("from main ms", (time.perf_counter() - BEGUN) * 1e3)


def idle(case, kind, size, jobs, repetitions, warmups, figures):
    pool = kind(jobs)
    print(json.dumps({"pids": pids(pool)}), flush=True)
    sys.stdin.read(1)


def array(case, kind, size, jobs, repetitions, warmups, figures):
    import numpy
    pool = kind(jobs)
    pids(pool)
    values = numpy.arange(size, dtype=numpy.float64)
    numpy.remainder(values, 1000, out=values)
    length, ends = size // SLICES, []

    def passes(begun, go):
        for at in range(3):
            sums = go()
            assert sum(sums) == values.sum()
            figures.add("once more ms" if at else "first pass ms", (time.perf_counter() - begun) * 1e3)
            begun = time.perf_counter()

    begun = time.perf_counter()
    if case == "array-shared" and kind is Loky:
        import joblib
        directory = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        joblib.dump(values, os.path.join(directory.name, "values"))
        mapped = joblib.load(os.path.join(directory.name, "values"), mmap_mode="r")
        figures.add("publish ms", (time.perf_counter() - begun) * 1e3)
        passes(begun, lambda: pool.starmap(sum_slice, [(mapped, at, length) for at in range(SLICES)]))
        directory.cleanup()
    elif case == "array-shared":
        from multiprocessing import shared_memory
        memory = shared_memory.SharedMemory(create=True, size=values.nbytes)
        numpy.frombuffer(memory.buf, dtype=numpy.float64)[:] = values
        figures.add("publish ms", (time.perf_counter() - begun) * 1e3)
        passes(begun, lambda: pool.starmap(sum_shared, [(memory.name, at, length) for at in range(SLICES)]))
        memory.unlink()
    elif case == "array-captured":
        assert kind is Loky, "nothing else shares what a task is given"
        passes(begun, lambda: pool.starmap(sum_slice, [(values, at, length) for at in range(SLICES)]))
    else:
        how = {"max_nbytes": None} if kind is Loky else {}
        passes(begun, lambda: pool.starmap(
            sum_part, [(values[at * length:(at + 1) * length],) for at in range(SLICES)], **how))


def deaths(case, kind, size, jobs, repetitions, warmups, figures):
    handle, word = tempfile.mkstemp()
    os.close(handle)
    for at in range(-warmups, repetitions):
        pool = kind(jobs)
        pids(pool)
        open(word, "w").close()
        died = [0]
        if case == "kill":
            threading.Thread(target=kill, args=(word, died)).start()
        try:
            pool.each(leave if case == "exit" else wait_for_death, [(word,)])
            sys.exit("the run ended as if nothing had happened")
        except Exception as error:
            known = time.monotonic_ns()
            if type(error).__name__ not in ("BrokenProcessPool", "TerminatedWorkerError"):
                raise
        if case == "exit":
            died[0] = int(open(word).read())
        if at >= 0:
            figures.add("known after ms", (known - died[0]) / 1e6)
    os.remove(word)


def kill(word, died):
    pid = ""
    while not pid.endswith("."):
        time.sleep(0.001)
        pid = open(word).read()
    died[0] = time.monotonic_ns()
    os.kill(int(pid[:-1]), signal.SIGKILL)


CASES = {"round-trip": round_trips, "start": starts, "cold": cold, "idle": idle, "exit": deaths, "kill": deaths,
         "array-shared": array, "array-captured": array, "array-slices": array}

if __name__ == "__main__":
    import pools  # by its own name, so that workers that are not forked find it

    figures = pools.Figures()
    name, peer = sys.argv[1:3]
    pools.BEGUN = BEGUN
    pools.CASES.get(name, pools.rates)(name, pools.KINDS[peer], *map(int, sys.argv[3:7]), figures)
    print(json.dumps({"figures": figures}), flush=True)
