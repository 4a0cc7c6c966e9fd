"""A machine that loses power: what a process wrote below a folder, and never synced, is undone (faulty_disk.cpp writes the journal).

Strict: a file's bytes and length are kept by fsync of the file, names (made, changed, removed) by fsync of their folder alone. What was not synced
is lost as a whole, or from some change of each file and folder on: a disk writes files in any order.
"""
import os
import shutil
import struct
import tempfile
from pathlib import Path

BUILD = Path(os.environ.get('GARLAND_BUILD') or Path(__file__).resolve().parents[2] / 'build/release')
LIBRARY = BUILD / 'tests/crash/faulty_disk.so'
HEADER = struct.Struct('<cQQQQ')


class Disk:
    """Below `folder`, during one run. Nothing else may change it meanwhile."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.journal = Path(tempfile.mkdtemp(prefix='journal-'))
        self.names, self.folders = {}, set()  # durable: {path: inode}
        for path in self.folder.rglob('*'):
            if path.is_dir():
                self.folders.add(str(path))
            elif path.is_file():
                self.names[str(path)] = path.stat().st_ino
                os.link(path, self.journal / str(path.stat().st_ino))

    def environment(self, kill=0, room=''):
        """`kill`: the change of which the process dies; `room`: bytes until the disk is full."""
        return {'LD_PRELOAD': str(LIBRARY), 'DISK_FOLDER': str(self.folder), 'DISK_JOURNAL': str(self.journal), 'DISK_KILL': str(kill), 'DISK_ROOM': str(room)}

    def records(self):
        """(kind, inode, offset, size before, bytes)."""
        data, at = (self.journal / 'journal').read_bytes(), 0
        while at < len(data):
            kind, inode, offset, size, length = HEADER.unpack_from(data, at)
            at += HEADER.size + length
            yield kind.decode(), inode, offset, size, data[at - length:at]

    def lose(self, keeps):
        """Undoes what was not synced; `keeps(n)` says how many of n changes of a file or folder came through all the same. What was lost, for people."""
        writes, names = {}, {}  # not synced, by inode and by folder
        for record in self.records():
            kind, inode, _, _, text = record
            if kind == 'W':
                writes.setdefault(inode, []).append(record)
            elif kind == 'S':
                writes.pop(inode, None)
            elif kind == 'D':
                for each in names.pop(text.decode(), []):
                    self.settle(each)
            else:
                names.setdefault(os.path.dirname(text.decode().split('\0')[0]), []).append(record)
        lost = []
        for folder, changes in names.items():
            kept = keeps(len(changes))
            for each in changes[:kept]:
                self.settle(each)
            lost += [f'{kind} {text.decode()}' for kind, _, _, _, text in changes[kept:]]
        for inode, changes in writes.items():
            kept = keeps(len(changes))
            with open(self.journal / str(inode), 'r+b') as file:
                for _, _, offset, size, before in reversed(changes[kept:]):
                    file.seek(offset)
                    file.write(before)
                    file.truncate(size)
            lost += [f'{len(changes) - kept} writes of {inode}'] if changes[kept:] else []
        self.restore()
        return lost

    def settle(self, record):
        """A name that is durable."""
        kind, inode, _, _, text = record
        path, _, to = text.decode().partition('\0')
        if kind == 'M':
            self.folders.add(path)
        elif kind == 'C':
            self.names[path] = inode
        else:
            self.names.pop(path, None)
            if kind == 'R':
                self.names[to] = inode

    def restore(self):
        """The names as they are on the disk."""
        for path in sorted(self.folder.rglob('*')):
            if path.is_dir() and str(path) not in self.folders:
                shutil.rmtree(path)
            elif path.is_file() and self.names.get(str(path)) != path.stat().st_ino:
                path.unlink()
        for path, inode in self.names.items():
            if not os.path.exists(path) and os.path.isdir(os.path.dirname(path)):
                os.link(self.journal / str(inode), path)

    def close(self):
        shutil.rmtree(self.journal)
