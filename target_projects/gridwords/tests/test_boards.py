from datetime import timedelta

from builders import NOON, board_rules, make_grid
from gridwords.boards import Reason, Trie, judge, points, solve, tile_data
from gridwords.grids import Grid

BOARD = make_grid("CAT SRE")


def test_trie():
    trie = Trie.of(["CAR", "CART", "DO"])
    assert [word in trie for word in ("CAR", "CART", "DO", "CA", "D", "CARTS", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]

    trie = Trie.of(["CAR", "CAT"])
    assert sorted(trie.follow("CA").branches) == ["R", "T"]
    assert trie.follow("CAB") is None
    assert trie.follow("") is trie


def test_points():
    for length, score in [
        (0, 0),
        (2, 0),
        (3, 1),
        (4, 1),
        (5, 2),
        (6, 3),
        (7, 5),
        (8, 11),
        (9, 11),
        (15, 11),
    ]:
        assert points("A" * length) == score

    assert tile_data()["points"] == {"3": 1, "4": 1, "5": 2, "6": 3, "7": 5, "8": 11}


def test_letter_weights():
    weights = tile_data()["weights"]
    assert "".join(weights) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert list(weights.values())[:9] == [82, 15, 28, 43, 127, 22, 20, 61, 70]
    assert list(weights.values())[9:18] == [2, 8, 40, 24, 67, 75, 19, 1, 60]
    assert list(weights.values())[18:] == [63, 91, 28, 10, 24, 3, 20, 1]


def solved(grid, words, **rules):
    return [match.word for match in solve(grid, Trie.of(words), board_rules(**rules))]


def test_words_on_the_board():
    words = ["CARE", "TEAR", "RACE", "CAT", "CATS", "ACES", "RAT"]
    assert solved(BOARD, words) == ["CARE", "TEAR", "CAT", "RAT"]

    words = ["CAT", "ARES", "AT"]
    assert solved(BOARD, words, min_length=3) == ["CAT"]
    assert solved(BOARD, words, min_length=2) == ["CAT", "AT"]

    assert solved(BOARD, ["CARE", "RAT", "CAR"], neighbours=4) == ["CARE", "CAR", "RAT"]
    assert solved(BOARD, ["SAT", "CRT"], neighbours=4) == []


def test_no_cell_is_used_twice():
    assert solved(make_grid("TAX"), ["TAT", "TAX"]) == ["TAX"]


def test_paths_of_words():
    found = solve(make_grid("ATA"), Trie.of(["AT"]), board_rules(min_length=2))
    assert [match.path for match in found] == [((0, 0), (0, 1))]

    found = solve(make_grid("AB BC"), Trie.of(["ABC"]), board_rules())
    assert [match.path for match in found] == [((0, 0), (0, 1), (1, 1))]
    assert solved(make_grid("ABX XCD"), ["ABD", "ABCD", "CBA"]) == ["ABCD", "ABD", "CBA"]


def test_double_tiles_and_wrapping_boards():
    assert solved(Grid((("QU", "I"), ("X", "T"))), ["QUIT", "QIT", "QU"]) == ["QUIT"]

    assert solved(make_grid("AXXT XXXX XXXX XXXX", wrap=True), ["AT"], min_length=2) == ["AT"]


def said(*words, after=0):
    return [(NOON + timedelta(seconds=after), word) for word in words]


def judged(words, listed=("CAT", "CARE", "SEA", "TARES"), **rules):
    verdicts = judge(BOARD, words, NOON, Trie.of(listed), board_rules(**rules))
    return [(verdict.word, verdict.reason, verdict.points) for verdict in verdicts]


def test_words_that_score_or_not():
    assert judged(said(" cat", "Care")) == [
        ("CAT", Reason.SCORED, 1),
        ("CARE", Reason.SCORED, 1),
    ]
    assert judged(said("carts"), listed=["CARTS"]) == [("CARTS", Reason.ABSENT, 0)]

    assert judged(said("race", "sea", " c4t ", "at")) == [
        ("RACE", Reason.UNLISTED, 0),
        ("SEA", Reason.ABSENT, 0),
        ("c4t", Reason.NO_WORD, 0),
        ("at", Reason.NO_WORD, 0),
    ]

    assert [reason for _, reason, _ in judged(said("cat", "CAT", "sea", "sea"))] == [
        Reason.SCORED,
        Reason.TWICE,
        Reason.ABSENT,
        Reason.ABSENT,
    ]

    verdicts = judged(said("at", "at"), listed=["AT"], min_length=2)
    assert verdicts == [("AT", Reason.SCORED, 0), ("AT", Reason.TWICE, 0)]


def test_end_of_the_game():
    assert judged(said("cat", after=130)) == [("CAT", Reason.SCORED, 1)]
    assert judged(said("cat", after=131)) == [("CAT", Reason.LATE, 0)]
    assert judged(said("cat", after=121), grace=timedelta(0)) == [("CAT", Reason.LATE, 0)]

    words = [*said("cat", after=131), *said("cat", after=5)]
    assert [reason for _, reason, _ in judged(words)] == [Reason.LATE, Reason.SCORED]


def test_words_of_verdicts():
    assert [reason.value for reason in Reason] == [
        "scored",
        "out of time",
        "said before",
        "not a word",
        "not in the lists",
        "not on the board",
    ]
