"""`garland serve` under test: a project of its own in a fresh folder, and clients that speak the protocol byte by byte."""
import tempfile
from pathlib import Path

from served import PASSWORD, STOP_S, Served
from wire import Client


class Serving(Served):
    def __init__(self, **settings):
        """`settings` of [serve]."""
        folder = Path(tempfile.mkdtemp(prefix='serving-'))
        super().__init__(folder, folder, folder / 'store', '--verbose')
        lines = ['[project]', 'name = "serving"', '[serve]']
        lines += [f'{name} = {value}' for name, value in settings.items()]
        (folder / 'garland.toml').write_text('\n'.join(lines) + '\n')
        self.clients = []
        self.start()

    def client(self, user='admin', password=PASSWORD, **parameters):
        client = self.stranger(user, password, **parameters)
        return client.login()

    def stranger(self, user='admin', password=PASSWORD, **parameters):
        """Connected, not logged in."""
        self.clients.append(Client(self.port, user, password, **parameters))
        return self.clients[-1]

    def wait(self):
        return self.process.wait(timeout=STOP_S)

    def stop(self):
        for client in self.clients:
            client.close()
        self.clients = []
        return super().stop()
