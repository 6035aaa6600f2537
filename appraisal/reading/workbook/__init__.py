"""Many projects at once: workbooks, CSV tables, project files and OC4IDS packages, read into one list of entries."""
