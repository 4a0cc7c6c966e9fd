"""A server that a test starts for itself after a script has fetched it."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))


class Unavailable(Exception):
    """Why there is no server."""


def fetched(script):
    """What scripts/<script> prints: where it has put what it fetches."""
    found = subprocess.run([ROOT / 'scripts' / script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if found.returncode != 0:
        raise Unavailable((found.stderr.strip().splitlines() or [f'scripts/{script} failed'])[-1])
    return found.stdout.strip()


class FetchedServer:
    """A process with a folder of its own, which stop() takes away."""

    def __init__(self, prefix):
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self.log_path = self.folder / 'log'

    def launch(self, command, environment=None):
        with open(self.log_path, 'w') as log:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def check(self):
        if self.process.poll() is not None:
            raise Unavailable('the server ended: ' + self.log_path.read_text()[-300:].replace('\n', ' '))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
