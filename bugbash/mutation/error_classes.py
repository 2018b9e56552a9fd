"""Classes of errors: which catch which, and which are caught in the place of their bases."""

from __future__ import annotations

import builtins

import libcst as cst

from bugbash.mutation.excluded import dotted
from bugbash.mutation.vocabulary import vocabulary

NARROWER: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "OSError": (
        ("FileExistsError", frozenset({"mkdir", "makedirs", "symlink", "link", "symlink_to"})),
        (
            "ConnectionError",
            vocabulary("connect send sendall recv accept create_connection"),
        ),
        (
            "FileNotFoundError",
            vocabulary(
                "open read read_text read_bytes write_text stat lstat unlink remove rename replace "
                "rmdir listdir iterdir scandir copy copyfile copy2 move readlink resolve getmtime "
                "getsize rmtree chmod utime is_file exists run Popen check_output samefile"
            ),
        ),
    ),
    "LookupError": (("KeyError", frozenset()), ("IndexError", frozenset())),
    "ArithmeticError": (("ZeroDivisionError", frozenset()),),
    "ValueError": (("UnicodeDecodeError", frozenset({"decode", "read_text"})),),
    "UnicodeError": (("UnicodeDecodeError", frozenset({"encode"})),),
    "Exception": (
        ("OSError", vocabulary("open read write read_text write_text unlink connect")),
        ("ImportError", frozenset({"import_module", "__import__"})),
        ("ValueError", frozenset()),
    ),
    "BaseException": (("Exception", frozenset()),),
    "ConnectionError": (("ConnectionResetError", frozenset()),),
}
"""What people catch instead, where one of the methods is called; no methods: everywhere."""
SIBLINGS = {
    "subprocess.SubprocessError": "CalledProcessError",
    "sqlite3.Error": "OperationalError",
    "sqlite3.DatabaseError": "OperationalError",
    "requests.RequestException": "HTTPError",
    "requests.exceptions.RequestException": "HTTPError",
    "urllib.error.URLError": "HTTPError",
    "configparser.Error": "NoSectionError",
    "decimal.DecimalException": "InvalidOperation",
    "http.client.HTTPException": "RemoteDisconnected",
}
"""Base classes and the class of the same module that people catch instead."""
KNOWN_BASES = {
    "JSONDecodeError": "ValueError",
    "TOMLDecodeError": "ValueError",
    "InvalidOperation": "ArithmeticError",
    "ZoneInfoNotFoundError": "KeyError",
}
"""Well known classes beyond the built-in ones, and what they derive from."""


def covers(other: cst.BaseExpression, gone: cst.BaseExpression) -> bool:
    """Whether catching `other` catches `gone` as well."""
    one, two = _kind(other), _kind(gone)
    return one is not None and two is not None and issubclass(two, one)


def _kind(node: cst.BaseExpression) -> type[BaseException] | None:
    """The built-in class of errors that a name stands for, or that it is known to derive from."""
    name = dotted(node).rpartition(".")[2]
    found = getattr(builtins, KNOWN_BASES.get(name, name), None)
    is_error = isinstance(found, type) and issubclass(found, BaseException)
    return found if is_error else None
