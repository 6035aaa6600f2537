"""The parts of the report in reading order; each takes the report and gives blocks."""
