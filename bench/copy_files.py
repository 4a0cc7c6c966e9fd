"""names copy…: COPY of CSV.gz files into a table, against DuckDB's read_csv of the same files into a table of a file."""
import gzip
import shutil
import tempfile
from pathlib import Path

from load import GARLAND, read_csv_seconds
from measure import ROWS, alternating, order_lines, report, timed

TABLE = ('create table t (invoice_no varchar(20), stock_code varchar(20), description varchar(100), quantity integer, '
         'invoice_date timestamp, unit_price decimal(12,3), customer_id varchar(20), country varchar(40))')


def packed(rows):
    """The made order lines as CSV.gz, once."""
    plain = order_lines(rows)
    if plain is None:
        return None
    folder = plain.with_name(plain.name + '-gz')
    if not folder.is_dir():
        part = folder.with_suffix('.part')
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for file in sorted(plain.glob('*.csv')):
            with open(file, 'rb') as source, gzip.open(part / (file.name + '.gz'), 'wb', compresslevel=6) as out:
                shutil.copyfileobj(source, out, 1 << 20)
        part.rename(folder)
    return folder


def measure(rows):
    data = packed(rows)
    if data is None:
        print('copy: skipped: ../shared/data/online-retail is not there')
        return
    work = Path(tempfile.mkdtemp(prefix='bench-copy-'))
    project = work / 'project'
    project.mkdir()
    (project / 'garland.toml').write_text(f'[copy]\nfolders = ["{data}"]\n')

    def ours():
        shutil.rmtree(work / 'store', ignore_errors=True)
        environment = {'GARLAND_DATA': str(work / 'store')}
        timed([GARLAND, 'sql', '--project', project, TABLE], environment)
        seconds, output = timed([GARLAND, 'sql', '--project', project, f"copy t from '{data}/part-' csv gzip ignoreheader 1"], environment)
        assert f'{rows}' in output.replace(',', ''), output
        return seconds

    own, other, _, _ = alternating(ours, lambda: read_csv_seconds(f'{data}/*.csv.gz', work))
    report('copy_csv_gz_seconds', own, 's', 'duckdb read_csv', other, other / own, '>= 0.9x its speed', other / own >= 0.9)
    shutil.rmtree(work)


def main():
    measure(ROWS)
