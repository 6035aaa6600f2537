"""Ask for known weaknesses of the packages in a lock file; needs the network, and changes no environment.

python tools/weak_packages.py requirements.lock
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

AUDITOR = "pip-audit>=2.9,<3"


def main() -> None:
    lock = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", AUDITOR], check=True)
        asked = subprocess.run(
            [python, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"], check=False
        )
    sys.exit(asked.returncode)


if __name__ == "__main__":
    main()
