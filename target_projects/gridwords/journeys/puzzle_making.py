"""The desk makes the word search of the day."""

WHO = "an editor at the puzzle desk"
SUBJECT = "Word search of the day"
DETAIL = "The seed is given, so the puzzle is the same each time."

CASES = {
    "one word": (["CAT"], 4, 3, "easy", 100, 1),
    "words that cross": (["TIN", "CAT"], 4, 4, "easy", 100, 1),
    "words that overlap": (["ABCD", "CDE"], 6, 2, "easy", 100, 1),
    "words that fill the grid": (["CAT", "DOG"], 3, 2, "easy", 100, 1),
    "diagonal words": (["TIGER", "LION", "GNU"], 6, 6, "medium", 60, 2),
    "words in all directions": (["TIGER", "LION", "GNU", "OTTER"], 7, 7, "hard", 60, 3),
    "another seed": (["TIGER", "LION", "GNU", "OTTER"], 7, 7, "hard", 60, 4),
    "an easy grid": (["TIGER", "LION", "GNU", "OTTER"], 7, 7, "easy", 60, 3),
    "a wide grid": (["TIGER", "LION"], 9, 3, "hard", 100, 3),
    "a high grid": (["TIGER", "LION"], 3, 9, "hard", 100, 3),
    "a word that is too long": (["COW", "TIGER"], 4, 3, "hard", 100, 1),
    "a word as long as the grid": (["TIGER"], 5, 2, "easy", 100, 1),
    "a word within another": (["CAT", "CATTLE"], 7, 3, "easy", 100, 1),
    "a word within another backwards": (["ELT", "LET"], 7, 3, "easy", 100, 1),
    "a word within one that is left out": (["CAT", "CATTLE"], 4, 4, "easy", 100, 1),
    "a word twice": (["CAT", "CAT"], 4, 4, "easy", 100, 1),
    "a palindrome": (["LEVEL"], 6, 3, "hard", 100, 2),
    "a grid half full": (["COW", "ANT", "PIG"], 4, 4, "hard", 50, 1),
    "a grid a little more than half full": (["COW", "ANT", "PIG"], 4, 4, "hard", 51, 1),
    "accents": (["ÉTÉ", "NOËL"], 5, 4, "easy", 100, 1),
    "no words": ([], 4, 4, "easy", 100, 1),
    "no room for any word": (["TIGER"], 4, 4, "easy", 100, 1),
    "no fullness for any word": (["TIGER"], 5, 5, "easy", 10, 1),
    "a filling that repeats the word": (["EEE"], 20, 20, "easy", 100, 1),
}


def journey(words, width, height, difficulty, fullness, seed):
    from random import Random

    from gridwords.boards import tile_data
    from gridwords.grids import format_grid
    from gridwords.puzzles import WAYS, PuzzleRules, generate
    from gridwords.reports import trail

    print(PuzzleRules(), [way.name for way in WAYS[difficulty]])
    weights = {"E": 1} if words == ["EEE"] else tile_data()["weights"]
    rules = PuzzleRules(width, height, difficulty, fullness, attempts=30)
    puzzle = generate(words, rules, weights, Random(seed))
    print(format_grid(puzzle.grid), [f"{match.word} {trail(match)}" for match in puzzle.placed])
    print("left out:", puzzle.left_out)
