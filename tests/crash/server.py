"""The real server as `appraisal serve` runs it, without the warming up: a process that lives a second needs none."""

import sys

import appraisal.server
from config import from_environment

appraisal.server.warm_up = lambda: None
appraisal.server.run(from_environment(), host="127.0.0.1", port=int(sys.argv[1]))
