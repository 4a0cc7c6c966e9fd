"""names parse…: statements understood in a second, memory for each byte of them, and a star query's way to DuckDB's text. The peer is the aim itself."""
import subprocess

from measure import ROOT, RUNS, report

AIMS = {'parse': ('MB/s', '>= 50', lambda value: value >= 50), 'memory': ('bytes a byte', '<= 40', lambda value: value <= 40),
        'star': ('ms', '<= 0.3', lambda value: value <= 0.3)}


def main():
    files = sorted((ROOT / 'examples').rglob('*.sql'))
    seen = {name: [] for name in AIMS}
    for _ in range(RUNS):
        output = subprocess.run([ROOT / 'build/release/bench_parse', *files], stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in output.splitlines():
            name, value = line.split()
            seen[name].append(float(value))
    for name, (unit, aim, met) in AIMS.items():
        value = sorted(seen[name])[len(seen[name]) // 2]
        report(f'parse_{name}', value, unit, None, None, None, aim, met(value))
