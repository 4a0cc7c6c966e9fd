"""names cdc…: change data capture against PostgreSQL 15's own tools on the same log: snapshot, stream, lag, what it costs the shop, catching up.

The table has 12 columns; traffic is 80/15/5 insert/update/delete, 100 changes a transaction where the log is written ahead, one where the shop is at work.
Everything is durable: fsync is on, on both sides."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, report, timed

sys.path.insert(0, str(ROOT / 'tests' / 'e2e'))
from postgres import BINARIES, Cluster

GARLAND = ROOT / 'build' / 'release' / 'garland'
VENV = ROOT / '.deps' / 'clients' / 'venv' / 'bin' / 'python'
RUNS = int(os.environ.get('RUNS', 3))
TABLE_ROWS = int(os.environ.get('ROWS', 1_000_000))
CHANGES = int(os.environ.get('CHANGES', 500_000))  # of each run of the stream
SECONDS = int(os.environ.get('SECONDS', 20))  # of each run of live traffic
OUTAGE_S = int(os.environ.get('OUTAGE', 300))  # at 1,000 transactions a second

SCHEMA = '''
create table orders (id bigint primary key, email text not null, name text, country char(2) not null, status text not null, amount numeric(12,2) not null,
                     quantity integer not null, price double precision not null, placed_at timestamptz not null, day date not null, gift boolean not null, note text);
create sequence order_ids;
create function fields(n bigint) returns orders language sql volatile as $$
  select n, 'customer' || n % 200000 || '@mail.example', 'Weihnachtsmann ' || n % 5000, (array['DE','AT','FR','GB'])[1 + n % 4], 'placed', (n % 9000) / 100.0, 1 + n % 7,
         n * 1.25, clock_timestamp(), date '2026-11-23', n % 3 = 0, case when n % 10 = 0 then 'Bitte als Geschenk verpacken, mit einer Karte.' end $$;
create procedure traffic(changes bigint) language plpgsql as $$
declare first bigint;
begin
  for turn in 1 .. changes / 100 loop
    insert into orders select made.* from (select nextval('order_ids') as n from generate_series(1, 80)) ids, lateral fields(n) made;
    first := currval('order_ids') - 80;
    update orders set status = 'shipped', amount = amount + 1 where id > first - 900 and id <= first - 885;
    delete from orders where id > first - 2000 and id <= first - 1995;
    commit;
  end loop;
end $$;
'''
# One transaction of live traffic: 80 of 100 insert, 15 update, 5 delete.
LIVE = r'''
\set kind random(1, 100)
\if :kind <= 80
insert into orders select made.* from fields(nextval('order_ids')) made;
\elif :kind <= 95
update orders set status = 'shipped' where id = (select last_value - 500 from order_ids);
\else
delete from orders where id = (select last_value - 1000 - random() * 10 from order_ids)::bigint;
\endif
'''
# How old is the newest order that a client sees? Milliseconds, each 5 ms.
WATCH = '''
import sys, time, psycopg
connection = psycopg.connect(sys.argv[1], autocommit=True, prepare_threshold=0)
deadline, cursor = time.time() + float(sys.argv[2]), connection.cursor()
while time.time() < deadline:
    seen = cursor.execute('select max(placed_at) from "raw".orders where id > (select max(id) - 5000 from "raw".orders)').fetchone()[0]
    print((time.time() - seen.timestamp()) * 1000)   # not extract(epoch …), which is whole seconds in Redshift
    time.sleep(0.005)
'''


class Database(Cluster):
    """A PostgreSQL on a Unix socket, durable."""

    def __init__(self):
        super().__init__('-U', 'admin', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8')
        self.environment = {'PGHOST': str(self.folder), 'PGUSER': 'admin', 'PGDATABASE': 'shop'}
        self.launch("-c listen_addresses=''", '-c wal_level=logical', '-c max_wal_size=16GB', '-c shared_buffers=512MB', '-c max_slot_wal_keep_size=50GB')
        self.sql('create database shop', database='postgres')
        self.sql(SCHEMA)

    def run(self, *command, **how):
        return subprocess.run(list(map(str, command)), env={**os.environ, **self.environment}, text=True, check=True, stdin=subprocess.DEVNULL, **how)

    def sql(self, text, database='shop'):
        return self.run(BINARIES / 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text, database, stdout=subprocess.PIPE).stdout.strip()

    def timed(self, *command):
        return timed(command, self.environment)[0]


class Warehouse:
    def __init__(self, cluster, name='shop', more=''):
        """`more`: lines of the source."""
        self.folder = Path(tempfile.mkdtemp(prefix='cdc-warehouse-'))
        (self.folder / 'garland.toml').write_text(f'[project]\nname = "cdc"\n[[source]]\nname = "{name}"\nkind = "postgres"\nuri = "postgresql:///shop"\n'
                                                  f'tables = [{{ name = "public.orders", columns = [{{ name = "email", pii = "email" }}] }}]\n{more}')
        self.environment = {**cluster.environment, 'GARLAND_DATA': str(self.folder / 'store'), 'GARLAND_ADMIN_PASSWORD': 'Stollen-and-Gluehwein-24'}
        self.up = None

    def capture(self):
        """`garland run`: what it says of the capture."""
        _, output = timed([GARLAND, 'run', '--project', self.folder, '--json'], self.environment)
        return next(event for event in map(json.loads, output.splitlines()) if event.get('event') == 'capture')

    def start(self):
        self.up = subprocess.Popen([GARLAND, 'up', '--project', self.folder, '--port', '0'], env={**os.environ, **self.environment}, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = int(re.search(r':(\d+)$', self.up.stdout.readline().strip()).group(1))

    def halt(self):
        self.up.terminate()
        self.up.wait()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def fill(cluster):
    print(f'making {TABLE_ROWS:,} rows …', flush=True)
    cluster.sql(f"insert into orders select made.* from (select nextval('order_ids') as n from generate_series(1, {TABLE_ROWS})) ids, lateral fields(n) made")
    cluster.sql('vacuum analyze orders')


def snapshot(cluster):
    """The warehouse of the last run, whose slot is there."""
    ours, copies, scans, warehouse, extension = [], [], [], None, scanner()
    for _ in range(RUNS):
        if warehouse:
            warehouse.remove()
            cluster.sql("select pg_drop_replication_slot('garland_shop'); drop publication garland_shop")
        copies.append(TABLE_ROWS / cluster.timed('sh', '-c', f"{BINARIES}/psql -XAtq -c 'copy orders to stdout' shop >/dev/null"))
        warehouse = Warehouse(cluster)
        captured = warehouse.capture()
        assert captured['snapshot_rows'] == TABLE_ROWS, captured
        ours.append(TABLE_ROWS / captured['seconds'])
        if extension:
            scans.append(TABLE_ROWS / scanned(cluster, extension))
    own, copy = statistics.median(ours), statistics.median(copies)
    report('cdc_snapshot', own, 'rows/s', 'COPY TO STDOUT', copy, own / copy, '>= 0.6x', own / copy >= 0.6)
    if scans:
        scan = statistics.median(scans)
        report('cdc_snapshot_vs_scanner', own, 'rows/s', 'postgres_scanner CTAS', scan, own / scan, '>= 1x', own / scan >= 1)
    return warehouse


def scanner():
    """DuckDB's own reader of PostgreSQL; none where it cannot be fetched."""
    found = subprocess.run([ROOT / 'scripts/postgres-scanner'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if found.returncode != 0:
        print('left out: cdc_snapshot against postgres_scanner:', found.stderr.strip().splitlines()[-1])
    return found.stdout.strip()


def scanned(cluster, extension):
    """Seconds of a CREATE TABLE AS of the table, made durable, without tokens."""
    with tempfile.TemporaryDirectory() as folder:
        statements = (f"LOAD '{extension}'", "ATTACH 'dbname=shop' AS shop (TYPE postgres, READ_ONLY)", 'CREATE TABLE w.main.orders AS SELECT * FROM shop.public.orders', 'CHECKPOINT w')
        _, output = timed([ROOT / 'build/release/bench_peer', f'{folder}/peer.duckdb'], cluster.environment, '\n'.join(statements) + '\n')
        return sum(float(line.split()[0]) for line in output.splitlines()[2:])


def subscriber(cluster):
    """A second PostgreSQL that replicates the table, its subscription switched off."""
    peer = Database()
    cluster.sql('create publication peer for table orders')
    peer.sql(f"create subscription peer connection 'host={cluster.folder} user=admin dbname=shop' publication peer")
    wait_for(lambda: peer.sql("select count(*) from pg_subscription_rel where srsubstate <> 'r'") == '0')
    peer.sql('alter subscription peer disable')
    wait_for(lambda: cluster.sql("select active from pg_replication_slots where slot_name = 'peer'") == 'f')
    return peer


def wait_for(holds):
    while not holds():
        time.sleep(0.02)


def stream(cluster, warehouse):
    peer = subscriber(cluster)
    cluster.sql("select pg_create_logical_replication_slot('plain', 'pgoutput')")
    log_alone = Warehouse(cluster, 'log', 'current_rows = false\n')
    log_alone.capture()
    ours, logs, plain, replicated = [], [], [], []
    try:
        for _ in range(RUNS):
            cluster.sql(f'call traffic({CHANGES})')
            end = cluster.sql('select pg_current_wal_lsn()')
            plain.append(CHANGES / cluster.timed(BINARIES / 'pg_recvlogical', '-d', 'shop', '-S', 'plain', '--start', '-f', '/dev/null', '--endpos', end, '-o',
                                                 'proto_version=2', '-o', 'publication_names=garland_shop', '-o', 'binary=true', '--no-loop'))
            captured = warehouse.capture()
            assert captured['changes'] == CHANGES, captured
            ours.append(CHANGES / captured['seconds'])
            captured = log_alone.capture()
            assert captured['changes'] == CHANGES, captured
            logs.append(CHANGES / captured['seconds'])
            begun = time.monotonic()
            peer.sql('alter subscription peer enable')
            wait_for(lambda: cluster.sql(f"select confirmed_flush_lsn >= '{end}' from pg_replication_slots where slot_name = 'peer'") == 't')
            replicated.append(CHANGES / (time.monotonic() - begun))
            peer.sql('alter subscription peer disable')
            wait_for(lambda: cluster.sql("select active from pg_replication_slots where slot_name = 'peer'") == 'f')
    finally:
        peer.sql('alter subscription peer set (slot_name = none); drop subscription peer')
        cluster.sql("select pg_drop_replication_slot('peer'), pg_drop_replication_slot('plain'), pg_drop_replication_slot('garland_log')")
        log_alone.remove()
        peer.remove()
    for name, own, peer_name, figures, aim in (('cdc_stream_log', logs, 'pg_recvlogical', plain, 0.8), ('cdc_stream', ours, 'pg_recvlogical', plain, 0.5),
                                               ('cdc_stream_vs_replication', ours, 'replication', replicated, 1.3)):
        own, other = statistics.median(own), statistics.median(figures)
        report(name, own, 'changes/s', peer_name, other, own / other, f'>= {aim}x', own / other >= aim)


class Trade:
    """pgbench's live traffic, from now on."""

    def __init__(self, cluster, seconds, rate=None):
        self.folder = tempfile.TemporaryDirectory()
        script = Path(self.folder.name) / 'live.sql'
        script.write_text(LIVE)
        command = ['pgbench', '-n', '-f', script, '-c', 4, '-j', 1, '-T', seconds, *(['-R', rate] if rate else []), '--log', f'--log-prefix={self.folder.name}/log', 'shop']
        self.process = subprocess.Popen(list(map(str, command)), env={**os.environ, **cluster.environment}, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)

    def end(self):
        """Waits: transactions a second, and the latency of each in ms."""
        output = self.process.communicate()[0]
        assert self.process.returncode == 0, output
        times = sorted(int(line.split()[2]) / 1000 for path in Path(self.folder.name).glob('log*') for line in path.read_text().splitlines())
        self.folder.cleanup()
        return float(re.search(r'tps = ([\d.]+) ', output).group(1)), times

    def stop(self):
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


def percentile(values, part):
    return values[min(len(values) - 1, int(part * len(values)))]


def lag(cluster, warehouse):
    traffic = Trade(cluster, SECONDS + 2, rate=1000)
    time.sleep(2)
    address = f'host=127.0.0.1 port={warehouse.port} user=admin dbname=dev sslmode=disable'
    done = subprocess.run([VENV, '-c', WATCH, address, str(SECONDS - 2)], env=dict(os.environ, PGPASSWORD='Stollen-and-Gluehwein-24'), text=True,
                          stdout=subprocess.PIPE, check=True)
    traffic.end()
    seen = sorted(map(float, done.stdout.split()))
    p99 = percentile(seen, 0.99) / 1000
    report('cdc_lag', p99, 's at p99', None, None, None, '< 1', p99 < 1)
    print(f'  median {percentile(seen, 0.5):,.0f} ms, {len(seen):,} looks')


def burden(cluster, warehouse):
    """The shop's own speed beside a capture, and without one."""
    with_it, without = [], []
    for _ in range(RUNS):
        with_it.append(Trade(cluster, SECONDS).end())
        warehouse.halt()
        without.append(Trade(cluster, SECONDS).end())
        warehouse.start()
    rate = statistics.median(own[0] / other[0] for own, other in zip(with_it, without))
    p99 = statistics.median(percentile(own[1], 0.99) / percentile(other[1], 0.99) for own, other in zip(with_it, without))
    report('cdc_shop_throughput', rate, 'of the shop alone', None, None, None, '>= 0.95', rate >= 0.95)
    report('cdc_shop_p99', p99, 'of the shop alone', None, None, None, '<= 1.2', p99 <= 1.2)


def catch_up(cluster, warehouse):
    """After an outage, whose log is written first, under load that goes on."""
    warehouse.halt()
    transactions = OUTAGE_S * 1000
    with tempfile.NamedTemporaryFile('w', suffix='.sql') as script:
        script.write(LIVE)
        script.flush()
        cluster.run('pgbench', '-n', '-f', script.name, '-c', '8', '-j', '2', '-t', transactions // 8, 'shop', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    newest = cluster.sql('select max(id) from orders')
    traffic = Trade(cluster, 600, rate=1000)
    begun = time.monotonic()
    warehouse.start()
    command = [GARLAND, 'sql', '--project', warehouse.folder, '--json', f'select count(*) as n from "raw".orders where id = {newest}']
    wait_for(lambda: '"n":1' in timed(command, warehouse.environment)[1].replace(' ', '') or time.sleep(0.3))
    seconds = time.monotonic() - begun
    traffic.stop()
    limit = OUTAGE_S / 6
    report('cdc_catch_up', seconds, f's after {OUTAGE_S} s', None, None, None, f'< {limit:.0f}', seconds < limit)


def main():
    if not (BINARIES / 'postgres').exists() or not shutil.which('pgbench') or not VENV.exists():
        print('left out: cdc (it needs the package postgresql-15, and the test clients: scripts/setup clients)')
        return
    cluster = Database()
    try:
        fill(cluster)
        warehouse = snapshot(cluster)
        stream(cluster, warehouse)
        warehouse.start()
        lag(cluster, warehouse)
        burden(cluster, warehouse)
        catch_up(cluster, warehouse)
        warehouse.halt()
        warehouse.remove()
    finally:
        cluster.remove()


if __name__ == '__main__':
    main()
