"""What the cases of a suite say of what they see."""
import time

from served import SLOW
from wire import ServerError


def expect(got, wanted, what=''):
    assert got == wanted, f'{what}: {got!r}, expected {wanted!r}'


def eventually(holds, what):
    """Asks until it holds; the suite's time limit ends a wait in vain."""
    deadline = time.monotonic() + max(120, 60 * SLOW)
    while not holds():
        assert time.monotonic() < deadline, f'never: {what}'
        time.sleep(0.02)


def state_of(run):
    """The SQLSTATE of the error that it raises; None: it raises none."""
    try:
        run()
    except ServerError as error:
        return error.state
    return None
