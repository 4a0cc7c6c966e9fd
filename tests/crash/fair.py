"""A shop whose traffic is captured, and what must hold of its warehouse afterwards, whatever happened in between.

`Fair` is the shop: four tables in a schema of its own, traffic by seed. `Stall` is a warehouse of it: the captured tables, a file source with
sensitive columns and a model. `Stall.faults()` compares them:
the source's rows with raw.<table>; raw.<table>_changes, replayed, with raw.<table>; the model with what it reads; the vault with the files.
"""
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'e2e'))
from captured import Captured  # noqa: E402

COLUMNS = {'orders': ('id', 'note', 'amount'), 'items': ('id', 'order_id', 'n'), 'bag': ('a', 'b'), 'codes': ('code', 'n')}
LARGE = {'note'}  # compared by checksum
SCHEMA = '''create table orders (id integer primary key, note text, amount numeric(12,2)); alter table orders alter note set storage external;
create table items (id bigint primary key, order_id integer, n integer); create sequence item start 10000;
create table bag (a integer, b integer); alter table bag replica identity full;
create table codes (code varchar(12) primary key, n integer);'''
ROWS = '''truncate orders, items, bag, codes;
insert into orders select i, repeat(md5(i::text), 100), i from generate_series(1, 300) i;
insert into items select i, i / 5, 0 from generate_series(1, 1500) i;
insert into bag select i % 50, i % 3 from generate_series(1, 100) i;
insert into codes select 'c' || i || repeat(' ', i % 2), i from generate_series(1, 50) i;'''
REST = '''
[sensitive]
country = "GB"

[[source]]
name = "reviews"
kind = "files"
path = "*.csv"
table = "raw.reviews"
columns = [
  { name = "email", type = "varchar(80)", pii = "email" },
  { name = "stars", type = "integer" },
]
'''
MODEL = '''-- What the warehouse says it has of each table.
-- @test unique(name)
create table marts.totals as
select 'items' as name, count(*) as counted, sum(n) as summed from "raw".items
union all select 'codes', count(*), sum(n) from "raw".codes
union all select 'reviews', count(*), sum(stars) from "raw".reviews
'''


def transaction(dice):
    """One of the shop's: an order always has its items."""
    number, some = dice.randrange(10_000, 2_000_000_000), dice.randrange(1, 300)
    kinds = {
        f'insert into orders values ({number}, repeat(md5(random()::text), 90), {some}) on conflict do nothing; '
        f"insert into items select nextval('item'), {number}, 1 from generate_series(1, {dice.randrange(1, 5)})": 8,
        f'update orders set amount = amount + 1 where id % 97 = {some % 97}': 4,
        f'update orders set id = {number} where id = {some} and not exists (select from orders where id = {number})': 3,
        f'delete from items where id % 1009 = {some}; insert into bag values ({some % 50}, {some % 3})': 3,
        f'delete from bag where ctid = (select ctid from bag where a = {some % 50} limit 1); update bag set b = b + 1 where a = {some % 7}': 3,
        f"insert into codes values ('k{number}', 1) on conflict do nothing; update codes set code = code || ' ', n = n + 1 where n % 31 = {some % 31} "
        'and length(code) < 11': 3,
        f'savepoint s; update items set n = n + 1 where id % 3 = {some % 3}; rollback to s; update items set n = n + 1 where id % 100 = {some % 100}': 1,
        f'update items set n = n + 1 where id < {4 * some}': 1,  # large: streamed before it commits
        f'update orders set note = repeat(md5(id::text || {number}), 2000) where id <= {some}': 0.3,  # past what the spool keeps in memory
        'truncate codes': 0.3,
    }
    return f'begin; {dice.choices(list(kinds), list(kinds.values()))[0]}; commit;\n'


class Fair:
    """Its server has one at a time."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        server.sql(f'create schema {name}')
        self.do(SCHEMA + ''.join(f'alter table {table} owner to garland;' for table in COLUMNS) + f'grant all on schema {name} to garland;' + ROWS)

    def do(self, text):
        self.server.script(f'set search_path = {self.name};\n{text}')

    def burst(self, dice, count):
        """Some transactions, which begin now; the process that makes them."""
        process = subprocess.Popen(self.server.psql('-f', '-'), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   env=self.server.environment())
        process.stdin.write(f'set search_path = {self.name};\n' + ''.join(transaction(dice) for _ in range(count)))
        process.stdin.close()
        return process

    @staticmethod
    def wait_for(burst):
        said = burst.stderr.read()
        assert burst.wait() == 0, said

    def rows(self, table):
        texts = ', '.join(f'md5({name})' if name in LARGE else f'{name}::text' for name in COLUMNS[table])
        return Counter(tuple(row) for row in self.server.sql(f'select {texts} from {self.name}.{table}'))

    def free_slot(self):
        """Also of a reader that has just been killed."""
        while self.server.sql(f"select 1 from pg_replication_slots where slot_name = '{self.name}'"):
            self.server.sql(f"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{self.name}' and active")
            try:
                self.server.sql(f"select pg_drop_replication_slot('{self.name}')")
            except AssertionError:
                time.sleep(0.02)

    def end(self):
        self.free_slot()
        self.server.sql(f'drop publication if exists {self.name}', f'drop schema {self.name} cascade')


class Stall(Captured):
    """A warehouse of a fair, with a model and, where `files`, a source of files beside."""

    def __init__(self, fair, port=None, more=''):
        super().__init__(fair.server.uri(port), *[f'{fair.name}.{table}' for table in COLUMNS],
                         more=f'slot = "{fair.name}"\npublication = "{fair.name}"\n{more}', rest=REST)
        self.fair = fair
        (self.project / 'marts').mkdir()
        (self.project / 'marts' / 'totals.sql').write_text(MODEL)
        self.data = self.folder / 'files'
        self.data.mkdir()
        self.reviews, self.emails = 0, set()
        self.before = None  # the tables as the last look found them
        self.seen, self.logged = 0, Counter()  # of the change logs until then

    def deliver(self, dice):
        """A file of reviews, some of people who wrote before."""
        emails = [f'holly{dice.randrange(200)}@mail{dice.randrange(3)}.example' for _ in range(6)]
        part = self.data / f'.part{self.reviews}'
        part.write_text('email,stars\n' + ''.join(f'{email},{dice.randrange(1, 6)}\n' for email in emails))
        part.rename(self.data / f'{self.reviews}.csv')
        self.reviews += len(emails)
        self.emails.update(emails)

    def texts(self, table, prefix=''):
        return ', '.join(f'md5({prefix}{name})' if name in LARGE else f'cast({prefix}{name} as varchar(65535))' for name in COLUMNS[table])

    def look(self):
        """All that is compared, read by one process: {what: rows as tuples of texts}."""
        queries = {}
        for table in COLUMNS:
            queries[table] = f'select {self.texts(table)} from "raw".{table}'
            queries[f'{table} stale'] = f'select count(*) from "raw".{table} where _stale'
            queries[f'{table} log'] = (f'select _op, {self.texts(table)}, {self.texts(table, "_before_")} from "raw".{table}_changes '
                                       f'where _lsn > {self.seen} order by _lsn, _sequence')
            queries[f'{table} logged'] = f'select count(*), max(_lsn) from "raw".{table}_changes'
            queries[f'{table} twice'] = f'select _lsn, _sequence from "raw".{table}_changes group by 1, 2 having count(*) > 1'
        queries['snapshots'] = "select source_table, row_count from ops.captured_tables where batch_id = (select max(batch_id) from ops.captured_tables)"
        queries['rejects'] = 'select count(*) from ops.rejects'
        queries['totals'] = 'select name, counted, summed from marts.totals'
        queries['expected'] = MODEL[MODEL.index('as\nselect') + 3:]
        queries['vault'] = 'select class, count(distinct token) from vault.originals group by 1'
        queries['vault twice'] = 'select token from vault.originals group by token, batch_id having count(*) > 1'  # files side by side may bring the same
        queries['without key'] = 'select count(*) from vault.originals as o where not exists (select 1 from vault.subject_keys as k where k.subject = o.subject and k.key_id = o.key_id)'
        queries['left behind'] = "select relname from pg_class where relname like '%!_!_new' escape '!' or relname like '%!_!_old' escape '!'"
        numbers = {str(i): what for i, what in enumerate(queries)}
        text = ';\n'.join(f"select '{i}', of_{i}.* from ({queries[what]}) as of_{i}" for i, what in numbers.items())
        done = self.call('sql', '--project', self.project, '--json', text)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        found = {what: [] for what in queries}
        for line in done.stdout.splitlines():
            number, *row = json.loads(line, object_pairs_hook=lambda pairs: [value for _, value in pairs])
            found[numbers[number]].append(tuple('' if value is None else str(value) for value in row))
        return found

    def faults(self):
        """What is wrong, after a run that took all there was; the source must be quiet."""
        found = self.look()
        wrong = []
        for table in COLUMNS:
            here, there = Counter(found[table]), self.fair.rows(table)
            if here != there:
                wrong.append(f'{table}: only at the source {list((there - here).items())[:3]}, only in the warehouse {list((here - there).items())[:3]}')
            wrong += self.log_faults(table, here, found)
            wrong += [f'{table}: {found[f"{table} stale"]} stale rows'] if found[f'{table} stale'] != [('0',)] else []
            wrong += [f'{table}: twice in the log {found[f"{table} twice"][:3]}'] if found[f'{table} twice'] else []
        self.before = {table: Counter(found[table]) for table in COLUMNS}
        self.seen = max(int(found[f'{table} logged'][0][1] or 0) for table in COLUMNS)
        for what, want in (('rejects', [('0',)]), ('without key', [('0',)]), ('left behind', []), ('totals', sorted(found['expected'])),
                           ('vault', [('email', str(len(self.emails)))] if self.emails else []), ('vault twice', [])):
            wrong += [f'{what}: {found[what]}, expected {want}'] if sorted(found[what]) != want else []
        reviews = dict((name, count) for name, count, _ in found['totals'])['reviews']
        return wrong + ([f'{reviews} reviews, {self.reviews} were delivered'] if int(reviews) != self.reviews else [])

    def log_faults(self, table, here, found):
        """The log since the last look leads from the rows then to those now, and no older entry came or went."""
        log, total = found[f'{table} log'], int(found[f'{table} logged'][0][0])
        if self.before is None:
            snapshot = int(dict(found['snapshots'])[f'{self.fair.name}.{table}'])
            grown = sum({'insert': 1, 'delete': -1}.get(row[0], 0) for row in log)
            truncated = any(row[0] == 'truncate' for row in log)
            wrong = [] if truncated or snapshot + grown == sum(here.values()) else [f'{table}: the log makes {grown} rows more of {snapshot}, there are {sum(here.values())}']
        else:
            wrong = replay(table, self.before[table], log, here)
        wrong += [f'{table}: the log had {self.logged[table]} entries and {len(log)} new ones, now {total}'] if self.logged[table] + len(log) != total else []
        self.logged[table] = total
        return wrong

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def replay(table, before, log, after):
    rows, width = Counter(before), len(COLUMNS[table])
    for op, *values in log:
        new, old = tuple(values[:width]), tuple(values[width:])
        if op == 'truncate':
            rows = Counter()
            continue
        if op in ('update', 'delete'):
            if not rows[old]:
                return [f'{table}: the log has {op} of {old}, which was not there']
            rows[old] -= 1
        if op in ('insert', 'update'):
            rows[new] += 1
    return [] if +rows == after else [f'{table}: the log leads to other rows: {list((rows - after).items())[:3]} instead of {list((after - rows).items())[:3]}']
