"""A `garland serve` or `garland up` process of a test: started on a free port of this machine, watched, stopped."""
import os
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
GARLAND = os.environ.get('GARLAND', str(ROOT / 'build/release/garland'))
PASSWORD = 'Stollen-and-Gluehwein-24'  # admin's
SLOW = 5 if os.environ.get('GARLAND_PRESET') in ('asan', 'tsan') else 1  # sanitized programs are about that much slower
START_S = 60 * SLOW
STOP_S = 60 * SLOW  # past the time that a stop gives to sessions


class Failed(Exception):
    """Why there is no server."""


class Served:
    """`folder` is removed with it; `project` and `data` stand in it."""

    command = ('serve',)

    def __init__(self, folder, project, data, *options):
        """`options` of garland itself."""
        self.folder, self.project, self.data, self.options = Path(folder), Path(project), Path(data), options
        self.data_api = None  # where it answers
        self.environment = dict(os.environ, GARLAND_DATA=str(data), GARLAND_ADMIN_PASSWORD=PASSWORD)
        self.log_path = self.folder / 'log'
        self.process = None

    def start(self):
        self.log = open(self.log_path, 'a')
        self.process = subprocess.Popen([GARLAND, *self.options, *self.command, '--project', self.project, '--port', '0',
                                         '--http-port', '0'],
                                        env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log,
                                        text=True)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.running():
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            line = self.process.stdout.readline() if ready else ''
            if found := re.match(r'listening on 127\.0\.0\.1:(\d+)$', line.rstrip()):
                self.port = int(found.group(1))
                self.data_api = self.process.stdout.readline().split()[-1]
                return
        self.stop()
        raise Failed(f'garland {self.command[0]} did not listen: {self.said()}')

    def log_text(self):
        return self.log_path.read_text(errors='replace')

    def said(self):
        return self.log_text()[-1500:].strip() or 'it said nothing'

    def running(self):
        return self.process is not None and self.process.poll() is None

    def ends_within(self, seconds):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ask_to_stop(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        if self.running():
            self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        """Ends it as an operator does; gives its exit code."""
        if self.running():
            self.ask_to_stop()
        if not self.ends_within(STOP_S):
            self.kill()
        self.log.close()
        return self.process.returncode

    def remove(self):
        """Stops it; gives its exit code."""
        code = self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code
