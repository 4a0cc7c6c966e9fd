"""AWS's services for a test: moto's server on a free port of this machine, which keeps what it is told in memory."""
import base64
import json
import os
import re
import urllib.parse
import urllib.request

from expectations import eventually
from fetched_server import FetchedServer, Unavailable, fetched

REGION = 'eu-west-1'
TARGETS = {'kms': 'TrentService', 'secretsmanager': 'secretsmanager'}
NOBODY = ('AKIAIOSFODNN7EXAMPLE', 'a-secret-of-nobody')


class AwsServer(FetchedServer):
    def __init__(self, *options):
        packages = fetched('aws-server')
        super().__init__('aws-')
        self.launch(['/usr/bin/python3', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0', *map(str, options)],
                    dict(os.environ, PYTHONPATH=packages, PYTHONDONTWRITEBYTECODE='1', HOME=str(self.folder)))
        self.port = None
        try:
            eventually(self.found_port, 'moto says its port')
        except Unavailable:
            self.stop()
            raise

    def found_port(self):
        said = re.search(r'Running on https?://127\.0\.0\.1:(\d+)', self.log_path.read_text())
        if not said:
            self.check()
            return False
        self.port = int(said.group(1))
        return True

    @property
    def endpoint(self):
        return f'http://127.0.0.1:{self.port}'

    def post(self, body, headers):
        request = urllib.request.Request(self.endpoint + '/', data=body.encode(), headers=headers, method='POST')
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).read().decode()

    @staticmethod
    def scope(service):
        return (f'AWS4-HMAC-SHA256 Credential={NOBODY[0]}/20260101/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=00')

    def call(self, service, action, **arguments):
        """A call by nobody: as long as must_be_allowed() was not asked for, anybody may do anything."""
        answer = self.post(json.dumps(arguments), {'Content-Type': 'application/x-amz-json-1.1', 'Authorization': self.scope(service),
                                                   'X-Amz-Target': f'{TARGETS[service]}.{action}'})
        return json.loads(answer or '{}')

    def iam(self, action, **arguments):
        return self.post(urllib.parse.urlencode(dict(arguments, Action=action, Version='2010-05-08')),
                         {'Content-Type': 'application/x-www-form-urlencoded', 'Authorization': self.scope('iam')})

    def kms_key(self, alias=None):
        key = self.call('kms', 'CreateKey')['KeyMetadata']['Arn']
        if alias:
            self.call('kms', 'CreateAlias', AliasName=alias, TargetKeyId=key)
        return key

    def encrypt(self, key, plain, context):
        return base64.b64decode(self.call('kms', 'Encrypt', KeyId=key, Plaintext=base64.b64encode(plain).decode(),
                                          EncryptionContext=context)['CiphertextBlob'])

    def decrypt(self, blob, context):
        return base64.b64decode(self.call('kms', 'Decrypt', CiphertextBlob=base64.b64encode(blob).decode(),
                                          EncryptionContext=context)['Plaintext'])

    def user(self, name, *permissions):
        """Access key and secret of a user who may do just that."""
        self.iam('CreateUser', UserName=name)
        self.iam('PutUserPolicy', UserName=name, PolicyName='only', PolicyDocument=json.dumps({
            'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': list(permissions), 'Resource': '*'}]}))
        made = self.iam('CreateAccessKey', UserName=name)
        return tuple(re.search(f'<{part}>(.*?)</{part}>', made).group(1) for part in ('AccessKeyId', 'SecretAccessKey'))

    def must_be_allowed(self):
        """From now on signatures and permissions are checked."""
        request = urllib.request.Request(f'{self.endpoint}/moto-api/reset-auth', data=b'0', method='POST',
                                         headers={'Content-Type': 'text/plain'})
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).read()
