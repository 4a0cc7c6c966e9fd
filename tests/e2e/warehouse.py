"""A warehouse under test: one project, its source files and its data folder, driven through the program as a user does."""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
GARLAND = os.environ.get('GARLAND', str(ROOT / 'build/release/garland'))
ONLINE_RETAIL = ROOT.parent / 'shared' / 'data' / 'online-retail'
sys.path.insert(0, str(ROOT / 'tests' / 'house'))
from lines import Lines  # noqa: E402,F401


class Warehouse:
    """The project is copied, so that tests may change it; `data` is the folder of its source files."""

    def __init__(self, project, data):
        self.folder = Path(tempfile.mkdtemp(prefix='warehouse-'))
        self.project = self.folder / 'project'
        shutil.copytree(project, self.project, ignore=shutil.ignore_patterns('.garland'))
        self.data = Path(data)
        self.environment = dict(os.environ, GARLAND_DATA=str(self.folder / 'store'))

    def command(self, *arguments):
        return [GARLAND, *map(str, arguments)]

    def call(self, *arguments):
        """The finished process; nothing is checked."""
        return subprocess.run(self.command(*arguments), env=self.environment, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_command(self, *more):
        return self.command('run', '--project', self.project, '--data', self.data, *more)

    def run(self, *more, exit_code=0):
        """`garland run --json`: its events, by kind."""
        done = self.call(*self.run_command('--json', *more)[1:])
        if done.returncode != exit_code:
            raise AssertionError(f'exit code {done.returncode}, expected {exit_code}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}')
        events = {}
        for line in done.stdout.splitlines():
            event = json.loads(line)
            events.setdefault(event.get('event', 'error'), []).append(event)
        return events

    def rows(self, sql):
        done = self.call('sql', '--project', self.project, '--json', sql)
        if done.returncode != 0:
            raise AssertionError(f'{sql}\n{done.stdout}{done.stderr}')
        return [json.loads(line) for line in done.stdout.splitlines()]

    def row(self, sql):
        rows = self.rows(sql)
        assert len(rows) == 1, f'{sql}: {len(rows)} rows'
        return list(rows[0].values())

    def fingerprint(self):
        """Every table of raw, core and marts with its rows and a checksum of them, whatever their order and the bookkeeping columns."""
        print_of = {}
        for table in self.rows("select n.nspname as s, c.relname as t from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                               "where c.relkind = 'r' and n.nspname in ('raw', 'core', 'marts') order by 1, 2"):
            rows = self.rows(f'select * from "{table["s"]}".{table["t"]}')
            texts = sorted(json.dumps({k: v for k, v in row.items() if k not in ('_batch_id', '_loaded_at')}) for row in rows)
            print_of[f"{table['s']}.{table['t']}"] = [len(rows), hashlib.sha256('\n'.join(texts).encode()).hexdigest()[:16]]
        return print_of

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
