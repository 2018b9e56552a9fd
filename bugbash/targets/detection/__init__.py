"""Reading a tree: metadata, layout, tests, dependencies."""
