"""A real S3 server for a test: SeaweedFS on a free port of this machine, with one bucket and one pair of keys."""
import json
import socket
import urllib.error
import urllib.parse
import urllib.request

from expectations import eventually
from fetched_server import FetchedServer, Unavailable, fetched

KEY, SECRET = 'test-key', 'test-secret-that-must-not-be-shown'


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


class S3Server(FetchedServer):
    def __init__(self):
        program = fetched('s3-server')
        super().__init__('s3-')
        (self.folder / 's3.json').write_text(json.dumps({'identities': [{
            'name': 'test', 'credentials': [{'accessKey': KEY, 'secretKey': SECRET}],
            'actions': ['Admin', 'Read', 'Write', 'List', 'Tagging']}]}))
        self.port = free_port()
        ports = [str(free_port()) for _ in range(3)]
        self.filer = f'127.0.0.1:{ports[2]}'
        self.launch(
            [program, 'server', f'-dir={self.folder}', '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-s3',
             f'-s3.port={self.port}', f'-s3.config={self.folder}/s3.json', f'-master.port={ports[0]}',
             f'-volume.port={ports[1]}', f'-filer.port={ports[2]}', '-volume.max=20', '-master.volumeSizeLimitMB=64',
             '-s3.port.iceberg=0', '-s3.port.lance=0',  # fixed ports, on which a second server would die
             '-master.telemetry=false'])
        try:
            eventually(self.answers, 'the server answers')
        except Unavailable:
            self.stop()
            raise

    @property
    def endpoint(self):
        return f'127.0.0.1:{self.port}'

    def answers(self):
        self.check()
        try:
            urllib.request.urlopen(f'http://{self.endpoint}/status', timeout=1)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def make_bucket(self, name):
        """A bucket is a folder of the server's filer."""
        def made():
            self.check()
            try:
                self.ask('POST', name + '/')
            except OSError:
                return False
            return True
        eventually(made, 'a bucket can be made')

    def put(self, path, content):
        """`path`: bucket/key."""
        self.ask('PUT', path, content)

    def remove(self, path):
        self.ask('DELETE', path)

    def ask(self, method, path, content=None):
        address = f'http://{self.filer}/buckets/{urllib.parse.quote(path)}'
        urllib.request.urlopen(urllib.request.Request(address, data=content, method=method), timeout=10).read()
