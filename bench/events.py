"""names events…: webhooks, each durable when it is answered; a topic into a raw table against a consumer that only counts."""
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, report

sys.path[:0] = [str(ROOT / 'tests' / 'e2e'), str(ROOT / 'tests' / 'house')]
import kafka  # noqa: E402
from webhooks import Hooks  # noqa: E402

SECONDS = int(os.environ.get('SECONDS', 5))
RUNS = int(os.environ.get('RUNS', 3))
MESSAGES = int(os.environ.get('MESSAGES', 1_000_000))
SENDERS = 32
GARLAND = Path(os.environ.get('GARLAND', ROOT / 'build/release/garland'))
COLUMNS = '''
columns = [
  { name = "event_id", type = "varchar(40)", required = true }, { name = "at", type = "timestamp" }, { name = "visitor", type = "varchar(40)" },
  { name = "email", type = "varchar(254)", pii = "email" }, { name = "device", type = "varchar(20)" }, { name = "source", type = "varchar(20)" },
  { name = "seconds", type = "integer" }, { name = "sku", type = "varchar(20)", path = "$.product.sku" }, { name = "price", type = "decimal(12,2)", path = "$.product.price" },
  { name = "stage", type = "varchar(20)" }, { name = "order_id", type = "bigint" },
]
'''


def event(number):
    return json.dumps({'event_id': f'ws-{number}', 'at': '2026-11-22T10:20:30Z', 'visitor': f'v{number % 9973}', 'email': f'person.{number % 5000}@mail.example',
                       'device': 'phone', 'source': 'organic', 'seconds': number % 1500, 'product': {'sku': f'star-{number % 400}', 'price': '12.50'},
                       'stage': 'cart', 'order_id': number, 'searches': ['krippe']})


def send(hooks, first, seconds, times):
    """One sender on one connection; how long each of its requests took."""
    connection, took, number = hooks.connect(), [], first
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        reply = hooks.post('reviews', event(number), key=f'k{number}', kind='application/json', connection=connection)
        took.append(time.monotonic() - begun)
        assert reply.status == 200, reply
        number += 1
    times.put(took)


def webhooks():
    hooks = Hooks('[[source]]\nname = "reviews"\nkind = "events"\ntable = "landing.reviews"\nsecret_env = "REVIEWS_SECRET"\nrest = "payload"\n' + COLUMNS)
    rates, slowest = [], []
    hooks.start()
    try:
        for run in range(RUNS):
            times = multiprocessing.Queue()
            made = [multiprocessing.Process(target=send, args=(hooks, (run * SENDERS + i) * 1_000_000, SECONDS, times)) for i in range(SENDERS)]
            for process in made:
                process.start()
            took = sorted(seconds for _ in made for seconds in times.get())
            for process in made:
                process.join()
            rates.append(len(took) / SECONDS)
            slowest.append(took[int(len(took) * 0.99)] * 1000)
    finally:
        hooks.remove()
    report('events webhooks', statistics.median(rates), 'requests/s, durable', None, None, None, '1,000', statistics.median(rates) >= 1000)
    report('events webhooks p99', statistics.median(slowest), f'ms with {SENDERS} senders', None, None, None, '100', statistics.median(slowest) <= 100)


def consumed(broker):
    """Seconds that `garland run` takes for the topic into a new warehouse."""
    folder = Path(tempfile.mkdtemp(prefix='bench-events-'))
    (folder / 'garland.toml').write_text(f'[[source]]\nname = "sessions"\nkind = "kafka"\nbrokers = "{broker.address}"\ntopics = ["sessions"]\n'
                                         'table = "landing.sessions"\nrest = "payload"\n' + COLUMNS)
    done = subprocess.run([GARLAND, 'run', '--json', '--project', folder], env=dict(os.environ, GARLAND_DATA=str(folder / 'store')), text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(folder)
    found = next(json.loads(line) for line in done.stdout.splitlines() if '"topics"' in line)
    assert found['rows'] == MESSAGES, found
    return found['seconds']


def topics():
    if kafka.missing():
        print(f'events topics: left out, {kafka.missing()}')
        return
    broker = kafka.Broker()
    try:
        writer = kafka.Client(broker, linger_ms=50, batch_size=1_000_000)
        writer.create('sessions')
        for number in range(MESSAGES):
            writer.send('sessions', event(number), key=str(number))
        writer.flush()
        ours, peers = [], []
        for _ in range(RUNS):
            ours.append(consumed(broker))
            peers.append(float(subprocess.run([ROOT / 'build/release/bench_count_messages', broker.address, 'sessions', str(MESSAGES)], check=True, text=True,
                                              stdout=subprocess.PIPE).stdout))
        own, peer = MESSAGES / statistics.median(ours), MESSAGES / statistics.median(peers)
        report('events topics', own, 'messages/s', 'a consumer that counts', peer, own / peer, '0.7', own / peer >= 0.7)
    finally:
        broker.remove()


def main():
    webhooks()
    topics()
