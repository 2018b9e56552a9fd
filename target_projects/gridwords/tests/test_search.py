from builders import make_grid, make_match
from gridwords.grids import Grid
from gridwords.search import SearchRules, distinct, find_all, find_first, locate

BENT = SearchRules()
STRAIGHT = SearchRules(straight=True)


def paths(grid, word, rules=BENT):
    return [match.path for match in find_all(grid, word, rules)]


def test_words_that_bend():
    grid = make_grid("ABCE SFCS ADEE")
    assert paths(grid, "ABCCED", SearchRules(4)) == [
        ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1))
    ]
    assert paths(grid, "SEE", SearchRules(4)) == [((1, 3), (2, 3), (2, 2))]

    assert paths(make_grid("ABCE SFCS ADEE"), "ABCB", SearchRules(4)) == []
    assert paths(make_grid("AB"), "ABA") == []


def test_every_walk():
    found = paths(make_grid("AXA BAX"), "XAB")
    assert found == [
        ((0, 1), (1, 1), (1, 0)),
        ((0, 1), (0, 0), (1, 0)),
        ((1, 2), (1, 1), (1, 0)),
    ]

    grid = make_grid("AX XB")
    assert paths(grid, "AB") == [((0, 0), (1, 1))]
    assert paths(grid, "AB", SearchRules(4)) == []


def test_straight_words():
    grid = make_grid("CAT XOX XXG")
    assert paths(grid, "CAT", STRAIGHT) == [((0, 0), (0, 1), (0, 2))]
    assert paths(grid, "COG", STRAIGHT) == [((0, 0), (1, 1), (2, 2))]
    assert paths(grid, "CAO", STRAIGHT) == []
    assert paths(grid, "COG", SearchRules(4, straight=True)) == []

    assert paths(make_grid("TAC"), "CAT", STRAIGHT) == [((0, 2), (0, 1), (0, 0))]


def test_words_across_the_edge():
    grid = make_grid("TCA XXX XXX", wrap=True)
    assert paths(grid, "CAT", STRAIGHT) == [((0, 1), (0, 2), (0, 0))]
    assert paths(make_grid("TCA XXX XXX"), "CAT", STRAIGHT) == []

    assert paths(make_grid("AB", wrap=True), "ABA", STRAIGHT) == []


def test_double_tiles():
    grid = Grid((("QU", "I"), ("X", "T")))
    assert paths(grid, "QUIT") == [((0, 0), (0, 1), (1, 1))]
    assert paths(Grid((("T", "I", "QU"),)), "QUIT", STRAIGHT) == [((0, 2), (0, 1), (0, 0))]
    assert paths(grid, "QI") == []


def test_words_of_one_tile_or_none():
    grid = Grid((("QU", "A"), ("A", "X")))
    assert paths(grid, "A", STRAIGHT) == [((0, 1),), ((1, 0),)]
    assert paths(grid, "qu".upper()) == [((0, 0),)]

    assert find_all(make_grid("CAT"), "", BENT) == []


def test_most_matches_and_the_first():
    grid = make_grid("AB BA")
    assert len(paths(grid, "AB")) == 4
    assert len(paths(grid, "AB", SearchRules(max_matches=3))) == 3

    assert find_first(make_grid("XA AB"), "AB", BENT) == make_match("AB", (0, 1), (1, 1))
    assert find_first(make_grid("XA AB"), "BB", BENT) is None


def test_matches_with_the_same_cells():
    grid = make_grid("LEVEL")
    found = find_all(grid, "LEVEL", STRAIGHT)
    assert [match.path[0] for match in found] == [(0, 0), (0, 4)]
    assert distinct(found) == found[:1]

    crossed = [make_match("AB", (0, 0), (0, 1)), make_match("AB", (0, 0), (1, 0))]
    assert distinct(crossed) == crossed


def test_many_words():
    found = locate(make_grid("TOOT CATS"), ["TOOT", "DOG", "CAT"], STRAIGHT)
    assert list(found) == ["TOOT", "DOG", "CAT"]
    assert [len(matches) for matches in found.values()] == [1, 0, 1]


def test_rules_unless_told_otherwise():
    assert (BENT.neighbours, BENT.straight, BENT.max_matches) == (8, False, 1000)
