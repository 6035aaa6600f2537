"""The steps of reading a pasted table; the whole of it is `appraisal.reading.pasted_table.read_pasted`."""
