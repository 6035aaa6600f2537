"""What a file sent as evidence is, told by its contents alone."""
