"""What the right to act on what is learned is worth: to abandon, to delay, to stage (METHOD 8)."""
