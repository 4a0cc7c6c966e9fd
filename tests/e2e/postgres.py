"""A PostgreSQL server of a suite's own, as the shop's database: in a fresh folder, on a free port of this machine, never as root."""
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

BINARIES = Path('/usr/lib/postgresql/15/bin')
MISSING = None if (BINARIES / 'postgres').exists() else 'PostgreSQL 15 is not installed'
PASSWORD = 'Holly-and-Ivy-25'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Cluster:
    """A PostgreSQL of a test's own in a fresh folder, which goes with it. PostgreSQL refuses to run as root: then as its own user."""

    def __init__(self, *initdb):
        self.folder = Path(tempfile.mkdtemp(prefix='postgres-'))
        self.as_user = ['runuser', '-u', 'postgres', '--'] if os.geteuid() == 0 else []
        if self.as_user:
            shutil.chown(self.folder, 'postgres')
            scratch = Path(tempfile.gettempdir())
            if not scratch.stat().st_mode & 0o001:  # a suite's own folder, which only root may enter
                scratch.chmod(scratch.stat().st_mode | 0o011)
        self.data = self.folder / 'data'
        self.call(BINARIES / 'initdb', '-D', self.data, '-N', *initdb)

    def call(self, *command):
        return subprocess.run([*self.as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd='/')

    def launch(self, *options):
        """`options` of postgres."""
        self.call(BINARIES / 'pg_ctl', '-D', self.data, '-w', '-l', self.folder / 'log', '-o', ' '.join((f'-k {self.folder}', *options)), 'start')

    def remove(self):
        subprocess.run([*self.as_user, str(BINARIES / 'pg_ctl'), '-D', str(self.data), '-m', 'immediate', 'stop'], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd='/')
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Cluster):
    """`settings`: lines of postgresql.conf. User `shop` owns the database, user `garland` may replicate."""

    def __init__(self, **settings):
        with tempfile.NamedTemporaryFile('w') as secret:
            secret.write(PASSWORD)
            secret.flush()
            os.chmod(secret.name, 0o644)
            super().__init__('-U', 'admin', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', f'--pwfile={secret.name}')
        self.port = free_port()
        self.settings = {'wal_level': 'logical', 'fsync': 'off', 'max_slot_wal_keep_size': '2GB', 'logical_decoding_work_mem': '64kB'} | settings
        self.start()
        self.sql(f"create role garland login replication password '{PASSWORD}'", 'create database shop', database='postgres')
        self.sql('grant create on database shop to garland', 'grant all on schema public to garland')

    def start(self):
        self.launch(f'-p {self.port}', '-c listen_addresses=127.0.0.1', *(f'-c {name}={value}' for name, value in self.settings.items()))

    def halt(self):
        self.call(BINARIES / 'pg_ctl', '-D', self.data, '-m', 'fast', '-w', 'stop')

    @staticmethod
    def environment():
        return dict(os.environ, PGPASSWORD=PASSWORD)

    def psql(self, *arguments, database='shop', user='admin'):
        return [str(BINARIES / 'psql'), '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', str(self.port), '-U', user, *arguments, database]

    def sql(self, *statements, **where):
        """Each a transaction of its own. The rows of all, as lists of texts."""
        rows = []
        for statement in statements:
            done = subprocess.run(self.psql('-A', '-t', '-F', '\x1f', '-R', '\x1e', '-c', statement, **where), text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=self.environment())
            if done.returncode != 0:
                raise AssertionError(f'{statement}\n{done.stderr}')
            text = done.stdout.rstrip('\n')
            rows += [line.split('\x1f') for line in text.split('\x1e')] if text else []
        return rows

    def script(self, text):
        """Statements as psql runs a file: several in one transaction where they say BEGIN."""
        done = subprocess.run(self.psql('-f', '-'), input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=self.environment())
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def uri(self, port=None, user='garland'):
        return f'postgresql://{user}@127.0.0.1:{port or self.port}/shop'


class Proxy:
    """Between Garland and the server: passes bytes on until it is told to cut, or to swallow them."""

    def __init__(self, port):
        self.target = port
        self.pairs, self.passed = [], 0
        self.cut_after = None  # bytes from the server, then every connection is cut
        self.silent_after = None  # likewise, then every connection stays open and nothing passes any more
        self.mute = set()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(('127.0.0.1', self.target))
            except OSError:
                client.close()
                continue
            self.pairs.append((client, server))
            threading.Thread(target=self.copy, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self.copy, args=(server, client, True), daemon=True).start()

    def copy(self, source, target, from_server):
        try:
            while data := source.recv(65536):
                if source in self.mute:
                    continue
                target.sendall(data)
                if from_server:
                    self.passed += len(data)
                    if self.silent_after is not None and self.passed >= self.silent_after:
                        self.silent_after = None
                        self.mute.update(each for pair in self.pairs for each in pair)
                    if self.cut_after is not None and self.passed >= self.cut_after:
                        self.cut()
        except OSError:
            pass
        self.end((source, target))

    def cut(self):
        self.cut_after = None
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            self.end(pair)

    @staticmethod
    def end(pair):
        """Closing alone would not wake the thread that reads from the other side."""
        for each in pair:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        self.cut()
