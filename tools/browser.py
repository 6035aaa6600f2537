"""See that a Chromium is there for the browser tests; install Debian's where the machine allows it."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first opens a window in a tenth of the time: it is the engine alone, without the interface around it."""


def found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    if found():
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.exit("The browser tests need Chromium. On Debian or Ubuntu: sudo apt install chromium, then run again.")
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=False, env=environment)
    for package in ("chromium-headless-shell", "chromium"):
        command = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
        if not subprocess.run(command, check=False, env=environment).returncode and found():
            return
    sys.exit("Chromium could not be installed; the lines above say why.")


if __name__ == "__main__":
    main()
