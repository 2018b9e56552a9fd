"""What functions of the torture package do to the machine and to the process."""

from __future__ import annotations

SYSTEM = """\
import contextlib
import os
import socket
import tempfile
import threading
from pathlib import Path


def closed_file(path):
    file = open(path, encoding="utf-8")
    text = file.read()
    file.close()
    return text


def closed_socket():
    made = socket.socket()
    number = made.fileno()
    made.close()
    return number >= 0


@contextlib.contextmanager
def inside(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def variable(name, value):
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def scratch():
    handle, name = tempfile.mkstemp(prefix="knots-")
    os.close(handle)
    os.unlink(name)
    return True


REGISTRY = []


@contextlib.contextmanager
def registered(name):
    REGISTRY.append(name)
    yield REGISTRY
    REGISTRY.remove(name)


def in_child(value):
    pid = os.fork()
    if pid == 0:
        os._exit(value)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def in_thread(value):
    found = []
    thread = threading.Thread(target=lambda: found.append(value), daemon=True)
    thread.start()
    thread.join()
    return found


def guarded(work):
    try:
        return work()
    except BaseException as error:
        return type(error).__name__


def opening():
    return "open"


def closing():
    return "closed"


def status():
    return 3
"""
