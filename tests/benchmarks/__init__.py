"""Six-taxes-two-fees in the version of 2023, decided by ours and by other engines on the same firms, on one core.

``script/bench`` runs it and prints the table; ``pytest -s tests/benchmarks`` does the same where the peers (the extra
``bench``) are installed.
"""
