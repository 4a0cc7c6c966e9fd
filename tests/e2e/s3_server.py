"""A real S3 server for a test: SeaweedFS on a free port of this machine, with one bucket and one pair of keys."""
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
KEY, SECRET = 'test-key', 'test-secret-that-must-not-be-shown'


class Unavailable(Exception):
    """Why there is no server."""


def free_port():
    """SeaweedFS takes a second port for each, 10000 above it."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(('127.0.0.1', 0))
            port = first.getsockname()[1]
            if port > 55000:
                continue
            try:
                second.bind(('127.0.0.1', port + 10000))
            except OSError:
                continue
            return port
    raise Unavailable('no free port')


class S3Server:
    def __init__(self):
        found = subprocess.run([ROOT / 'scripts/s3-server'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if found.returncode != 0:
            raise Unavailable((found.stderr.strip().splitlines() or ['scripts/s3-server failed'])[-1])
        self.folder = Path(tempfile.mkdtemp(prefix='s3-'))
        (self.folder / 's3.json').write_text(json.dumps({'identities': [{
            'name': 'test', 'credentials': [{'accessKey': KEY, 'secretKey': SECRET}],
            'actions': ['Admin', 'Read', 'Write', 'List', 'Tagging']}]}))
        self.port = free_port()
        ports = [str(free_port()) for _ in range(3)]
        self.filer = f'127.0.0.1:{ports[2]}'
        self.log = open(self.folder / 'log', 'w')
        self.process = subprocess.Popen(
            [found.stdout.strip(), 'server', f'-dir={self.folder}', '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-s3',
             f'-s3.port={self.port}', f'-s3.config={self.folder}/s3.json', f'-master.port={ports[0]}',
             f'-volume.port={ports[1]}', f'-filer.port={ports[2]}', '-volume.max=20', '-master.volumeSizeLimitMB=64',
             '-s3.port.iceberg=0', '-s3.port.lance=0',  # fixed ports, on which a second server would die
             '-master.telemetry=false'],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.wait()

    @property
    def endpoint(self):
        return f'127.0.0.1:{self.port}'

    def check(self):
        if self.process.poll() is not None:
            raise Unavailable('the server ended: ' + (self.folder / 'log').read_text()[-300:].replace('\n', ' '))

    def wait(self):
        for _ in range(300):
            self.check()
            try:
                urllib.request.urlopen(f'http://{self.endpoint}/status', timeout=1)
                return
            except urllib.error.HTTPError:
                return   # it answers
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise Unavailable('the server did not answer within 30 seconds')

    def make_bucket(self, name):
        """A bucket is a folder of the server's filer."""
        for _ in range(100):
            self.check()
            try:
                request = urllib.request.Request(f'http://{self.filer}/buckets/{name}/', method='POST')
                return urllib.request.urlopen(request, timeout=5).read()
            except OSError:
                time.sleep(0.1)
        raise Unavailable('no bucket could be made')

    def put(self, path, content):
        """`path`: bucket/key."""
        self.ask('PUT', path, content)

    def remove(self, path):
        self.ask('DELETE', path)

    def ask(self, method, path, content=None):
        address = f'http://{self.filer}/buckets/{urllib.parse.quote(path)}'
        urllib.request.urlopen(urllib.request.Request(address, data=content, method=method), timeout=10).read()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
