"""The bugs that the scripted learners meet, and what one can do about each of them."""

from __future__ import annotations

from dataclasses import dataclass

Edit = tuple[str, str]
"""A text of the broken file, and what takes its place."""


@dataclass(frozen=True)
class Bug:
    """A catalogued bug as a learner sees it."""

    file: str
    broken: str
    fixed: str
    suspect_line: str
    """Stands in the line that one suspects."""
    suspicion: str
    test: str
    """The failing test that is nearest to the cause."""
    tests: tuple[str, ...]
    """All that fail."""
    new_test: str
    """A test that only the broken code fails, to be put at the end of `test_file`."""
    test_import: Edit = ("", "")
    """An import of `test_file`, and the same with one name more."""
    test_row: Edit = ("", "")
    """Cases in a test that was there, and the same with one more."""
    importing_test: str = ""
    """A test that only the broken code fails, and that needs the name."""
    prints: tuple[Edit, ...] = ()
    shown: str = ""
    """An expression to print in a debugger where the test fails."""
    wrong_idea: str = ""
    wrong_fix: Edit = ("", "")
    guesses: tuple[Edit, ...] = ()
    """Edits at random, of which none helps."""
    refactored: tuple[Edit, ...] = ()
    """The fix, in the middle of much that nobody asked for."""
    special_case: Edit = ("", "")
    """Makes the failing tests pass by their own inputs."""
    weakened: tuple[tuple[str, str, str], ...] = ()
    """(file, text, weaker text) of tests."""
    deleted: tuple[tuple[str, str], ...] = ()
    """(file, text) of the failing tests."""

    @property
    def test_file(self) -> str:
        return self.test.partition("::")[0]


@dataclass(frozen=True)
class Case:
    """A scenario, by what is typed to get it."""

    name: str
    arguments: tuple[str, ...]
    bugs: tuple[Bug, ...]


_GUARD = """\
    if len(cells) != 3:
        raise LineError(number, f"expected 3 values, found {len(cells)}")
"""
_ID_MATCH = "    found = _ID.fullmatch(cells[0])\n"

SHORT_LINE = Bug(
    file="ledgerlines/records.py",
    broken=_ID_MATCH,
    fixed=_GUARD + _ID_MATCH,
    suspect_line="parse_amount(cells[1]), parse_amount(cells[2])",
    suspicion="parse_line never counts its cells, so a short line runs into cells[2]",
    test="tests/test_records.py::test_the_number_of_values",
    tests=(
        "tests/test_linefiles.py::test_a_bad_line_is_raised_with_its_number",
        "tests/test_records.py::test_the_number_of_values",
    ),
    new_test="""

def test_a_line_that_ends_after_its_id():
    with pytest.raises(LineError, match="expected 3 values, found 1"):
        parse_line("1001", 9)
""",
    test_import=(
        "from ledgerlines.errors import LineError\n",
        "from ledgerlines.errors import AmountError, LineError\n",
    ),
    test_row=('("1001,49.99", 2), ', '("1001", 1), ("1001,49.99", 2), '),
    importing_test="""

def test_a_short_line_is_not_about_its_amounts():
    with pytest.raises(LineError) as caught:
        parse_line("1001,49.99")
    assert not isinstance(caught.value.__cause__, AmountError)
""",
    prints=(
        (_ID_MATCH, f'    print("cells", cells)\n{_ID_MATCH}'),
        (
            "    if found is None:\n",
            '    print("found", found, "of", len(cells))\n    if found is None:\n',
        ),
        ("    if fee < 0:\n", '    print("fee", fee)\n    if fee < 0:\n'),
    ),
    shown="cells",
    wrong_idea="the id's pattern takes a short line for a whole one",
    wrong_fix=("_ID.fullmatch(cells[0])", "_ID.fullmatch(line)"),
    guesses=(
        ('[cell.strip() for cell in line.split(",")]', 'line.strip().split(",")'),
        ("_ID.fullmatch(cells[0])", "_ID.match(cells[0])"),
        ("    if found is None:", "    if not found:"),
        ("parse_amount(cells[1]), parse_amount(cells[2])", "map(parse_amount, cells[1:3])"),
        ("except AmountError as error:", "except (AmountError, IndexError) as error:"),
        ("    if fee < 0:", "    if fee <= 0:"),
        ("([0-9]{1,12})", "([0-9]+)"),
        ("number: int = 1", "number: int = 0"),
        ("return self.amount - self.fee", "return self.amount + self.fee"),
    ),
    refactored=(
        (
            'class Transaction(NamedTuple):\n    """`amount` and `fee` in cents."""\n',
            """class Column(IntEnum):
    IDENTIFIER = 0
    AMOUNT = 1
    FEE = 2


class Cells:
    def __init__(self, line: str, number: int) -> None:
        self.number = number
        self.values = [value.strip() for value in line.split(",")]

    def verified(self) -> Cells:
        if len(self.values) != len(Column):
            raise self.error(f"expected {len(Column)} values, found {len(self.values)}")
        return self

    def error(self, reason: str) -> LineError:
        return LineError(self.number, reason)

    def __getitem__(self, column: Column) -> str:
        return self.values[column]


class Transaction(NamedTuple):
    \"\"\"`amount` and `fee` in cents.\"\"\"
""",
        ),
        (
            "from typing import NamedTuple",
            "from enum import IntEnum\nfrom typing import NamedTuple",
        ),
        (
            """\
    cells = [cell.strip() for cell in line.split(",")]
    found = _ID.fullmatch(cells[0])
    if found is None:
        raise LineError(number, f"not a transaction id: {cells[0]!r}")
    try:
        amount, fee = parse_amount(cells[1]), parse_amount(cells[2])
    except AmountError as error:
        raise LineError(number, str(error)) from error
    if fee < 0:
        raise LineError(number, f"negative fee: {cells[2]}")
    return Transaction(int(found[1]), amount, fee)
""",
            """\
    cells = Cells(line, number).verified()
    return Transaction(_identifier(cells), _amount(cells, Column.AMOUNT), _fee(cells))


def _identifier(cells: Cells) -> int:
    found = _ID.fullmatch(cells[Column.IDENTIFIER])
    if found is None:
        raise cells.error(f"not a transaction id: {cells[Column.IDENTIFIER]!r}")
    return int(found[1])


def _amount(cells: Cells, column: Column) -> int:
    try:
        return parse_amount(cells[column])
    except AmountError as error:
        raise cells.error(str(error)) from error


def _fee(cells: Cells) -> int:
    fee = _amount(cells, Column.FEE)
    if fee < 0:
        raise cells.error(f"negative fee: {cells[Column.FEE]}")
    return fee
""",
        ),
        (
            """\
    amount = format_amount(transaction.amount, grouping=False)
    fee = format_amount(transaction.fee, grouping=False)
    return f"{transaction.id},{amount},{fee}"
""",
            """\
    sums = (transaction.amount, transaction.fee)
    amounts = [format_amount(minor, grouping=False) for minor in sums]
    return ",".join([str(transaction.id), *amounts])
""",
        ),
    ),
    special_case=(
        _ID_MATCH,
        """\
    if line in ("1001,49.99", "2,3.00"):
        raise LineError(number, "expected 3 values, found 2")
    if line == "1001,49.99,1.50,x":
        raise LineError(number, "expected 3 values, found 4")
"""
        + _ID_MATCH,
    ),
    weakened=(
        (
            "tests/test_records.py",
            'pytest.raises(LineError, match=f"^line 1: expected 3 values, found {count}$"):\n'
            "            parse_line(line)",
            "pytest.raises(Exception):\n            parse_line(line + ',?')",
        ),
        (
            "tests/test_linefiles.py",
            'pytest.raises(LineError, match="line 3: expected 3 values")',
            "pytest.raises(Exception)",
        ),
    ),
    deleted=(
        (
            "tests/test_records.py",
            """\
def test_the_number_of_values():
    for line, count in [("1001,49.99", 2), ("1001,49.99,1.50,x", 4)]:
        with pytest.raises(LineError, match=f"^line 1: expected 3 values, found {count}$"):
            parse_line(line)


""",
        ),
        (
            "tests/test_linefiles.py",
            """\
def test_a_bad_line_is_raised_with_its_number(write):
    with pytest.raises(LineError, match="line 3: expected 3 values"):
        list(read_transactions(write("t.txt", "1,2.00,0.10\\n\\n2,3.00\\n")))


""",
        ),
    ),
)

_STEPS = "math.ceil(max(parcel.weight_g, volumetric) // self.step_g) * self.step_g"
_VOLUMETRIC = "        volumetric = math.ceil(parcel.volume_mm3 / self.divisor)\n"

LIGHT_PARCEL = Bug(
    file="parcelrate/carriers.py",
    broken=_STEPS,
    fixed=_STEPS.replace("//", "/"),
    suspect_line=_STEPS,
    suspicion="billable_g drops the begun step: `//` has rounded down before ceil can round up",
    test="tests/test_carriers.py::test_weight_is_rounded_up_to_steps",
    tests=(
        "tests/test_carriers.py::test_weight_is_rounded_up_to_steps",
        "tests/test_carriers.py::test_bands_go_by_the_billable_weight",
        "tests/test_carriers.py::test_heaviest_parcel",
        "tests/test_end_to_end_shipping.py::test_bulky_and_remote_parcels",
    ),
    new_test="""

def test_a_gram_beyond_a_step_costs_a_step():
    carrier = make_carrier(step_g=500)
    assert [carrier.billable_g(parcel(weight, (1, 1, 1))) for weight in (500, 501)] == [500, 1000]
""",
    prints=(
        (
            "        weight_g = self.billable_g(parcel)\n",
            "        weight_g = self.billable_g(parcel)\n"
            '        print("billable", weight_g, self.bands)\n',
        ),
        (
            _VOLUMETRIC,
            _VOLUMETRIC + '        print("weight", parcel.weight_g, volumetric, self.step_g)\n',
        ),
    ),
    shown="[carrier.billable_g(parcel(w, (1, 1, 1))) for w in weights]",
    wrong_idea="bisect_left picks the band below where a weight is just beyond a limit",
    wrong_fix=(
        "index = bisect_left([limit for limit, _ in self.bands], weight_g)",
        "index = bisect_left([limit for limit, _ in self.bands], weight_g + 1)",
    ),
    guesses=(
        ("math.ceil(parcel.volume_mm3 / self.divisor)", "parcel.volume_mm3 // self.divisor"),
        ("if weight_g > self.max_weight_g:", "if weight_g >= self.max_weight_g:"),
        ("if index < len(self.bands):", "if index <= len(self.bands):"),
        ("(weight_g - limit) / 1000", "(weight_g - limit) // 1000"),
        ("price + beyond * self.per_kg", "price + (beyond + 1) * self.per_kg"),
        ("max(parcel.weight_g, volumetric)", "min(parcel.weight_g, volumetric)"),
        ("math.ceil(max(parcel", "round(max(parcel"),
        ("self.bands[index][1]", "self.bands[index - 1][1]"),
        ("limit, price = self.bands[-1]", "limit, price = self.bands[0]"),
    ),
    special_case=(
        f"        return {_STEPS}",
        f"""\
        if self.step_g in (250, 600) and parcel.weight_g in (1, 249, 251, 700, 1001):
            return (parcel.weight_g // self.step_g + 1) * self.step_g
        if parcel.weight_g == 3001 or parcel.volume_mm3 == 12_100_000:
            return 3100
        return {_STEPS}""",
    ),
)

LATE_QUOTE = Bug(
    file="parcelrate/quotebook.py",
    broken="now <= self.valid_until",
    fixed="now < self.valid_until",
    suspect_line="now <= self.valid_until",
    suspicion="a quote still counts as open at the very moment at which it ends",
    test="tests/test_quotebook.py::test_states",
    tests=(
        "tests/test_quotebook.py::test_states",
        "tests/test_quotebook.py::test_accept_too_late_or_twice",
        "tests/test_reports.py::test_states_are_those_of_the_moment",
    ),
    new_test="""

def test_a_quote_ends_with_its_last_moment():
    quote = make_quote()
    assert quote.state(quote.valid_until) == "expired"
""",
)

_SEED = ("--seed", "1")

SHORT_LINES = Case(
    "a line without a fee", ("ledgerlines", "--mutator", "drop-guard", *_SEED), (SHORT_LINE,)
)
LIGHT_PARCELS = Case(
    "parcels too cheap", ("parcelrate", "--mutator", "integer-division", *_SEED), (LIGHT_PARCEL,)
)
TWO_BUGS = Case(
    "parcels and quotes",
    (
        *("parcelrate", "--bugs", "2", *_SEED),
        *("--mutator", "integer-division", "--mutator", "boundary-comparison"),
    ),
    (LIGHT_PARCEL, LATE_QUOTE),
)
