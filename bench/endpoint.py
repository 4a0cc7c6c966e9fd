"""names endpoint…: `garland serve` against PostgreSQL 15 on this machine, history on: round trips, rows, logins, fairness, short statements beside
long ones; memory of idle sessions."""
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, alternating, report

sys.path.insert(0, str(ROOT / 'tests' / 'e2e'))
from postgres import BINARIES, Cluster, free_port

SECONDS = int(os.environ.get('SECONDS', 5))  # of each run of pgbench
RUNS = int(os.environ.get('RUNS', 3))
VENV = ROOT / '.deps' / 'clients' / 'venv' / 'bin' / 'python'
COLUMNS = ', '.join(['a.n', 'b.n + 1 as b', 'a.n * 1.25 as c', "'Glas-Christbaumkugel' as d", 'cast(a.n as bigint) as e', "date '2026-12-24' as f",
                     "timestamp '2026-12-24 17:30:00' as g", 'cast(b.n as double precision) as h'] + [f'a.n + {i} as i{i}' for i in range(8)])
ROWS_SQL = f'select {COLUMNS} from numbers a cross join numbers b where b.n < 20'  # 200,000 rows of 16 columns
WORK_SQL = 'select count(*) from numbers a cross join numbers b where b.n < 100 and (a.n * b.n) % 7 = 3'
LONG_SQL = 'select count(*) from numbers a cross join numbers b cross join numbers c where c.n < 200 and (a.n * b.n + c.n) % 7 = 3'  # minutes
SHORT_SQL = 'select count(*), sum(n) from numbers where n % 3 = 1'
# Fetched by libpq alone, so that no client's conversions count.
FETCH = '''
import sys, time, psycopg
connection = psycopg.pq.PGconn.connect(sys.argv[1].encode())
def fetch():
    begun = time.monotonic()
    result = connection.exec_params(sys.argv[2].encode(), [], result_format=int(sys.argv[3]))
    assert result.ntuples == 200000, (result.ntuples, result.error_message)
    return time.monotonic() - begun
fetch()
print(min(fetch() for _ in range(3)))
'''
IDLE = '''
import sys, psycopg
kept = []
for number in range(int(sys.argv[2])):
    kept.append(psycopg.connect(sys.argv[1], autocommit=True))
    if number % 2:
        kept[-1].execute('create temp table t (a int)')
print('open', flush=True)
sys.stdin.readline()
'''


class Peer(Cluster):
    """PostgreSQL with the server's password and certificate."""

    def __init__(self, served):
        with tempfile.NamedTemporaryFile('w') as secret:
            secret.write(served.password)
            secret.flush()
            os.chmod(secret.name, 0o644)
            super().__init__('-U', 'admin', '-A', 'scram-sha-256', f'--pwfile={secret.name}')
        for name in ('server.crt', 'server.key'):
            shutil.copy(served.data / name, self.data / name)
            (self.data / name).chmod(0o600)
            if self.as_user:
                shutil.chown(self.data / name, 'postgres')
        self.port = free_port()
        self.launch(f'-p {self.port}', '-c listen_addresses=127.0.0.1', '-c max_connections=300', '-c ssl=on')


def pgbench(port, password, sql, clients, *options, database='dev', tls='disable'):
    """Its output; `options` of pgbench."""
    with tempfile.NamedTemporaryFile('w', suffix='.sql') as script:
        script.write(sql + ';\n')
        script.flush()
        environment = dict(os.environ, PGPASSWORD=password, PGSSLMODE=tls)
        done = subprocess.run(['pgbench', '-n', '-h', '127.0.0.1', '-p', str(port), '-U', 'admin', '-f', script.name, '-c', str(clients), '-j', '2',
                               '-T', str(SECONDS), *options, database], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(f'pgbench failed: {done.stderr[-2000:]}')
    return done.stdout


def tps(output):
    return float(re.search(r'tps = ([\d.]+) ', output).group(1))


def latencies(port, password, sql, clients):
    """Milliseconds of each transaction."""
    with tempfile.TemporaryDirectory() as folder:
        prefix = Path(folder) / 'log'
        pgbench(port, password, sql, clients, '--log', f'--log-prefix={prefix}')
        return sorted(int(line.split()[2]) / 1000 for path in Path(folder).iterdir() for line in path.read_text().splitlines())


def percentile(values, part):
    return values[min(len(values) - 1, math.ceil(part * len(values)) - 1)]


def compare(name, unit, ours, peer, aim):
    """Rates: more is better."""
    own, other, _, _ = alternating(ours, peer, RUNS)
    report(name, own, unit, 'PostgreSQL', other, own / other, f'>= {aim}x', own / other >= aim)


def resident_bytes(process):
    return int(re.search(r'VmRSS:\s+(\d+) kB', Path(f'/proc/{process}/status').read_text()).group(1)) * 1024


def round_trips(server, peer):
    for clients, aim in ((1, 0.5), (8, 0.5), (64, 1)):
        compare(f'endpoint_select_{clients}', 'round trips/s', lambda: tps(pgbench(server.port, server.password, 'select 1', clients)),
                lambda: tps(pgbench(peer.port, server.password, 'select 1', clients, database='postgres')), aim)
    compare('endpoint_connects', 'logins/s', lambda: tps(pgbench(server.port, server.password, 'select 1', 8, '-C', tls='require')),
            lambda: tps(pgbench(peer.port, server.password, 'select 1', 8, '-C', database='postgres', tls='require')), 1)


def rows(server, peer):
    def rate(port, database, binary):
        text = f'host=127.0.0.1 port={port} user=admin dbname={database} sslmode=disable'
        done = subprocess.run([VENV, '-c', FETCH, text, ROWS_SQL, str(binary)], env=dict(os.environ, PGPASSWORD=server.password), text=True,
                              stdout=subprocess.PIPE, check=True)
        return 200_000 / float(done.stdout)
    for binary, form in ((0, 'text'), (1, 'binary')):
        compare(f'endpoint_rows_{form}', 'rows/s', lambda: rate(server.port, 'dev', binary), lambda: rate(peer.port, 'postgres', binary), 3)


def fairness(server):
    """The peer is the server itself with two clients."""
    spreads, ratios = [], []
    for _ in range(RUNS):
        two = tps(pgbench(server.port, server.password, WORK_SQL, 2))
        many = latencies(server.port, server.password, WORK_SQL, 60)
        spreads.append(percentile(many, 0.95) / percentile(many, 0.5))
        ratios.append(len(many) / SECONDS / two)
    spread, ratio = statistics.median(spreads), statistics.median(ratios)
    report('endpoint_fairness', spread, 'p95 / p50', None, None, None, '<= 2.3', spread <= 2.3)
    report('endpoint_throughput', ratio, 'of two clients', None, None, None, '>= 0.9', ratio >= 0.9)


def beside_long_ones(server):
    """Ten clients keep the server busy with statements that take minutes; one asks short questions meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / 'long.sql'
        script.write_text(LONG_SQL + ';\n')
        busy = subprocess.Popen(['pgbench', '-n', '-h', '127.0.0.1', '-p', str(server.port), '-U', 'admin', '-f', script, '-c', '10', '-j', '1', '-t', '1', 'dev'],
                                env=dict(os.environ, PGPASSWORD=server.password, PGSSLMODE='disable'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)
        short = latencies(server.port, server.password, SHORT_SQL, 1)
        assert busy.poll() is None, 'the long statements ended before the short ones'
        busy.kill()
        busy.wait()
    seconds = percentile(short, 0.95) / 1000
    report('endpoint_short_beside_long', seconds, 's at p95', None, None, None, '< 1', seconds < 1)


def idle(server):
    before = resident_bytes(server.process.pid)
    text = f'host=127.0.0.1 port={server.port} user=admin dbname=dev sslmode=require'
    client = subprocess.Popen([VENV, '-c', IDLE, text, '2000'], env=dict(os.environ, PGPASSWORD=server.password), text=True, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE)
    client.stdout.readline()
    time.sleep(2)
    megabytes = (resident_bytes(server.process.pid) - before) / 1e6
    client.communicate('\n')
    report('endpoint_idle_2000', megabytes, 'MB', None, None, None, '< 200', megabytes < 200)


def main():
    if not (BINARIES / 'postgres').exists() or not shutil.which('pgbench') or not VENV.exists():
        print('left out: endpoint (it needs the package postgresql-15, and the test clients: scripts/setup clients)')
        return
    sys.path.insert(0, str(ROOT / 'tests' / 'clients'))
    os.environ.setdefault('GARLAND_ROOT', str(ROOT))
    from server import Server
    server = Server('[serve]\nmax_connections = 2000\n')
    peer = Peer(server)
    try:
        numbers = 'create table numbers as select n from generate_series(0, 9999) n'
        subprocess.run(['psql', '-q', '-h', '127.0.0.1', '-p', str(peer.port), '-U', 'admin', '-c', numbers, 'postgres'], check=True,
                       env=dict(os.environ, PGPASSWORD=server.password), stdin=subprocess.DEVNULL)
        round_trips(server, peer)
        rows(server, peer)
        fairness(server)
        idle(server)
        beside_long_ones(server)
    finally:
        peer.remove()
        server.remove()


if __name__ == '__main__':
    main()
