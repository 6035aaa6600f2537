"""The trail as evidence: a keyed chain over its entries, and digests of the rows that each entry wrote (ADR 15)."""
