# ruff: noqa: B003, N818, T201 - systems are written as anybody writes them, for any Python
"""A system that does to its worker whatever the document says."""

import json
import os
import signal
import sys
import threading
import time


def act(document):
    word = document.decode().split("~")[0]
    return FAULTS[word]() if word in FAULTS else "fine"


def exit_0():
    os._exit(0)


def exit_3():
    os._exit(3)


def sys_exit():
    sys.exit(3)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def segfault():
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(60)


def hang():
    while True:
        time.sleep(60)


def ignore_sigterm():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang()


def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)
    hang()


def grandchildren():
    """Two generations, each in a session of its own, that outlive their parents."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            hang()
        os._exit(0)
    hang()


def grandchildren_then_exit():
    if os.fork() == 0:
        os.setsid()
        hang()
    os._exit(3)


def allocate():
    kept = []
    while True:
        kept.append(b"x" * 5_000_000)


def child_allocates():
    if os.fork() == 0:
        os.setsid()
        allocate()
    hang()


def flood():
    while True:
        print("x" * 1000)


def print_slowly_for_ever():
    while True:
        print("still there", flush=True)
        time.sleep(0.01)


def close_pipes():
    os.closerange(3, 4096)
    return "fine"


def close_everything():
    os.closerange(0, 4096)
    return "fine"


class Poisoned(Exception):
    """Cannot be printed, pickled or compared."""

    def __str__(self):
        raise RuntimeError("no")

    __repr__ = __reduce__ = __str__


def unpicklable():
    raise Poisoned


class Quiet(BaseException):
    pass


def base_exception():
    raise Quiet("not an Exception")


def return_twice():
    os.fork()
    return "fine"


def child_returns():
    if os.fork():
        os._exit(4)
    return "fine"


def overwrite():
    os.read = os.write = os.getpid = json.loads = json.dumps = None
    json.JSONEncoder.default = json.JSONEncoder.encode = json.JSONDecoder.decode = None
    time.perf_counter = None
    return "fine"


def wander():
    os.chdir("/")
    os.environ.clear()
    os.environ = {}
    sys.setrecursionlimit(150)
    return "fine"


def at_home():
    return [os.path.basename(os.getcwd()), "PATH" in os.environ, sys.getrecursionlimit() > 500]


def write_everywhere():
    for descriptor in range(1024):
        try:
            os.write(descriptor, b'{"kind":"json","id":1}' * 20)
        except OSError:
            continue
    return "fine"


def print_on_both():
    print("on one")
    os.write(2, b"on two\n")
    return "fine"


def print_and_fail():
    print("the last words")
    raise ValueError("no total")


def replace_stdout():
    sys.stdout = sys.stderr = None
    return "fine"


def huge():
    return "x" * 3_000_000


def unplain():
    return {"lines": [{"total": object()}]}


def endless():
    found = []
    found.append(found)
    return found


def recurse():
    return recurse()


def die_later():
    threading.Timer(0.5, os._exit, (0,)).start()  # well after the answer is out, on a busy machine too
    return "fine"


def alarm_later():
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    return "fine"


def profile_later():
    signal.signal(signal.SIGPROF, lambda *_: os._exit(5))
    signal.setitimer(signal.ITIMER_PROF, 0.05)
    return "fine"


def nap():
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    time.sleep(0.1)
    return "fine"


def deaf():
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1):
        signal.signal(each, signal.SIG_IGN)
    return "fine"


def signals():
    return [repr(signal.getsignal(each)) for each in (signal.SIGTERM, signal.SIGALRM, signal.SIGUSR1, signal.SIGPROF)]


FAULTS = {name: each for name, each in list(globals().items()) if callable(each) and name != "act"}
