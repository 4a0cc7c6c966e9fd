"""PostgreSQL's protocol v3 by hand: a client that can also send what no driver would."""
import base64
import hashlib
import hmac
import os
import socket
import struct

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST, PROTOCOL_3 = 80877103, 80877104, 80877102, 3 << 16


class ServerError(Exception):
    """An ErrorResponse."""

    def __init__(self, fields):
        super().__init__(f"{fields.get('C')} {fields.get('M')}")
        self.fields = fields
        self.state = fields.get('C')


class Gone(Exception):
    """The server closed the connection."""


def message(kind, payload=b''):
    return kind + struct.pack('!i', len(payload) + 4) + payload


def text(value):
    return value.encode() + b'\0'


def startup(parameters, code=PROTOCOL_3):
    payload = struct.pack('!i', code) + b''.join(text(k) + text(v) for k, v in parameters.items()) + b'\0'
    return struct.pack('!i', len(payload) + 4) + payload


def fields_of(payload):
    fields = {}
    for part in payload.split(b'\0'):
        if part:
            fields[chr(part[0])] = part[1:].decode()
    return fields


def scram_proof(password, nonce, first_bare, server_first, without_proof):
    """RFC 5802, section 3."""
    given = dict(part.split('=', 1) for part in server_first.split(','))
    salted = hashlib.pbkdf2_hmac('sha256', password.encode(), base64.b64decode(given['s']), int(given['i']))
    client_key = hmac.digest(salted, b'Client Key', 'sha256')
    signed = ','.join((first_bare, server_first, without_proof)).encode()
    signature = hmac.digest(hashlib.sha256(client_key).digest(), signed, 'sha256')
    return base64.b64encode(bytes(a ^ b for a, b in zip(client_key, signature))).decode()


def connect(port, timeout_s):
    """To a port of this machine, or to the Unix socket of that path."""
    if isinstance(port, int):
        return socket.create_connection(('127.0.0.1', port), timeout=timeout_s)
    local = socket.socket(socket.AF_UNIX)
    local.settimeout(timeout_s)
    local.connect(str(port))
    return local


class Client:
    def __init__(self, port, user='admin', password='', database='dev', timeout_s=60, **parameters):
        self.port = port
        self.user, self.password = user, password
        self.parameters = {'user': user, 'database': database, **parameters}
        self.socket = connect(port, timeout_s)
        self.statuses, self.notices = {}, []
        self.process = self.key = None

    # ---- bytes
    def send(self, data):
        self.socket.sendall(data)

    def read(self, size):
        data = b''
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise Gone()
            data += more
        return data

    def receive(self):
        """(type, payload) of the next message."""
        header = self.read(5)
        return header[:1], self.read(struct.unpack('!i', header[1:])[0] - 4)

    def closed(self):
        """True when the server closes without another byte."""
        try:
            return self.socket.recv(1) == b''
        except ConnectionResetError:
            return True

    # ---- the login
    def login(self):
        self.send(startup(self.parameters))
        while True:
            kind, payload = self.receive()
            if kind == b'R':
                self.authenticate(payload)
            elif kind == b'S':
                name, value = payload[:-1].split(b'\0')
                self.statuses[name.decode()] = value.decode()
            elif kind == b'K':
                self.process, self.key = struct.unpack('!ii', payload)
            elif kind == b'E':
                raise ServerError(fields_of(payload))
            elif kind == b'Z':
                return self

    def authenticate(self, payload):
        code = struct.unpack('!i', payload[:4])[0]
        if code == 10:
            self.nonce = base64.b64encode(os.urandom(18)).decode()
            self.first_bare = f'n=,r={self.nonce}'
            first = ('n,,' + self.first_bare).encode()
            self.send(message(b'p', text('SCRAM-SHA-256') + struct.pack('!i', len(first)) + first))
        elif code == 11:
            server_first = payload[4:].decode()
            nonce = dict(part.split('=', 1) for part in server_first.split(','))['r']
            bare = f'c=biws,r={nonce}'
            proof = scram_proof(self.password, self.nonce, self.first_bare, server_first, bare)
            self.send(message(b'p', f'{bare},p={proof}'.encode()))
        elif code == 13:
            _, salt_size = struct.unpack('!ii', payload[4:12])
            salt, rest = payload[12:12 + salt_size], payload[12 + salt_size:]
            server_nonce = rest[4:]
            client_nonce = os.urandom(8).hex().encode()
            stored = hashlib.sha256(self.password.encode() + salt).digest()
            digest = hashlib.sha256(stored + server_nonce + client_nonce).digest()
            self.send(message(b'd', struct.pack('!i', len(digest)) + digest + struct.pack('!i', len(client_nonce)) + client_nonce))
        elif code == 5:
            inner = hashlib.md5((self.password + self.user).encode()).hexdigest()
            outer = hashlib.md5(inner.encode() + payload[4:8]).hexdigest()
            self.send(message(b'p', text('md5' + outer)))

    # ---- statements
    def query(self, sql):
        """The rows of the last result, as text; an ErrorResponse is raised once the server is ready again."""
        self.send(message(b'Q', text(sql)))
        return self.results()

    def results(self):
        rows, failure, self.tags = [], None, []
        while True:
            kind, payload = self.receive()
            if kind == b'T':
                rows = []
            elif kind == b'D':
                rows.append(row_of(payload))
            elif kind == b'C':
                self.tags.append(payload[:-1].decode())
            elif kind == b'N':
                self.notices.append(fields_of(payload))
            elif kind == b'S':
                name, value = payload[:-1].split(b'\0')
                self.statuses[name.decode()] = value.decode()
            elif kind == b'E':
                failure = ServerError(fields_of(payload))
                if failure.fields['S'] == 'FATAL':
                    raise failure
            elif kind == b'Z':
                self.status = payload.decode()
                if failure:
                    raise failure
                return rows

    def answers(self):
        """Every message up to ReadyForQuery."""
        seen = []
        while True:
            seen.append(self.receive())
            if seen[-1][0] == b'Z':
                return seen

    def cancel(self):
        with connect(self.port, 60) as other:
            other.sendall(struct.pack('!iiii', 16, CANCEL_REQUEST, self.process, self.key))
            other.recv(1)

    def close(self):
        self.socket.close()


def row_of(payload):
    count, at, row = struct.unpack('!h', payload[:2])[0], 2, []
    for _ in range(count):
        size = struct.unpack('!i', payload[at:at + 4])[0]
        at += 4
        row.append(None if size < 0 else payload[at:at + size].decode())
        at += max(size, 0)
    return row


def parse(sql, name='', types=()):
    return message(b'P', text(name) + text(sql) + struct.pack(f'!h{len(types)}i', len(types), *types))


def bind(values=(), portal='', statement='', formats=(), results=()):
    payload = text(portal) + text(statement) + struct.pack(f'!h{len(formats)}h', len(formats), *formats)
    payload += struct.pack('!h', len(values))
    for value in values:
        payload += struct.pack('!i', -1) if value is None else struct.pack('!i', len(value)) + value
    return message(b'B', payload + struct.pack(f'!h{len(results)}h', len(results), *results))


def describe(kind, name=''):
    return message(b'D', kind + text(name))


def execute(portal='', rows=0):
    return message(b'E', text(portal) + struct.pack('!i', rows))


SYNC, FLUSH, TERMINATE = message(b'S'), message(b'H'), message(b'X')
