"""A suite of one client: `Suite` finds the client (or reports it as skipped), starts a server, runs the cases and prints their lines.

    suite = Suite('psycopg', modules=['psycopg'])   # goes on under the clients' own Python, where the module is
    @suite.case
    def it_connects(server): …                      # fails by raising
    suite.run()
"""
import importlib
import os
import shutil
import subprocess
import sys
import threading
import traceback
from pathlib import Path

ROOT = Path(os.environ.get('GARLAND_ROOT', Path(__file__).resolve().parents[2]))
CLIENTS = Path(os.environ.get('GARLAND_DEPS', ROOT / '.deps')) / 'clients'
sys.path.insert(0, str(ROOT / 'tests' / 'house'))
from lines import Lines  # noqa: E402

import server as servers  # noqa: E402


def equal(got, expected, what='result'):
    if got != expected or type(got) is not type(expected):
        raise AssertionError(f'{what}: {got!r}, expected {expected!r}')


def once_running(running, work):
    """A started thread that does the work as soon as `running()` counts somebody who runs everything.ENDLESS; a case's time limit ends a wait in vain."""
    def wait():
        while not running():
            pass
        work()
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def holds(text, part):
    if part not in text:
        raise AssertionError(f'{part!r} is not in {text!r}')


def raises(kind, work):
    """The exception that work() ends with."""
    try:
        found = work()
    except kind as error:
        return error
    raise AssertionError(f'no {kind.__name__}, but {found!r}')


def printed_cases(text):
    for line in text.splitlines():
        name, _, why = line[5:].partition(': ')
        if line.startswith('PASS '):
            yield name,
        elif line.startswith('FAIL '):
            yield name, why or 'no reason given'


class Suite:
    def __init__(self, client, modules=(), programs=(), files=(), venv='venv', part=None, case_s=60):
        """`part`: which part of scripts/setup-clients brings it, for the reason of a skip. `case_s`: a case may take that long."""
        self.client, self.cases, self.lines = client, [], Lines()
        self.part, self.case_s = part or venv, case_s * servers.SLOW
        if modules:
            self.enter(venv)
        for module in modules:
            try:
                importlib.import_module(module)
            except ImportError as error:
                self.skip(f'{module} cannot be loaded from .deps/clients/{venv}: {error}')
        for program in programs:
            if shutil.which(program) is None:
                self.skip(f'there is no {program}')
        for file in files:
            if not Path(file).exists():
                self.skip(f'there is no {Path(file).name}')

    def enter(self, venv):
        folder = CLIENTS / venv
        if Path(sys.prefix) == folder.resolve() or Path(sys.prefix) == folder:
            return
        python = folder / 'bin' / 'python'
        if not python.exists():
            self.skip(f'there is no .deps/clients/{venv}')
        os.execv(python, [str(python), *sys.argv])

    def skip(self, reason):
        missing = CLIENTS / f'{self.part}.missing'
        if missing.exists():
            reason += ': ' + ' '.join(missing.read_text().split())
        self.lines.say('SKIP', self.client, reason)
        self.lines.finish()

    def report(self, name, wrong):
        self.lines.expect(f'{self.client}: {name}', wrong)

    def skip_case(self, name, reason):
        self.lines.say('SKIP', f'{self.client}: {name}', reason)

    def case(self, function):
        self.cases.append((function.__name__.replace('_', ' '), function))
        return function

    def run(self, config=''):
        only = sys.argv[1] if len(sys.argv) > 1 else ''
        try:
            server = servers.Server(config)
        except servers.Failed as failure:
            self.lines.expect(f'{self.client}: the server starts', str(failure).splitlines())
            self.lines.finish()
        try:
            for name, function in self.cases:
                if only in name:
                    self.report(name, self.outcome(server, function))
            code = server.stop()
            self.lines.expect(f'{self.client}: the server stops', [] if code == 0 else [f'exit code {code}', server.said()])
        finally:
            server.kill()
            server.remove()
        self.lines.finish()

    def run_program(self, command, read=None, **environment):
        """A client of another language: its program prints `PASS name` and `FAIL name: why`, or `read` gives (name, why, …) after it."""
        try:
            server = servers.Server()
        except servers.Failed as failure:
            self.lines.expect(f'{self.client}: the server starts', str(failure).splitlines())
            self.lines.finish()
        try:
            done = subprocess.run(command, env={**os.environ, **server.variables(), **environment}, text=True, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=4 * self.case_s)
            seen = list((read or printed_cases)(done.stdout))
            for name, *wrong in seen:
                self.report(name, wrong)
            if not seen or (done.returncode != 0 and not self.lines.counts['FAIL']):
                self.lines.expect(f'{self.client}: the program ends', [f'exit status {done.returncode}', *done.stdout.splitlines()[-40:]])
            code = server.stop()
            self.lines.expect(f'{self.client}: the server stops', [] if code == 0 else [f'exit code {code}', server.said()])
        except subprocess.TimeoutExpired as late:
            self.lines.expect(f'{self.client}: the program ends', [f'not within {4 * self.case_s} s', *(late.stdout or b'').decode().splitlines()[-40:]])
        finally:
            server.kill()
            server.remove()
        self.lines.finish()

    def outcome(self, server, function):
        """What is wrong. A case that hangs loses its server, which ends most clients' waiting."""
        late = threading.Event()

        def end():
            late.set()
            server.kill()
        timer = threading.Timer(self.case_s, end)
        timer.start()
        wrong = []
        try:
            function(server)
        except Exception as error:  # noqa: BLE001: whatever a driver raises is a failed case
            place = traceback.extract_tb(error.__traceback__)
            own = [frame for frame in place if Path(frame.filename).parent == Path(__file__).parent and frame.filename != __file__]
            where = f'{Path(own[-1].filename).name}:{own[-1].lineno}: ' if own else ''
            wrong = [f'{where}{type(error).__name__}: {str(error).strip()[:1500]}']
        finally:
            timer.cancel()
        if late.is_set():
            wrong.append(f'it took more than {self.case_s} s')
        if server.ends_within(0.2 if wrong else 0):  # one that is dying is seen dead
            if not late.is_set():
                wrong.append(f'the server died: {server.said()}')
            server.start()
        return wrong
