"""The rules of the house (../../ARCHITECTURE.md), each a function of a tree's root that gives what breaks it, one line each."""
import re
import subprocess
import tomllib
from pathlib import Path

import cpp_source

FLOORS = {
    'base': 0,
    'sql': 1, 'engine': 1, 'net': 1,
    'semantics': 2, 'records': 2, 'duck': 2,
    'embedded': 3, 'redshift': 3,
    'ingest': 4, 'models': 4,
    'endpoint': 5, 'web': 5,
    'cli': 6,
}
# Headers that only some folders may include: the engine's and the cluster's own interfaces stay behind ours.
RESERVED_HEADERS = {'duckdb.h': ('src/duck/',), 'libpq-fe.h': ('src/redshift/', 'src/ingest/postgres/')}
MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 600
VAGUE_FOLDERS = {'util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers', 'misc'}
# Where packages come from is a setting of each machine. In parts, so that this file does not name them either.
REGISTRY_HOSTS = ['.'.join(parts) for parts in (
    ('pypi', 'org'), ('pythonhosted', 'org'), ('npmjs', 'org'), ('npmjs', 'com'), ('deb', 'debian', 'org'), ('maven', 'org'),
    ('maven', 'apache', 'org'), ('crates', 'io'), ('proxy', 'golang', 'org'))]
MACHINE_PATH = re.compile(r'(?<![\w.~:}/-])/(?:root|home|work|Users)/\w[\w./-]*')
FIXED_SCRATCH = re.compile(r'''["'](?:/var)?/tmp/\w''')
FIXED_SCRATCH_CPP = re.compile(r'"(?:/var)?/tmp/\w')  # in single quotes it is a path inside SQL text
UNFINISHED = re.compile(r'\b(?:' + '|'.join(('TO' 'DO', 'FIX' 'ME')) + r')\b')


def tracked_files(root):
    """Paths, relative to the root, of what is or would be under version control; without git, of everything."""
    listed = subprocess.run(['git', '-C', str(root), 'ls-files', '-z', '-co', '--exclude-standard'], capture_output=True)
    if listed.returncode == 0 and (root / '.git').exists():
        names = [name for name in listed.stdout.decode().split('\0') if name]
    else:
        names = [str(path.relative_to(root)) for path in root.rglob('*') if path.is_file()]
    return sorted(name for name in set(names) if (root / name).is_file())


def cpp_files(root, *folders):
    return [name for name in tracked_files(root)
            if name.endswith(('.h', '.cpp')) and name.startswith(tuple(f'{folder}/' for folder in folders))]


def read(root, name):
    return (root / name).read_text(errors='replace')


def check_floors(root):
    wrong = []
    for name in cpp_files(root, 'src'):
        folder = name.split('/')[1]
        if folder not in FLOORS:
            wrong.append(f'{name}: src/{folder} stands on no floor')
            continue
        for line, path, quoted in cpp_source.includes(read(root, name)):
            other = path.split('/')[0]
            if other not in FLOORS or '/' not in path:
                if quoted and path not in RESERVED_HEADERS:
                    wrong.append(f'{name}:{line}: "{path}" is not written from src/ on (libraries take <>)')
            elif other != folder and FLOORS[other] >= FLOORS[folder]:
                where = 'beside' if FLOORS[other] == FLOORS[folder] else 'above'
                wrong.append(f'{name}:{line}: {folder}/ includes {path}, which stands {where} it')
    return wrong


def check_shop(root):
    """The demo shop is a source, not a part: what it knows of the warehouse would make its data fit."""
    return [f'{name}:{line}: shop/ includes {path}, but stands on base alone' for name in cpp_files(root, 'shop')
            for line, path, _ in cpp_source.includes(read(root, name)) if path.split('/')[0] in FLOORS and not path.startswith('base/')]


def check_reserved_headers(root):
    wrong = []
    for name in cpp_files(root, 'src'):
        for line, path, _ in cpp_source.includes(read(root, name)):
            allowed = RESERVED_HEADERS.get(path)
            if allowed and not name.startswith(allowed):
                wrong.append(f'{name}:{line}: only {" and ".join(allowed)} may include {path}')
    return wrong


def exceptions(root, file, found, limit, unit):
    """found: {key: (place, lines)} past the limit. Breaks: what is not listed in tests/house/<file>; entries that nothing needs."""
    path = root / 'tests' / 'house' / file
    reasons = tomllib.loads(path.read_text()) if path.exists() else {}
    wrong = [f'{place} takes {lines} lines, past {limit}: divide it, or list "{key}" in tests/house/{file} with the reason'
             for key, (place, lines) in sorted(found.items()) if key not in reasons]
    wrong += [f'tests/house/{file}: "{key}" has no reason' for key, reason in reasons.items() if len(str(reason).split()) < 4]
    wrong += [f'tests/house/{file}: "{key}" is no {unit} past {limit} lines any more: remove it'
              for key in reasons if key not in found]
    return wrong


def check_function_length(root):
    found = {}
    for name in cpp_files(root, 'src', 'shop', 'tests', 'bench'):
        for function in cpp_source.functions(read(root, name)):
            if function.lines > MAX_FUNCTION_LINES:
                found[f'{name} {function.name}'] = (f'{name}:{function.first_line}: {function.name}', function.lines)
    return exceptions(root, 'long_functions.toml', found, MAX_FUNCTION_LINES, 'function')


def check_file_length(root):
    found = {}
    for name in cpp_files(root, 'src', 'shop', 'tests', 'bench'):
        lines = read(root, name).count('\n')
        if lines > MAX_FILE_LINES:
            found[name] = (name, lines)
    return exceptions(root, 'long_files.toml', found, MAX_FILE_LINES, 'file')


def check_folder_names(root):
    folders = {parent for name in tracked_files(root) for parent in Path(name).parents}
    return [f'{folder}: a folder is named after what it is for' for folder in sorted(folders) if folder.name in VAGUE_FOLDERS]


def check_readmes(root):
    folders = {name.split('/')[1] for name in tracked_files(root) if name.startswith('src/') and name.count('/') > 1}
    return [f'src/{folder} has no README.md' for folder in sorted(folders) if not (root / 'src' / folder / 'README.md').is_file()]


def check_text(root):
    """No machine's paths, no registry's host, nothing left to be done, no scratch file that two tests would share."""
    wrong = []
    for name in tracked_files(root):
        data = (root / name).read_bytes()
        if b'\0' in data[:8000]:
            continue
        for number, line in enumerate(data.decode(errors='replace').splitlines(), 1):
            place = f'{name}:{number}'
            wrong += [f'{place}: names the registry host {host}' for host in REGISTRY_HOSTS if host in line]
            if path := MACHINE_PATH.search(line):
                wrong.append(f'{place}: {path.group()} is a path of one machine')
            if UNFINISHED.search(line) and not name.endswith('.md'):
                wrong.append(f'{place}: unfinished work is an issue, not a comment')
            scratch = FIXED_SCRATCH_CPP if name.endswith('.cpp') else FIXED_SCRATCH
            if name.startswith('tests/') and scratch.search(line):
                wrong.append(f'{place}: tests take their scratch folder from TMPDIR')
    return wrong


ALL = {
    'folders include lower floors only': check_floors,
    'the demo shop stands on base alone': check_shop,
    'duckdb.h and libpq-fe.h stay in their folders': check_reserved_headers,
    f'functions take at most {MAX_FUNCTION_LINES} lines': check_function_length,
    f'files take at most {MAX_FILE_LINES} lines': check_file_length,
    'folders are named after what they are for': check_folder_names,
    'every folder of src has a README': check_readmes,
    'no machine paths, registry hosts or unfinished work': check_text,
}
