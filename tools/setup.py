"""Make the virtual environment and install exactly what a lock file names. Needs only Python 3.11+."""

import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)


def stop(message: str) -> None:
    sys.exit(f"\n{message}\n")


def main() -> None:
    if sys.version_info < OLDEST:
        this = sys.version.split()[0]
        stop(f"Python 3.11 or newer is needed, this is {this}. Name another: make run PYTHON=python3.12")
    folder, lock = Path(sys.argv[1]), sys.argv[2]
    python = folder / "bin" / "python"
    if not python.exists():
        try:
            import ensurepip  # noqa: F401, PLC0415
            import venv  # noqa: PLC0415
        except ImportError:
            stop(
                "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv, "
                "then run the same command again."
            )
        print(f"Making the virtual environment {folder} …", flush=True)
        venv.create(folder, with_pip=True)
    print(f"Installing {lock} (about a minute the first time) …", flush=True)
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--quiet", "--python", str(python)]
    else:
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--require-hashes", "-r", lock], check=False)
    if done.returncode:
        stop(
            f"Installing {lock} failed; the lines above say why. The first set-up needs the network; later ones do not."
        )
    project = [*command, "--no-deps", "--no-build-isolation", "--editable", "."]
    if subprocess.run(project, check=False).returncode:
        stop("Installing the project itself failed; the lines above say why.")


if __name__ == "__main__":
    main()
