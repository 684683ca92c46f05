"""Python's ways to make many slow calls: one process, one way.

    callers.py WAY CALLS AT_ONCE [URL]

Ways: threads (requests, a session a thread), aiohttp (one loop): until they are ended.
      article (multiprocessing.Pool, chunks of 1,000 with a pause of half a second, results kept every five chunks),
      executor (ThreadPoolExecutor): CALLS naps of 100 ms, and how long that took.
"""
import asyncio
import concurrent.futures
import itertools
import json
import multiprocessing
import sys
import tempfile
import threading
import time

CALL = 0.1  # seconds
CHUNK, PAUSE, CHUNKS_KEPT_AT_ONCE = 1_000, 0.5, 5


def nap(item):
    time.sleep(CALL)
    return item


def article(calls, at_once):
    """As it is told: results come in by callback, and are written by the loop that hands out the work."""
    results, kept, lock = [], 0, threading.Lock()

    def take(result):
        with lock:
            results.append(result)

    begun = time.perf_counter()
    with tempfile.TemporaryFile("w") as output, multiprocessing.Pool(at_once) as pool:
        for item in range(calls):
            pool.apply_async(nap, (item,), callback=take)
            if (item + 1) % CHUNK == 0:
                time.sleep(PAUSE)
                if (item + 1) % (CHUNK * CHUNKS_KEPT_AT_ONCE) == 0:
                    with lock:
                        batch, results[:] = list(results), []
                    output.writelines(f"{result}\n" for result in batch)
                    kept += len(batch)
        pool.close()
        pool.join()
    return begun, kept


def executor(calls, at_once):
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w") as output, concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        kept = 0
        for result in pool.map(nap, range(calls)):
            output.write(f"{result}\n")
            kept += 1
    return begun, kept


def threads(at_once, url):
    import requests
    items, lock, output = itertools.count(), threading.Lock(), tempfile.TemporaryFile()

    def work():
        session = requests.Session()
        while True:
            body = session.get(url + str(next(items))).content
            with lock:
                output.write(body + b"\n")

    for _ in range(at_once):
        threading.Thread(target=work).start()


def in_one_loop(at_once, url):
    import aiohttp
    items, output = itertools.count(), tempfile.TemporaryFile()

    async def work(session):
        while True:
            async with session.get(url + str(next(items))) as answer:
                output.write(await answer.read() + b"\n")

    async def all_of_them():
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(work(session) for _ in range(at_once)))

    asyncio.run(all_of_them())


if __name__ == "__main__":
    way, calls, at_once, *url = sys.argv[1:]
    if url:
        {"threads": threads, "aiohttp": in_one_loop}[way](int(at_once), *url)
    else:
        begun, kept = {"article": article, "executor": executor}[way](int(calls), int(at_once))
        print(json.dumps({"seconds": round(time.perf_counter() - begun, 3), "kept": kept}))
