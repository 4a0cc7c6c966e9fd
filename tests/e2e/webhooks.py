"""A started server that takes events, and a sender that signs them."""
import hashlib
import hmac
import http.client
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from served import GARLAND, Served

SECRET, PREVIOUS = 'a-secret-of-the-reviews-service', 'the-secret-of-the-last-quarter'


def signature(body, key='', secret=SECRET, at=None):
    at = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), f'{at}.{key}.'.encode() + body, hashlib.sha256).hexdigest()
    return f't={at},v1={digest}'


class Reply:
    def __init__(self, response):
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()

    @property
    def json(self):
        return json.loads(self.text)

    def __repr__(self):
        return f'{self.status} {self.text.strip()}'


class Hooks(Served):
    """A project whose garland.toml is `toml`, with the secrets of its sources in the environment."""

    def __init__(self, toml, **environment):
        folder = Path(tempfile.mkdtemp(prefix='hooks-'))
        super().__init__(folder, folder, folder / 'store')
        (folder / 'garland.toml').write_text('[project]\nname = "hooks"\n' + toml)
        self.environment.update(REVIEWS_SECRET=SECRET, REVIEWS_PREVIOUS=PREVIOUS, **environment)

    def connect(self):
        host, port = self.data_api.removeprefix('http://').rsplit(':', 1)
        return http.client.HTTPConnection(host, int(port), timeout=120)

    def post(self, source, body, key='', kind='application/x-ndjson', secret=SECRET, at=None, connection=None, method='POST', headers=None):
        """`connection`: one that is open; else one for this request."""
        body = body if isinstance(body, bytes) else body.encode()
        sent = {'Content-Type': kind, 'Garland-Signature': signature(body, key, secret, at)}
        if key:
            sent['Idempotency-Key'] = key
        sent.update(headers or {})
        own = connection or self.connect()
        try:
            own.request(method, f'/events/{source}', body, {name: value for name, value in sent.items() if value is not None})
            return Reply(own.getresponse())
        finally:
            if not connection:
                own.close()

    def call(self, *arguments, **more):
        return subprocess.run([GARLAND, *map(str, arguments)], env=dict(os.environ, **self.environment), text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def rows(self, sql):
        done = self.call('sql', '--project', self.project, '--json', sql)
        assert done.returncode == 0, f'{sql}\n{done.stdout}{done.stderr}'
        return [list(json.loads(line).values()) for line in done.stdout.splitlines()]
