"""names tpch, tpcds: the queries at scale 1 in Redshift's dialect, against DuckDB's own texts of them on DuckDB."""
import os
import re
import subprocess

from measure import ROOT, report

PROGRAM = ROOT / 'build/release/bench_tpc'
RUNS = int(os.environ.get('RUNS', 7))
SCALE = os.environ.get('SCALE', '1')


def duckdb_root():
    return re.search(r'^DUCKDB_ROOT:\w+=(.+)$', (ROOT / 'build/release/CMakeCache.txt').read_text(), re.M)[1]


def measure(suite):
    command = [PROGRAM, suite, SCALE, ROOT / f'build/bench-data/{suite}-{SCALE}', '--runs', str(RUNS), '--dialect', ROOT / 'bench/tpc/dialect.toml',
               '--extension', f'{duckdb_root()}/{suite}.duckdb_extension']
    output = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True).stdout
    times = [(name, float(own), float(peer)) for name, own, peer in re.findall(r'^TIME (\w+) (\S+) (\S+)$', output, re.M)]
    wrong = re.findall(r'^FAIL (\w+)', output, re.M)
    if not times:
        raise SystemExit(f'{suite}: nothing was measured\n{output[-2000:]}')
    for name, own, peer in sorted(times, key=lambda time: time[2] / time[1]):
        if own / peer > 1.15:
            print(f'    {name} {own * 1000:,.1f} ms · duckdb {peer * 1000:,.1f} ms · ratio {own / peer:.2f}')
    own, peer = sum(t[1] for t in times), sum(t[2] for t in times)
    report(f'{suite}_seconds', own, 's', 'duckdb', peer, own / peer, '<= 1.15x', own / peer <= 1.15 and not wrong)
    worst = max(times, key=lambda time: time[1] / time[2])
    report(f'{suite}_worst_ratio', worst[1] / worst[2], f'x ({worst[0]})', None, None, None, '<= 2x', worst[1] / worst[2] <= 2)
    if wrong:
        print(f'    wrong answers: {", ".join(wrong)}')


def tpch():
    measure('tpch')


def tpcds():
    measure('tpcds')
