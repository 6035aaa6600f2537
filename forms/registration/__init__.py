"""What a planner fills in to register a project."""
