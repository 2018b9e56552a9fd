"""Whether two names could be taken for each other: their words and roles."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")

_GROUPS = """
start stop end begin finish
start_date end_date
net gross
total subtotal
old new
src dst
source destination dest target
x y z
x0 x1
y0 y1
width height depth
left right
top bottom
lo hi
low high
lower upper
first last second
before after
min max
minimum maximum
row column col
rows columns cols
prefix suffix
head tail
key value
keys values
created updated modified deleted
pending done
input output
inputs outputs
read write
previous current next
prev next
parent child
index offset position pos
line column
lineno colno
day month year
days weeks months years
hour minute second
hours minutes seconds
width indent
sender recipient
debit credit
buyer seller
amount balance fee
paid due
issued due
opened closed
added removed
passed failed
received sent
expected actual
begin end
major minor micro
numerator denominator
real imag
base head
local remote
inner outer
global local
stdout stderr
stdin stdout
username password
host port
scheme netloc path query fragment
latitude longitude
lat lon
red green blue
r g b
horizontal vertical
above below
ancestor descendant
encoder decoder
leader follower
primary secondary
minimal maximal
open close
opening closing
"""
_FLAGS = frozenset(
    {"is", "has", "no", "not", "show", "use", "allow", "can", "should", "with", "n", "num", "len"}
)
"""First words that make a name one of a yes or no, or of a number."""
_ROLES: dict[str, set[str]] = {}
for _line in _GROUPS.split("\n"):
    for _word in _line.split():
        _ROLES.setdefault(_word, set()).update(_line.split())


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `maxLineLen` and `MAX_LINE_LEN` have three."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=16384)
def alike(one: str, other: str) -> bool:
    """Whether one name may be written for the other by mistake.

    `start_date` and `end_date`, `tax_rate` and `base_rate`, `x` and `y` may; `row` and `rows`,
    `max_size` and `max_count` may not.
    """
    a, b = words(one), words(other)
    if not a or not b or a == b or _shape(one) != _shape(other):
        return False
    if (a[0] in _FLAGS) != (b[0] in _FLAGS):
        return False
    if same_role(a, b):
        return True
    return a[-1] == b[-1] and len(a[-1]) > 2 and abs(len(a) - len(b)) <= 1 and _share(a, b)


def same_role(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names differ in one word alone and that tells the two ends of a pair."""
    if len(one) != len(other):
        return False
    different = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and different[0][1] in _ROLES.get(different[0][0], ())


def is_pair(one: str, other: str) -> bool:
    """Whether two names are the two ends of a pair: `old_row` and `new_row`."""
    return same_role(words(one), words(other))


def is_plural(name: str) -> bool:
    """Whether a name reads like one of many things."""
    last = (words(name) or ("",))[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether names differ by one word: one put before, or one in the place of another."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[1:] == shorter


def _shape(name: str) -> tuple[bool, bool, bool]:
    """Constant, class or other; hidden or not."""
    bare = name.lstrip("_")
    return bare.isupper() and len(bare) > 1, bare[:1].isupper() and len(bare) > 1, name[:1] == "_"
