"""`garland serve` for a suite: a small project with the tables of everything.py, on a free port of this machine.

As a program it starts one, runs the given command with variables() in its environment, and stops it: `tests/clients/server.py psql …` helps to look into a failure by hand.
"""
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import everything

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
GARLAND = os.environ.get('GARLAND', str(ROOT / 'build/release/garland'))
SLOW = 5 if os.environ.get('GARLAND_PRESET') in ('asan', 'tsan') else 1  # sanitized programs are about that much slower
START_S = 60 * SLOW
STOP_S = 40 * SLOW  # past the time that a stop gives to sessions


class Failed(Exception):
    """Why there is no server."""


class Server:
    host = '127.0.0.1'
    user = 'admin'
    password = 'Stollen-and-Gluehwein-24'
    database = 'dev'
    reader = ('reader', 'Glitter-and-Tinsel-06')  # a user who may read only

    def __init__(self, config=''):
        self.folder = Path(tempfile.mkdtemp(prefix='serve-'))
        self.project = self.folder / 'project'
        self.project.mkdir()
        (self.project / 'garland.toml').write_text('[project]\nname = "clients"\n' + config)
        self.data = self.folder / 'store'
        self.environment = dict(os.environ, GARLAND_DATA=str(self.data), GARLAND_ADMIN_PASSWORD=self.password)
        self.certificate = self.data / 'server.crt'
        self.log_path = self.folder / 'log'
        self.process = None
        self.fill()
        self.start()

    def fill(self):
        """Before the server runs, so that nothing of the endpoint is needed for it."""
        script = self.folder / 'fill.sql'
        script.write_text(everything.SCRIPT + f"create user {self.reader[0]} password '{self.reader[1]}';\n"
                          f'grant select on everything to {self.reader[0]};\n')
        done = subprocess.run([GARLAND, 'sql', '--project', self.project, '--file', script], env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Failed('the tables could not be made: ' + done.stdout[-1500:])

    def start(self):
        self.log = open(self.log_path, 'a')
        self.process = subprocess.Popen([GARLAND, 'serve', '--project', self.project, '--port', '0'], env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            line = self.process.stdout.readline() if ready else ''
            if found := re.match(r'listening on 127\.0\.0\.1:(\d+)$', line.rstrip()):
                self.port = int(found.group(1))
                return
            if self.process.poll() is not None:
                break
        self.stop()
        raise Failed(f'garland serve did not listen: {self.said()}')

    def said(self):
        return self.log_path.read_text(errors='replace')[-1500:].strip() or 'it said nothing'

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.running():
            self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it as an operator does; gives its exit code."""
        if self.running():
            self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self.log.close()
        return self.process.returncode

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def variables(self):
        """What a program needs to log in; libpq's own too."""
        return {'PGHOST': self.host, 'PGPORT': str(self.port), 'PGUSER': self.user, 'PGPASSWORD': self.password,
                'PGDATABASE': self.database} | {'GARLAND_TEST_' + name: str(value) for name, value in {
            'HOST': self.host, 'PORT': self.port, 'USER': self.user, 'PASSWORD': self.password, 'DATABASE': self.database,
            'CERTIFICATE': self.certificate, 'TEXTS': json.dumps(everything.TEXTS), 'OIDS': json.dumps(everything.OIDS)}.items()}


def main():
    server = Server()
    try:
        code = subprocess.run(sys.argv[1:], env={**os.environ, **server.variables()}).returncode
        sys.stderr.write(server.said() + '\n')
    finally:
        server.stop()
        server.remove()
    sys.exit(code)


if __name__ == '__main__':
    main()
