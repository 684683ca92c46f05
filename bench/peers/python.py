#!/usr/bin/env python3
"""One process runs one Python peer in one case, and prints what it measured as one line of JSON, as SideBySide does.

    python.py CASE PEER INPUTS JOBS REPETITIONS WARMUPS

bench/peers/run does this. Needs joblib: apt-get install python3-joblib
"""
import concurrent.futures
import json
import math
import multiprocessing
import multiprocessing.pool
import resource
import sys
import time

PER_CHUNK = 1000


def root(number):
    return math.sqrt(number)


def sleep(number):
    time.sleep(0.1)
    return number


def loop(task, inputs, jobs):
    return [task(one) for one in inputs]


def joblib_loky(task, inputs, jobs):
    from joblib import Parallel, delayed
    return Parallel(n_jobs=jobs)(delayed(task)(one) for one in inputs)


def joblib_threading(task, inputs, jobs):
    from joblib import Parallel, delayed
    return Parallel(n_jobs=jobs, backend="threading")(delayed(task)(one) for one in inputs)


def pool_map(task, inputs, jobs):
    return warm(multiprocessing.Pool, jobs).map(task, inputs)


def thread_pool_map(task, inputs, jobs):
    return warm(multiprocessing.pool.ThreadPool, jobs).map(task, inputs, chunksize=1)


def process_executor(task, inputs, jobs):
    return list(warm(concurrent.futures.ProcessPoolExecutor, jobs).map(task, inputs, chunksize=PER_CHUNK))


def thread_executor(task, inputs, jobs):
    return list(warm(concurrent.futures.ThreadPoolExecutor, jobs).map(task, inputs))


POOLS = {}


def warm(kind, jobs):
    if kind not in POOLS:
        POOLS[kind] = kind(jobs)
    return POOLS[kind]


def measured(case, peer, size, jobs, repetitions, warmups):
    task = {"tiny-sqrt": root, "sleep100": sleep}[case]
    way = globals()[peer.replace("-", "_")]
    seconds = []
    for _ in range(warmups + repetitions):
        begun = time.perf_counter()
        results = way(task, range(size), jobs)
        seconds.append(time.perf_counter() - begun)
        if results[-1] != task(size - 1):
            sys.exit("wrong result")
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return dict(case=case, peer=peer, n=size, jobs=jobs, seconds=seconds[warmups:],
                rss_mb=max(own.ru_maxrss, children.ru_maxrss) // 1024)


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7]))), flush=True)
    for pool in POOLS.values():
        getattr(pool, "terminate", lambda: None)()
