"""`garland serve` under test: a project of its own in a fresh folder, on a free port."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from warehouse import GARLAND  # noqa: E402
from wire import Client  # noqa: E402

PASSWORD = 'Stollen-and-Gluehwein-24'


class Serving:
    def __init__(self, **settings):
        """`settings` of [serve]."""
        self.folder = Path(tempfile.mkdtemp(prefix='serving-'))
        lines = ['[project]', 'name = "serving"', '[serve]']
        lines += [f'{name} = {value}' for name, value in settings.items()]
        (self.folder / 'garland.toml').write_text('\n'.join(lines) + '\n')
        self.store = self.folder / 'store'
        self.clients = []
        self.start()

    def start(self):
        self.log = open(self.folder / 'log', 'ab')
        environment = dict(os.environ, GARLAND_DATA=str(self.store), GARLAND_ADMIN_PASSWORD=PASSWORD)
        self.process = subprocess.Popen([GARLAND, '--verbose', 'serve', '--project', self.folder, '--port', '0'], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        assert line.startswith('listening on 127.0.0.1:'), line + (self.folder / 'log').read_text()[-2000:]
        self.port = int(line.rsplit(':', 1)[1])

    def client(self, user='admin', password=PASSWORD, **parameters):
        client = self.stranger(user, password, **parameters)
        return client.login()

    def stranger(self, user='admin', password=PASSWORD, **parameters):
        """Connected, not logged in."""
        self.clients.append(Client(self.port, user, password, **parameters))
        return self.clients[-1]

    def ask_to_stop(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self):
        return self.process.wait(timeout=300)

    def stop(self):
        """Gracefully, when it still runs; the exit code."""
        for client in self.clients:
            client.close()
        self.clients = []
        if self.process.poll() is None:
            self.ask_to_stop()
        code = self.wait()
        self.log.close()
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def log_text(self):
        return (self.folder / 'log').read_text()

    def remove(self):
        code = self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code
