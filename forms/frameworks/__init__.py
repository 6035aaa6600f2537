"""Writing a framework in the browser: its parts, its weights, its thresholds, publishing it."""
