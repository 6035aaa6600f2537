"""The built-in numbers (PARAMETERS) as data: each row with its source, date and status."""
