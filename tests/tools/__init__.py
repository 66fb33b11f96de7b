"""Programs that tests use: generators of firms and queries, and walks through the program."""
