"""A PostgreSQL of a test's own, reached by its Unix socket only, and the demo shop's program."""
import os
import subprocess
from pathlib import Path

from postgres import BINARIES as POSTGRES
from postgres import Cluster

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get('GARLAND_BUILD', ROOT / 'build' / 'release'))
SHOP = BUILD / 'garland-shop'


class Server(Cluster):
    """It trusts whoever reaches its Unix socket."""

    def __init__(self):
        super().__init__('-U', 'shop', '-A', 'trust')
        self.launch('-p 5432', "-c listen_addresses=''", '-c wal_level=logical', '-c fsync=off')

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


def shop(*arguments):
    """The finished process of garland-shop."""
    return subprocess.run([SHOP, *map(str, arguments)], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
