"""Pipelines of slow calls beside the clients they are made with, Python's, and wrk: the cases, and their tables.

bench/peers/run calls runs them.
"""
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PACKAGE = "io.fanwise.bench.calls."
SERVER = os.path.join(ROOT, "examples", "src", "main", "java", "io", "fanwise", "examples", "SlowServer.java")
WARM, WATCHED = 6, 10  # seconds
TICK = 1 / os.sysconf("SC_CLK_TCK")

STORY, STORY_AT_ONCE, STORY_IDEAL = 10_000, 200, 5.0


def case(at_once, delay, least, peers, against=None):
    return dict(label=f"{delay}ms-{at_once}", at_once=at_once, delay=delay, least=least, peers=peers.split(), against=against)


ALL = [
    case(200, 100, 0.97, "fanwise loop netty wrk aiohttp threads"),
    case(2_000, 100, 0.95, "fanwise loop netty wrk aiohttp"),
    case(10_000, 100, 0.50, "fanwise loop netty wrk aiohttp"),
    case(200, 0, 0.8, "fanwise loop netty wrk aiohttp threads", against="loop"),
]
CASES = {"calls-story": None, **{"calls-" + one["label"]: one for one in ALL}}


def compare(names, java, target, rounds, only=None):
    for name in CASES:
        if name in names or "calls" in names:
            (story if CASES[name] is None else calls)(CASES[name], java, target, rounds or 1, only)


# ---- the reference story: whole programs, from main to the end

def story(_, java, target, rounds, only):
    python = interpreter()
    peers = {"fanwise": [*java, PACKAGE + "Story", str(STORY), str(STORY_AT_ONCE)],
             **{way: [*python, way, str(STORY), str(STORY_AT_ONCE)] for way in ("executor", "article")}}
    print(f"\n{STORY:,} calls of 100 ms by {STORY_AT_ONCE} workers; nobody can do it in less than {STORY_IDEAL} s "
          f"(load {os.getloadavg()[0]:.1f})\n")
    print("| peer | seconds | ÷ ideal | kept | bar |\n|---|---|---|---|---|")
    for peer, command in peers.items():
        if only and peer not in only:
            continue
        runs = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory(dir=target) as folder:
                output = [os.path.join(folder, "answers.jsonl")] if peer == "fanwise" else []
                runs.append(json.loads(subprocess.run(command + output, stdout=subprocess.PIPE, check=True, text=True).stdout))
        seconds = statistics.median(run["seconds"] for run in runs)
        bar = ("≤ 1.03: " + ("met" if seconds <= 1.03 * STORY_IDEAL else "**missed**")) if peer == "fanwise" else ""
        print(f"| {peer} | {seconds:.2f} | {seconds / STORY_IDEAL:.3f} | {min(run['kept'] for run in runs):,} | {bar} |", flush=True)


# ---- calls of a server: it is asked how much it has answered

def calls(one, java, target, rounds, only):
    found = {}
    for _ in range(rounds):
        for peer in one["peers"]:
            if not only or peer in only:
                found.setdefault(peer, []).append(watched(peer, one, java, target))
    ideal = one["at_once"] * 1000 / one["delay"] if one["delay"] else None
    print(f"\n{one['at_once']:,} calls at a time, each answered after {one['delay']} ms (load {os.getloadavg()[0]:.1f})\n")
    print(f"| peer | calls/s | of {'ideal' if ideal else one['against']} | µs of its processor time a call | of the server's | peak MiB | bar |")
    print("|---|---|---|---|---|---|---|")
    best = ideal or median(found.get(one["against"], [{}]), "rate")
    for peer, runs in found.items():
        rate = median(runs, "rate")
        if not rate:
            print(f"| {peer} | {runs[0].get('error')} |")
            continue
        share = rate / best if best else 0
        bar = f"≥ {one['least']}: " + ("met" if share >= one["least"] else "**missed**") if peer == "fanwise" else ""
        print(f"| {peer} | {rate:,.0f} | {share:.3f} | {median(runs, 'client µs'):.1f} | {median(runs, 'server µs'):.1f} "
              f"| {median(runs, 'MiB'):.0f} | {bar} |", flush=True)


def median(runs, figure):
    values = [run[figure] for run in runs if figure in run]
    return statistics.median(values) if values else None


def watched(peer, one, java, target):
    folder = tempfile.mkdtemp(dir=target)
    server = subprocess.Popen([java[0], "-XX:+UseSerialGC", "-Xmx256m", SERVER, "--port", "0", "--delay", str(one["delay"])],
                              stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().split()[0].removesuffix("17")
    client = subprocess.Popen(command(peer, one["at_once"], url, folder, java), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, start_new_session=True)
    try:
        time.sleep(WARM)
        if client.poll() is not None:
            return {"error": (client.stderr.read().strip().splitlines() or ["it ended at once"])[-1][:160]}
        before = look(url, server, client)
        time.sleep(WATCHED)
        after = look(url, server, client)
        count = after["answered"] - before["answered"]
        return {"rate": count / (after["at"] - before["at"]), "MiB": peak(client),
                "client µs": (after["client"] - before["client"]) / count * 1e6,
                "server µs": (after["server"] - before["server"]) / count * 1e6} if count else {"error": "nothing was answered"}
    finally:
        os.killpg(client.pid, signal.SIGKILL)
        server.kill()
        client.wait()
        server.wait()
        shutil.rmtree(folder)


def command(peer, at_once, url, folder, java):
    if peer in ("threads", "aiohttp"):
        return [*interpreter(), peer, "0", str(at_once), url]
    if peer == "wrk":
        return ["wrk", "-t1", f"-c{at_once}", f"-d{WARM + WATCHED + 60}s", "--timeout", "30s", url + "17"]
    return [*java, "-Xmx1g", PACKAGE + "Calls", peer, str(at_once), url, os.path.join(folder, "answers.jsonl")]


def look(url, server, client):
    with urllib.request.urlopen(url.split("/items")[0] + "/stats") as said:
        answered = json.load(said)["answered"]
    return {"at": time.perf_counter(), "answered": answered, "server": busy(server.pid), "client": busy(client.pid)}


def busy(pid):
    """Seconds of processor time so far."""
    with open(f"/proc/{pid}/stat") as said:
        fields = said.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def peak(process):
    with open(f"/proc/{process.pid}/status") as said:
        return next(int(line.split()[1]) / 1024 for line in said if line.startswith("VmHWM:"))


def interpreter():
    """One that has the clients: Debian's, where python3 is another."""
    script = os.path.join(HERE, "callers.py")
    for one in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(one) and not subprocess.run([one, "-c", "import aiohttp, requests"], stderr=subprocess.DEVNULL).returncode:
            return [one, script]
    print("Without aiohttp and requests: apt-get install python3-aiohttp python3-requests wrk", file=sys.stderr)
    return [sys.executable, script]
