"""The league's boards are solved, and players' words are judged."""

WHO = "a player of the office league"
SUBJECT = "Letter board"
DETAIL = "A game of the steps takes three minutes and has five seconds of grace."

CASES = {
    "all words": ("CAT SRE", 3, 8, []),
    "boards with four neighbours": ("CAT SRE", 3, 4, []),
    "longer words only": ("CAT SRE", 4, 8, []),
    "shorter words": ("CAT SRE", 2, 8, []),
    "a board that wraps": ("AXXT XXXX XXXX", 2, 8, []),
    "a board with a double tile": ("QIT XXE", 3, 8, [(0, "quit"), (0, "quite"), (0, "qit")]),
    "a board with equal letters": ("ATA TAT", 3, 8, [(0, "tat"), (0, "tatat")]),
    "one word": ("CAT SRE", 3, 8, [(0, "cat")]),
    "several words": ("CAT SRE", 3, 8, [(0, " cat "), (9, "Care"), (9, "carts")]),
    "a word said twice": ("CAT SRE", 3, 8, [(0, "cat"), (1, "CAT")]),
    "an absent word said twice": ("CAT SRE", 3, 8, [(0, "sea"), (1, "sea")]),
    "a word that nobody listed": ("CAT SRE", 3, 8, [(0, "rac")]),
    "a word that is too short": ("CAT SRE", 3, 8, [(0, "at"), (0, "cat")]),
    "a word of nothing": ("CAT SRE", 3, 8, [(0, "  "), (0, "c4t")]),
    "a word worth nothing": ("CAT SRE", 2, 8, [(0, "at"), (0, "at")]),
    "a word at the last moment": ("CAT SRE", 3, 8, [(180, "cat"), (185, "care")]),
    "a word after the last moment": ("CAT SRE", 3, 8, [(186, "cat"), (187, "care")]),
    "a late word that comes again in time": ("CAT SRE", 3, 8, [(186, "cat"), (5, "cat")]),
    "words of all lengths": ("ABCDEFGHI", 1, 8, [(0, "ABCDEFGHI"[:n]) for n in range(1, 10)]),
}


def journey(text, min_length, neighbours, said):
    from datetime import datetime, timedelta, timezone

    from gridwords.boards import BoardRules, Trie, judge, points, solve, tile_data
    from gridwords.grids import Grid
    from gridwords.reports import solution_table, to_csv, to_text, verdict_table
    from gridwords.search import SearchRules
    from gridwords.words import WordRules

    words = ["AT", "CAT", "CARE", "TEAR", "SEA", "CARTS", "QUIT", "QUITE", "QIT", "TAT", "TATAT", "TAXA", "TA", "CRATES"]
    trie = Trie.of(words + ["ABCDEFGHI"[:count] for count in range(1, 10)])
    rows = tuple(tuple("QU" if tile == "Q" else tile for tile in row) for row in text.split())
    rules = BoardRules(WordRules(min_length, 12), SearchRules(neighbours), timedelta(minutes=3), timedelta(seconds=5))
    grid = Grid(rows, wrap="X" in text and "Q" not in text)
    print(to_csv(solution_table(solve(grid, trie, rules))))
    began = datetime(2024, 3, 1, 12, tzinfo=timezone.utc)
    moments = [(began + timedelta(seconds=after), word) for after, word in said]
    print(to_text(verdict_table(judge(grid, moments, began, trie, rules))))
    print(["CA" in trie, "CAT" in trie, "CATX" in trie], [points("A" * length) for length in range(17)])
    print(tile_data())
