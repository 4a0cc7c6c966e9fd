"""Alternating runs of ours and the peer's, medians, and the lines that say so."""
import json
import os
import statistics
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / 'build' / 'bench.jsonl'
RUNS = int(os.environ.get('RUNS', 5))
ROWS = int(os.environ.get('ROWS', 10_000_000))


def timed(command, environment=None, text=None):
    """Seconds and output of a process that reads `text`; raises with what it printed when it fails."""
    begun = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), env={**os.environ, **(environment or {})}, stdin=subprocess.PIPE if text else subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.communicate(text)
    seconds = time.monotonic() - begun
    if process.returncode != 0:
        raise SystemExit(f'{" ".join(map(str, command))} failed with {process.returncode}\n{output[-2000:]}{errors[-4000:]}')
    return seconds, output


def alternating(ours, peer, runs=RUNS):
    """Medians of `runs` alternating calls, which return seconds, and the figures themselves."""
    own, other = [], []
    for _ in range(runs):
        own.append(ours())
        other.append(peer())
    return statistics.median(own), statistics.median(other), own, other


def report(name, value, unit, peer, peer_value, ratio, aim, met):
    line = {'name': name, 'value': round(value, 3), 'unit': unit, 'peer': peer, 'peer_value': peer_value and round(peer_value, 3),
            'ratio': ratio and round(ratio, 3), 'aim': aim, 'met': met}
    beside = f' · {peer} {peer_value:,.2f} · ratio {ratio:.2f}' if peer_value else ''
    print(f'{name:<28} {value:,.2f} {unit}{beside} · aim {aim} · {"met" if met else "NOT met"}', flush=True)
    kept = []
    if RESULTS.exists():
        kept = [row for row in map(json.loads, RESULTS.read_text().splitlines()) if row['name'] != name]
    kept.append({**line, 'at': datetime.now(timezone.utc).isoformat(timespec='seconds')})
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(''.join(json.dumps(row) + '\n' for row in kept))


def order_lines(rows):
    """The folder of made order lines, once."""
    folder = ROOT / 'build' / 'bench-data' / f'rows-{rows}'
    source = ROOT.parent / 'shared' / 'data' / 'online-retail'
    if folder.is_dir():
        return folder
    if not source.is_dir():
        return None
    print(f'making {rows:,} order lines …', flush=True)
    part = folder.with_suffix('.part')
    subprocess.run(['rm', '-rf', part], check=True)
    subprocess.run([ROOT / 'bench' / 'make_online_retail', source, part, str(rows)], check=True)
    part.rename(folder)
    return folder


def peak_bytes(events):
    return next(e['peak_bytes'] for e in events if e.get('event') == 'run')



