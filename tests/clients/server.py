"""`garland serve` for a suite: a small project with the tables of everything.py, on a free port of this machine.

As a program it starts one, runs the given command with variables() in its environment, and stops it: `tests/clients/server.py psql …` helps to look into a failure by hand.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import everything

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'e2e'))
from served import GARLAND, PASSWORD, ROOT, SLOW, Failed, Served  # noqa: E402,F401


class Server(Served):
    host = '127.0.0.1'
    user = 'admin'
    password = PASSWORD
    database = 'dev'
    reader = ('reader', 'Glitter-and-Tinsel-06')  # a user who may read only

    def __init__(self, config=''):
        folder = Path(tempfile.mkdtemp(prefix='serve-'))
        super().__init__(folder, folder / 'project', folder / 'store')
        self.project.mkdir()
        (self.project / 'garland.toml').write_text('[project]\nname = "clients"\n' + config)
        self.certificate = self.data / 'server.crt'
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
        server.remove()
    sys.exit(code)


if __name__ == '__main__':
    main()
