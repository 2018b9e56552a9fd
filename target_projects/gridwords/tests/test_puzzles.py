import random

import pytest
from builders import make_grid, make_match
from gridwords.errors import PuzzleError
from gridwords.grids import Direction
from gridwords.puzzles import WAYS, PuzzleRules, generate

PLAIN = {"X": 1}


class First(random.Random):
    """Takes the first of what there is to choose from."""

    def choice(self, seq):
        return seq[0]


class Last(First):
    def choice(self, seq):
        return seq[-1]


def make(words, width=4, height=4, rng=None, weights=PLAIN, **rules):
    rules = {"difficulty": "easy", "fullness": 100, "attempts": 1, **rules}
    return generate(words, PuzzleRules(width, height, **rules), weights, rng or First())


def rows(puzzle):
    return " ".join("".join(row) for row in puzzle.grid.rows)


def test_places_of_words():
    assert rows(make(["CAT"], 4, 3)) == "CATX XXXX XXXX"
    assert rows(make(["CAT"], 4, 3, Last(), difficulty="easy")) == "XXXX XXXX XCAT"

    assert rows(make(["CAT"], 3, 3, difficulty="medium")) == "CAT XXX XXX"
    assert rows(make(["CAT"], 3, 3, Last(), difficulty="medium")) == "XXX XXX CAT"
    assert rows(make(["CAT"], 3, 3, Last(), difficulty="hard")) == "TXX XAX XXC"


def test_words_cross_where_they_can():
    puzzle = make(["TIN", "CAT"], 3, 3)
    assert rows(puzzle) == "CAT XXI XXN"
    assert puzzle.placed == (
        make_match("CAT", (0, 0), (0, 1), (0, 2)),
        make_match("TIN", (0, 2), (1, 2), (2, 2)),
    )

    assert rows(make(["ABCD", "CDE"], 5, 2)) == "ABCDE XXXXX"
    assert rows(make(["PIT", "CAT"], 3, 3, Last())) == "XXP XXI CAT"


def test_order_of_words():
    assert [match.word for match in make(["ANT", "TIGER", "COW"], 5, 5).placed] == [
        "TIGER",
        "ANT",
        "COW",
    ]

    puzzle = make(["DOG", "CAT"], 3, 2)
    assert rows(puzzle) == "CAT DOG"

    assert make(["CAT"], 3, 1).grid == make_grid("CAT", words=("CAT",))


def test_ways_of_each_difficulty():
    east, south = Direction.EAST, Direction.SOUTH
    assert WAYS["easy"] == (east, south)
    assert set(WAYS["medium"]) == {east, south, Direction.NORTH_EAST, Direction.SOUTH_EAST}
    assert set(WAYS["hard"]) == set(Direction)


def test_words_without_room():
    puzzle = make(["COW", "TIGER", "ANT"], 3, 2)
    assert puzzle.left_out == ("TIGER",)
    assert puzzle.grid.words == ("ANT", "COW")

    words = ["COW", "ANT", "PIG"]
    assert make(words, 4, 4, fullness=56).left_out == ()
    assert make(words, 4, 4, fullness=50).left_out == ("PIG",)
    assert make(words, 4, 4, fullness=51).left_out == ()


def test_words_within_words():
    puzzle = make(["CAT", "CATTLE", "ELT", "LET"], 6, 6)
    assert puzzle.left_out == ("CAT", "ELT")
    assert puzzle.grid.words == ("CATTLE", "LET")

    assert make(["CAT", "CATTLE"], 4, 4).left_out == ("CATTLE",)


def test_puzzles_that_cannot_be_made():
    with pytest.raises(PuzzleError, match="none of the words fits"):
        make(["TIGER"])

    with pytest.raises(PuzzleError, match="twice after 3 attempts"):
        make(["AAA"], 4, 4, weights={"A": 1}, attempts=3)


def test_filling_is_tried_again():
    class Fillings(First):
        fillings = [list("XXXTAC"), list("XXXXYZ")]

        def choices(self, population, weights=None, *, cum_weights=None, k=1):
            return self.fillings.pop(0)

    assert rows(make(["CAT"], 3, 2, Fillings(), attempts=2)) == "CAT XYZ"

    class MoreFillings(Fillings):
        fillings = [list("XXXXXXTAC"), list("XXXXXXXYZ")]

    assert rows(make(["CAT", "DOG"], 3, 3, MoreFillings(), attempts=2)) == "CAT DOG XYZ"


def test_filling_follows_the_weights():
    puzzle = make(["CAT"], 4, 2, weights={"Y": 0, "Z": 3})
    assert rows(puzzle) == "CATZ ZZZZ"


def test_same_seed_same_puzzle():
    words, weights = ["TIGER", "LION"], {"A": 3, "B": 1, "C": 1}
    puzzles = [
        make(words, 8, 6, random.Random(7), weights, difficulty="hard", attempts=20)
        for _ in range(2)
    ]
    assert puzzles[0] == puzzles[1]
    assert puzzles[0].grid.words == ("LION", "TIGER")


def test_rules_unless_told_otherwise():
    rules = PuzzleRules()
    assert (rules.width, rules.height, rules.difficulty) == (12, 12, "medium")
    assert (rules.fullness, rules.attempts) == (60, 20)
