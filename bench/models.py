"""names run…: the models of examples/online-retail, tested and published, against the same translated statements run by hand as CTAS."""
import json
import shutil
import tempfile
from pathlib import Path

from measure import ROOT, ROWS, alternating, order_lines, peak_bytes, report, timed

GARLAND = ROOT / 'build/release/garland'
BY_HAND = ROOT / 'build/release/bench_models_by_hand'


def measure(rows):
    data = order_lines(rows)
    if data is None:
        print('run: skipped: ../shared/data/online-retail is not there')
        return
    work = Path(tempfile.mkdtemp(prefix='bench-run-'))
    project = work / 'project'
    shutil.copytree(ROOT / 'examples/online-retail', project, ignore=shutil.ignore_patterns('.garland'))
    toml = project / 'garland.toml'
    toml.write_text(toml.read_text().replace('*.csv.gz', '*.csv'))
    store = {'GARLAND_DATA': str(work / 'store')}
    run = [GARLAND, 'run', '--json', '--full', '--project', project, '--data', data]
    _, output = timed(run, store)
    events = [json.loads(line) for line in output.splitlines()]
    peak_of_first = peak_bytes(events)
    peaks = []

    def ours():
        _, again = timed(run, store)
        lines = [json.loads(line) for line in again.splitlines()]
        peaks.append(peak_bytes(lines))
        return next(e for e in lines if e['event'] == 'run')['model_seconds']

    def peer():
        _, answer = timed([BY_HAND, project, work / 'store'])
        return float(answer.splitlines()[-1].split()[0])

    own, other, _, _ = alternating(ours, peer)
    report('run_models_seconds', own, 's', 'the same statements by hand', other, own / other, '<= 1.1x', own / other <= 1.1)
    report('run_peak', max(peaks + [peak_of_first]) / 2**20, 'MiB', None, None, None, '< 2048 MiB', max(peaks + [peak_of_first]) < 2**31)
    shutil.rmtree(work)


def main():
    measure(ROWS)
