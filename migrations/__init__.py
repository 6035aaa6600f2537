"""Numbered changes of the tables, each with its way back."""
