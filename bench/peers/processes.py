"""Worker JVMs beside Python's process pools and beside the bare transport: the cases, and one table of all of them.

bench/peers/run processes runs them.
"""
import glob
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "io.fanwise.bench.processes."
PEERS = "floor loky pool executor"
TITLES = {"fanwise": "**fanwise**", "floor": "bare JVMs, sockets, threads", "loky": "joblib (loky)", "pool": "`Pool`",
          "executor": "`ProcessPoolExecutor`", "spawned": "`Pool`, spawned"}
TOUCHED = "-Xms2g -Xmx2g -XX:+AlwaysPreTouch"  # a virtual machine is slow to find memory
LOOKS_APART = 0.03  # seconds
IDLE = 3  # seconds
MAKING = 60  # seconds
WITHOUT = {"FANWISE_AOT": "off"}


class Row:
    """A line of the table: what was measured, and what it should be at least (+) or at most (-)."""

    def __init__(self, text, figure, most=None, least=None, times_loky=None, more_is_better=False):
        self.text, self.figure, self.most, self.least, self.times_loky = text, figure, most, least, times_loky
        self.rising = more_is_better or least is not None or times_loky is not None

    def target(self):
        wanted = [f"≥ {short(self.least)}"] if self.least is not None else []
        wanted += [f"≤ {short(self.most)}"] if self.most is not None else []
        return ", ".join(wanted + ([f"≥ {self.times_loky} × loky"] if self.times_loky else []))

    def met(self, medians):
        ours, loky = medians.get("fanwise"), medians.get("loky")
        if ours is None or not self.target():
            return ""
        kept = (self.least is None or ours >= self.least) and (self.most is None or ours <= self.most)
        if self.times_loky and loky:
            kept = kept and self.gain(ours, loky) >= self.times_loky
        return "met" if kept else "**missed**"

    def gain(self, ours, other):
        """How many times better we are."""
        return ours / other if self.rising else other / ours


def case(label, rows, name=None, size=0, jobs=2, repetitions=5, warmups=2, peers=PEERS, sizes=None, java="", rounds=3,
         way="run", environment=None):
    return dict(label=label, name=name or label, rows=rows, size=size, jobs=jobs, repetitions=repetitions,
                warmups=warmups, peers=["fanwise"] + peers.split(), sizes=sizes or {}, java=java.split(), rounds=rounds,
                way=way, environment=environment or {})


def rate(text, least):
    return [Row(f"{text}, /s", "items/s", least=least, times_loky=8)]


def array(text):
    return [Row(f"{text}: first pass and all before it, ms", "first pass ms"),
            Row("once more, ms", "once more ms"),
            Row("memory of the parent at its peak, MiB", "parent MiB"),
            Row("memory a worker does not share, at its peak, MiB", "worker MiB")]


def flat(size, repetitions, warmups):
    return case(f"flat-{size}", [Row(f"{short(size)} numbers, ns an item", "ns an item")], "ints", size, repetitions=repetitions,
                warmups=warmups, java=TOUCHED, peers="pool")


def short(number):
    for unit, letter in ((1e6, " M"), (1e3, " k")):
        if abs(number) >= unit:
            return f"{number / unit:.3g}{letter}"
    return f"{number:.3g}"


FEW = dict(repetitions=3, warmups=1)
ALL = [
    case("tasks", rate("`x + 1`, each in a batch of its own", 50e3), size=20_000, java=TOUCHED, sizes={"loky": 4_000}),
    case("ints", rate("`x + 1`, batches as they come", 4e6), size=1_000_000, java=TOUCHED, warmups=8,
         peers="loky pool executor", sizes={"loky": 100_000, "executor": 300_000}),
    case("strings", rate("`s + \"!\"`", None), size=300_000, java=TOUCHED, warmups=6, peers="loky pool executor",
         sizes={"loky": 50_000, "executor": 100_000}),
    case("records", rate("records of five fields", 1.5e6), size=200_000, java=TOUCHED, warmups=8,
         peers="loky pool executor", sizes={"loky": 20_000, "pool": 50_000, "executor": 50_000}),
    case("busy-1ms", [Row("1 ms of work: share of the ideal", "efficiency", least=0.95)], size=1_000, warmups=1,
         repetitions=2, peers=PEERS),
    case("round-trip", [Row("a run of one input: median, µs", "p50 µs", most=60),
                        Row("a run of one input: one in a hundred, µs", "p99 µs")], size=3_000, java="-Xmx256m",
         sizes={"loky": 500, "pool": 1_000, "executor": 1_000}, warmups=3, repetitions=3),
    case("cold", [Row("new program to first results of 2 workers, from `main`, ms", "from main ms", most=150),
                  Row("the same from `exec`, ms", "from exec ms"),
                  Row("the same to the program's end, ms", "to the end ms")], peers=PEERS + " spawned", rounds=9, way="cold"),
    case("cold-first", [Row("the same without AOT cache, as the first time, from `main`, ms", "from main ms", most=150)], peers="floor",
         rounds=9, way="cold", environment=WITHOUT),
    case("start-2", [Row("warm program to first results of 2 new workers, ms", "first results ms", most=80),
                     Row("close, ms", "close ms", most=30)], "start", peers=PEERS + " spawned", java="-Xmx256m"),
    case("start-2-first", [Row("the same without AOT cache, ms", "first results ms", most=80)], "start", peers="floor",
         java="-Xmx256m", environment=WITHOUT),
    case("start-8", [Row("warm program to first results of 8 new workers, ms", "first results ms", most=270),
                     Row("close of 8, ms", "close ms")], "start", jobs=8, peers=PEERS + " spawned", java="-Xmx256m", **FEW),
    case("idle", [Row("a worker with nothing to do: resident, MiB", "resident MiB", most=40),
                  Row("its part of what it shares, MiB (PSS)", "proportional MiB", most=22),
                  Row("its processor time, ms a second", "busy ms/s", most=1)], peers="loky pool executor spawned", rounds=1,
         way="idle"),
    case("idle-first", [Row("the same without AOT cache: resident, MiB", "resident MiB", most=40),
                        Row("its part of what it shares, MiB (PSS)", "proportional MiB", most=22)], "idle", peers="", rounds=1,
         way="idle", environment=WITHOUT),
    case("array-shared", array("400 MB in 100 slices, shared by name"), size=50_000_000, java="-Xmx1g", way="watched"),
    case("array-captured", array("400 MB in 100 slices, captured"), size=50_000_000, java="-Xmx1g", peers="floor loky",
         way="watched"),
    case("array-slices", array("400 MB in 100 slices, sent"), size=50_000_000, java="-Xmx1g", peers="loky pool executor",
         way="watched"),
    case("exit", [Row("worker exits, to exception, ms", "known after ms", most=50)], peers="loky executor", **FEW),
    case("kill", [Row("worker is killed, to exception, ms", "known after ms", most=50)], peers="loky executor", **FEW),
    flat(10_000, 40, 60), flat(100_000, 15, 20), flat(1_000_000, 5, 8), flat(10_000_000, 2, 2),
]
CASES = {"processes-" + c["label"]: c for c in ALL}


def compare(cases, java, target, rounds=None, patience=180, only=None):
    """Runs the cases and prints the table; `java` is the command up to the main class."""
    python = interpreter()
    lines, troubles, flatness = [], {}, []
    home = os.path.join(target, "cache")
    make_cache(java, home)
    for one in cases:
        peers = [peer for peer in one["peers"] if not only or peer in only]
        found = {peer: {} for peer in peers}
        for _ in range(rounds or one["rounds"]):
            for peer in peers:
                said = measure(one, peer, java, python, patience, home)
                with open(os.path.join(target, f"processes-{one['label']}.jsonl"), "a") as kept:
                    kept.write(json.dumps(dict(said, peer=peer)) + "\n")
                if "error" in said:
                    troubles[f"{one['label']}, {peer}"] = said["error"]
                for figure, values in said.get("figures", {}).items():
                    found[peer].setdefault(figure, []).extend(values)
        medians = [({peer: statistics.median(figures[row.figure]) for peer, figures in found.items() if row.figure in figures},
                    row) for row in one["rows"]]
        lines += [line(row, values) for values, row in medians]
        flatness += [values["fanwise"] for values, _ in medians if one["label"].startswith("flat") and "fanwise" in values]
        print(f"{one['label']}: load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    if len(flatness) > 1:
        lines.append(f"| dearest number ÷ cheapest | 1: flat | {max(flatness) / min(flatness):.2f} |" + " |" * len(TITLES))
    table(lines, troubles)


def table(lines, troubles):
    print("\nMedians. Behind each figure: how many times better Fanwise is.\n")
    print("| | target | " + " | ".join(TITLES.values()) + " | |")
    print("|---|---" + "|---" * len(TITLES) + "|---|")
    print("\n".join(lines))
    for what, trouble in troubles.items():
        print(f"\nNo figures of {what}: {trouble}")
    sys.stdout.flush()


def line(row, medians):
    cells = []
    for peer in TITLES:
        value = medians.get(peer)
        cell = "" if value is None else short(value)
        if value and peer != "fanwise" and medians.get("fanwise"):
            cell += f" ({row.gain(medians['fanwise'], value):.2g})"
        cells.append(cell)
    return f"| {row.text} | {row.target()} | " + " | ".join(cells) + f" | {row.met(medians)} |"


def interpreter():
    """One that has what can be had: Debian's, where python3 is another."""
    known = [sys.executable, "/usr/bin/python3"]
    for one in known:
        if os.path.exists(one) and not subprocess.run([one, "-c", "import joblib, numpy"], stderr=subprocess.DEVNULL).returncode:
            return one
    print("Without joblib and numpy: apt-get install python3-joblib python3-numpy", file=sys.stderr)
    return known[0]


def make_cache(java, home):
    """What a user has from the second run on: the AOT cache of the workers, which the first run leaves to be made."""
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    environment = {name: value for name, value in os.environ.items() if name != "FANWISE_AOT"}
    subprocess.run([*java, PACKAGE + "FirstResults", "fanwise", "2"], env=dict(environment, XDG_CACHE_HOME=home), check=True,
                   stdout=subprocess.DEVNULL)
    giving_up = time.monotonic() + MAKING
    while not glob.glob(os.path.join(home, "fanwise", "*.aot")):
        if time.monotonic() > giving_up:
            raise SystemExit(f"no AOT cache was made in {home}")
        time.sleep(0.1)


# ---- one process

def measure(one, peer, java, python, patience, home):
    inputs = str(one["sizes"].get(peer, one["size"]))
    counts = [inputs, str(one["jobs"]), str(one["repetitions"]), str(one["warmups"])]
    if peer not in ("fanwise", "floor"):
        command = [python, os.path.join(HERE, "pools.py"), one["name"], peer, *counts]
    elif one["way"] == "cold":
        command = [*java, PACKAGE + "FirstResults", peer, str(one["jobs"])]
    else:
        command = [*java, *one["java"], PACKAGE + "WorkerJvms", one["name"], peer, *counts]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, PYTHONPYCACHEPREFIX=sys.pycache_prefix or "", XDG_CACHE_HOME=home,
                                        **one["environment"]), start_new_session=True)
    giving_up = threading.Timer(patience, os.killpg, [process.pid, signal.SIGKILL])  # with its workers, who keep the pipes open
    giving_up.start()
    try:
        return WAYS[one["way"]](process, begun)
    finally:
        giving_up.cancel()


def run(process, begun):
    out, err = process.communicate()
    said = [text for text in out.splitlines() if text.startswith('{"figures"')]
    if said:
        return json.loads(said[-1])
    why = [text for text in (out + err).strip().splitlines() if "Error" in text or "Exception" in text]
    return {"error": (why or ["it said nothing"])[-1][:160]}


def cold(process, begun):
    first = process.stdout.readline()
    known = time.perf_counter()
    out, err = process.communicate()
    if not first.startswith("{"):
        return {"error": (err or first).strip()[-160:]}
    figures = json.loads(first)["figures"]
    figures["from exec ms"] = [(known - begun) * 1e3]
    figures["to the end ms"] = [(time.perf_counter() - begun) * 1e3]
    return {"figures": figures}


def idle(process, begun):
    first = process.stdout.readline()
    if not first.startswith("{"):
        return run(process, begun)
    pids = json.loads(first)["pids"]
    time.sleep(1)  # for what follows the first result
    before = [busy(pid) for pid in pids]
    time.sleep(IDLE)
    spent = [(busy(pid) - then) / IDLE for pid, then in zip(pids, before)]
    figures = {"busy ms/s": spent, "resident MiB": [memory(pid, "smaps_rollup", "Rss") for pid in pids],
               "proportional MiB": [memory(pid, "smaps_rollup", "Pss") for pid in pids]}
    process.communicate("\n")
    return {"figures": figures}


def watched(process, begun):
    """Looks at it and its children again and again."""
    peaks = {"parent MiB": 0, "worker MiB": 0}
    over = threading.Event()

    def look():
        while not over.wait(LOOKS_APART):
            peaks["parent MiB"] = max(peaks["parent MiB"], memory(process.pid, "status", "VmHWM"))
            for child in children(process.pid):
                peaks["worker MiB"] = max(peaks["worker MiB"], memory(child, "status", "RssAnon"))

    watcher = threading.Thread(target=look)
    watcher.start()
    said = run(process, begun)
    over.set()
    watcher.join()
    if "figures" in said:
        said["figures"].update({what: [peak] for what, peak in peaks.items()})
    return said


WAYS = {"run": run, "cold": cold, "idle": idle, "watched": watched}


def children(pid):
    found = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            with open(path) as listed:
                found += listed.read().split()
        except OSError:
            pass  # the thread has ended
    return found


def memory(pid, file, field):
    """In MiB; 0 if it has ended."""
    try:
        with open(f"/proc/{pid}/{file}") as said:
            return next((int(text.split()[1]) / 1024 for text in said if text.startswith(field + ":")), 0)
    except OSError:
        return 0


def busy(pid):
    """Milliseconds of processor time of all its threads so far."""
    nanos = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path) as said:
            nanos += int(said.read().split()[0])
    return nanos / 1e6
