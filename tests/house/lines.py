"""Results in the protocol of tests/README.md: PASS, FAIL and SKIP lines, then the sum."""
import sys


class Lines:
    def __init__(self):
        self.counts = {'PASS': 0, 'FAIL': 0, 'SKIP': 0}

    def say(self, word, name, text=''):
        self.counts[word] += 1
        print(f'{word} {name}' + (f': {text}' if text else ''), flush=True)

    def expect(self, name, wrong):
        """Passes when the list `wrong` is empty; otherwise fails and prints it."""
        self.say('FAIL' if wrong else 'PASS', name, f'{len(wrong)} found' if wrong else '')
        for line in wrong:
            print('  ' + line)

    def finish(self):
        print(f"{self.counts['PASS']} passed, {self.counts['FAIL']} failed, {self.counts['SKIP']} skipped")
        sys.exit(1 if self.counts['FAIL'] else 0)
