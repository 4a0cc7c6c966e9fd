"""A warehouse that captures a PostgreSQL server of postgres.py."""
import shutil
import tempfile
from pathlib import Path

from postgres import PASSWORD
from warehouse import Warehouse

TOML = '''
[project]
name = "captured"

[[source]]
name = "shop"
kind = "postgres"
uri = "{uri}"
password_env = "SHOP_PASSWORD"
{more}
tables = [{tables}]
'''


class Captured(Warehouse):
    """`tables`: entries of garland.toml's list, as it writes them; `more`: lines of the source, `rest`: of the file."""

    def __init__(self, uri, *tables, more='', rest=''):
        self.uri, self.tables, self.more, self.rest = uri, tables, more, rest
        project = Path(tempfile.mkdtemp(prefix='captured-'))
        (project / 'garland.toml').write_text('')
        super().__init__(project, project / 'none')
        shutil.rmtree(project)
        self.environment['SHOP_PASSWORD'] = PASSWORD
        self.configure()

    def configure(self, **changed):
        for name, value in changed.items():
            setattr(self, name, value)
        text = TOML.format(uri=self.uri, more=self.more, tables=', '.join(t if t.startswith('{') else f'"{t}"' for t in self.tables))
        (self.project / 'garland.toml').write_text(text + self.rest)

    def capture(self, **how):
        """`garland run`: the capture event."""
        return self.run(**how)['capture'][0]

    def refusal(self):
        """What a run says that must fail."""
        done = self.call(*self.run_command('--json')[1:])
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def table(self, name, columns='*', order='1'):
        """Rows of a raw table as lists of texts."""
        return [list(row.values()) for row in self.rows(f'select {columns} from "raw".{name} order by {order}')]


def same_rows(server, warehouse, table, columns, order):
    """Both sides' rows as text, compared; what differs."""
    casts = ', '.join(f'cast({column} as varchar(65535))' for column in columns)
    texts = ', '.join(f'{column}::text' for column in columns)
    source = [tuple(row) for row in server.sql(f'select {texts} from {table} order by {order}')]
    landed = [tuple('' if value is None else value for value in row) for row in warehouse.table(table, casts, order)]
    if source == landed:
        return []
    only_source, only_landed = sorted(set(source) - set(landed)), sorted(set(landed) - set(source))
    return [f'{table}: {len(source)} rows at the source, {len(landed)} in the warehouse', f'only at the source: {str(only_source[:3])[:500]}',
            f'only in the warehouse: {str(only_landed[:3])[:500]}']


