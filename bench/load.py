"""names load…: files → a table, with provenance columns, hashes and rejects on, against DuckDB's read_csv into a table of a file."""
import json
import re
import shutil
import tempfile
from pathlib import Path

from measure import ROOT, ROWS, alternating, order_lines, peak_bytes, report, timed

GARLAND = ROOT / 'build/release/garland'
PEER = ROOT / 'build/release/bench_peer'
COLUMNS = ("{'invoice_no': 'VARCHAR', 'stock_code': 'VARCHAR', 'description': 'VARCHAR', 'quantity': 'INTEGER', 'invoice_date': 'TIMESTAMP', "
           "'unit_price': 'DECIMAL(12,3)', 'customer_id': 'VARCHAR', 'country': 'VARCHAR'}")


def read_csv_seconds(files, work):
    """DuckDB's read_csv of the files into a new table of a file in `work`."""
    (work / 'peer.duckdb').unlink(missing_ok=True)
    sql = f"CREATE TABLE w.main.t AS SELECT * FROM read_csv('{files}', header = true, columns = {COLUMNS})"
    return timed([PEER, work / 'peer.duckdb'], text=sql + '\n')[0]


def source_only_project(folder):
    """examples/online-retail without its models: `garland run` then only loads."""
    folder.mkdir()
    toml = (ROOT / 'examples/online-retail/garland.toml').read_text()
    toml = re.sub(r'\n\[\[answer\]\].*', '', toml, flags=re.S).replace('*.csv.gz', '*.csv')
    (folder / 'garland.toml').write_text(toml)
    return folder


def measure(rows):
    data = order_lines(rows)
    if data is None:
        print('load: skipped: ../shared/data/online-retail is not there')
        return
    work = Path(tempfile.mkdtemp(prefix='bench-load-'))
    project, peaks = source_only_project(work / 'project'), []

    def ours():
        shutil.rmtree(work / 'store', ignore_errors=True)
        seconds, output = timed([GARLAND, 'run', '--json', '--project', project, '--data', data], {'GARLAND_DATA': str(work / 'store')})
        events = [json.loads(line) for line in output.splitlines()]
        run = next(e for e in events if e['event'] == 'run')
        assert run['rows_loaded'] == rows and run['rows_rejected'] == 0, run
        peaks.append(peak_bytes(events))
        return seconds

    own, other, _, _ = alternating(ours, lambda: read_csv_seconds(f'{data}/*.csv', work))
    report('load_csv_seconds', own, 's', 'duckdb read_csv', other, other / own, '>= 0.8x its speed', other / own >= 0.8)
    report('load_csv_rate', rows / own / 1e6, 'M rows/s', 'duckdb read_csv', rows / other / 1e6, other / own, '>= 0.8x', other / own >= 0.8)
    report('load_csv_peak', max(peaks) / 2**20, 'MiB', None, None, None, '< 2048 MiB', max(peaks) < 2**31)
    shutil.rmtree(work)


def main():
    measure(ROWS)
