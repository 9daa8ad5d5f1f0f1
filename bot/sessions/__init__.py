"""Class sessions as people see them: the board, the last words, and what an instructor is told."""
