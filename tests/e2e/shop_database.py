"""A PostgreSQL of a test's own, reached by its Unix socket only, and the demo shop's program."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get('GARLAND_BUILD', ROOT / 'build' / 'release'))
SHOP = BUILD / 'garland-shop'
POSTGRES = Path('/usr/lib/postgresql/15/bin')


class Server:
    """In a fresh folder, which goes with it. PostgreSQL refuses to run as root: then as its own user."""

    def __init__(self):
        scratch = Path(tempfile.gettempdir())
        self.folder = Path(tempfile.mkdtemp(prefix='pg-'))
        self.as_user = []
        if os.geteuid() == 0:
            self.as_user = ['runuser', '-u', 'postgres', '--']
            scratch.chmod(scratch.stat().st_mode | 0o011)  # the way to the folder
            shutil.chown(self.folder, 'postgres')
        self.data = self.folder / 'data'
        self.call(POSTGRES / 'initdb', '-D', self.data, '-U', 'shop', '-A', 'trust', '--no-sync')
        options = f"-p 5432 -k {self.folder} -c listen_addresses='' -c wal_level=logical -c fsync=off"
        self.call(POSTGRES / 'pg_ctl', '-D', self.data, '-w', '-l', self.folder / 'log', '-o', options, 'start')

    def call(self, *command):
        subprocess.run([*self.as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd='/')

    def uri(self, database):
        return f'postgresql://shop@/{database}?host={self.folder}'

    def rows(self, database, sql):
        """Each a tuple of texts; NULL is ''."""
        done = subprocess.run([POSTGRES / 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-F', '\x1f', '-R', '\x1e', '-c', sql, self.uri(database)],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise AssertionError(f'{sql}\n{done.stderr}')
        return [tuple(row.split('\x1f')) for row in done.stdout.rstrip('\n').split('\x1e') if row]

    def value(self, database, sql):
        return self.rows(database, sql)[0][0]

    def numbers(self, database, sql):
        """The first column of all rows."""
        return {int(row[0]) for row in self.rows(database, sql)}

    def dump(self, database):
        """pg_dump's text; \\restrict holds a random word."""
        done = subprocess.run([POSTGRES / 'pg_dump', '--schema=shop', self.uri(database)], text=True, stdout=subprocess.PIPE, check=True)
        return [line for line in done.stdout.splitlines() if not line.startswith(('\\restrict', '\\unrestrict'))]

    def stop(self):
        self.call(POSTGRES / 'pg_ctl', '-D', self.data, '-m', 'immediate', 'stop')
        shutil.rmtree(self.folder, ignore_errors=True)


def shop(*arguments):
    """The finished process of garland-shop."""
    return subprocess.run([SHOP, *map(str, arguments)], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
