"""A reader claims to have found a word; the desk looks where it stands."""

WHO = "a clerk at the readers' desk"
SUBJECT = "Word in a grid"
DETAIL = "At most eight places of a word are looked for in the steps."

CASES = {
    "a bending word": ("ABCE SFCS ADEE", "ABCCED", 4, False, False),
    "a word at the corner": ("ABCE SFCS ADEE", "SEE", 4, False, False),
    "a word that needs a cell twice": ("ABCE SFCS ADEE", "ABCB", 4, False, False),
    "a word with eight neighbours": ("ABCE SFCS ADEE", "SEE", 8, False, False),
    "a diagonal with four neighbours": ("AX XB", "AB", 4, False, False),
    "a diagonal with eight neighbours": ("AX XB", "AB", 8, False, False),
    "a straight word": ("CAT XOX XXG", "CAT", 8, False, True),
    "a straight diagonal": ("CAT XOX XXG", "COG", 8, False, True),
    "a straight diagonal with four ways": ("CAT XOX XXG", "COG", 4, False, True),
    "a straight word backwards": ("TAC XXX XXX", "CAT", 8, False, True),
    "a straight word upwards": ("TXX AXX CXX", "CAT", 4, False, True),
    "a straight word up and to the left": ("TXX XAX XXC", "CAT", 8, False, True),
    "a straight word down and to the left": ("XXC XAX TXX", "CAT", 8, False, True),
    "a word that would have to bend": ("CAT XOX XXG", "CAO", 8, False, True),
    "a word across the edge": ("TCA XXX XXX", "CAT", 8, True, True),
    "a word across the edge of a plain grid": ("TCA XXX XXX", "CAT", 8, False, True),
    "a word across the lower edge": ("TXX CXX AXX", "CAT", 4, True, True),
    "a word across the corner": ("AXX XTX XXC", "CAT", 8, True, True),
    "a word round and round": ("AB XX", "ABAB", 8, True, True),
    "a bending word across the edge": ("AXXT XXXX XXXX", "TA", 8, True, False),
    "a palindrome": ("LEVEL", "LEVEL", 8, False, True),
    "a bending palindrome": ("NOO XXN", "NOON", 8, False, False),
    "a word in two places": ("CAT DOG TAC", "CAT", 8, False, True),
    "more places than are wanted": ("ABA BAB ABA", "AB", 8, False, False),
    "a letter": ("ABA", "A", 8, False, True),
    "a bending letter": ("ABA", "A", 8, False, False),
    "a double tile": ("QXX TIX", "QUIT", 8, False, False),
    "a straight double tile": ("TIQ", "QUIT", 8, False, True),
    "half a double tile": ("QIX", "QI", 8, False, False),
    "a double tile alone": ("QIX", "QU", 8, False, False),
    "a word that is not there": ("CAT DOG", "COW", 8, False, False),
    "no word": ("CAT DOG", "", 8, False, False),
    "a grid of one cell": ("A", "AA", 8, True, False),
    "a column": ("C A T", "TAC", 4, False, True),
}


def journey(text, word, neighbours, wrap, straight):
    from gridwords.grids import Grid
    from gridwords.reports import match_table, to_text
    from gridwords.search import SearchRules, find_all, find_first, locate

    rows = tuple(tuple("QU" if tile == "Q" else tile for tile in row) for row in text.split())
    grid, rules = Grid(rows, wrap), SearchRules(neighbours, straight, max_matches=8)
    print(SearchRules(), find_first(grid, word, rules))
    print([match.path for match in find_all(grid, word, rules)])
    print(to_text(match_table(locate(grid, [word, "OD", "X"], rules))))
    print([grid.neighbours(cell, neighbours) for cell in grid.cells()], grid.neighbours((0, 0)))
