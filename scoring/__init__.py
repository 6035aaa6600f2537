"""Pure computation on plain data: returns, risk, criteria, ranking. No Flask, no SQL, no files but its own data."""

ENGINE_VERSION = "1.7.0"
"""Changes whenever any figure could change; stored with every run and compared on replay (METHOD 12)."""
