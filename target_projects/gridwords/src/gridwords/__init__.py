"""Word lists, grids and letter boards for the puzzle page."""

__version__ = "1.8.2"
