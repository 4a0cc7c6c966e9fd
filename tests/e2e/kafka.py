"""A Kafka broker of a test's own (KRaft, one JVM), and what writes to it: librdkafka, which garland stands on, through ctypes."""
import base64
import ctypes
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

from served import ROOT, SLOW

CLIENTS = Path(os.environ.get('GARLAND_DEPS', ROOT / '.deps')) / 'clients'
JARS = CLIENTS / 'kafka'
START_S = 180 * SLOW
ANSWER_MS = 60_000


def missing():
    """Why there can be no broker; empty: there can."""
    if not shutil.which('java'):
        return 'there is no java'
    if not JARS.is_dir():
        why = CLIENTS / 'kafka.missing'
        return 'scripts/setup-clients kafka: ' + (why.read_text().strip() if why.exists() else 'not installed')
    return ''


def free_port():
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


class Broker:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix='kafka-'))
        self.port, control = free_port(), free_port()
        self.address = f'127.0.0.1:{self.port}'
        self.settings = self.folder / 'server.properties'
        self.settings.write_text('\n'.join([
            'process.roles=broker,controller', 'node.id=1', f'controller.quorum.voters=1@127.0.0.1:{control}',
            f'listeners=PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{control}', f'advertised.listeners=PLAINTEXT://{self.address}',
            'controller.listener.names=CONTROLLER', f'log.dirs={self.folder}/data', 'offsets.topic.replication.factor=1',
            'offsets.topic.num.partitions=1', 'transaction.state.log.replication.factor=1', 'transaction.state.log.min.isr=1',
            'group.initial.rebalance.delay.ms=0', 'auto.create.topics.enable=false', 'controlled.shutdown.enable=false']) + '\n')
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[:22].replace('-', 'a')
        self.java('kafka.tools.StorageTool', 'format', '-t', cluster, '-c', self.settings)
        self.start()

    def command(self, *arguments):
        return ['java', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp',
                f'{JARS}/*', *map(str, arguments)]

    def java(self, *arguments):
        subprocess.run(self.command(*arguments), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def start(self):
        self.log = open(self.folder / 'log', 'a')
        self.process = subprocess.Popen(self.command('kafka.Kafka', self.settings), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(('127.0.0.1', self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError('the broker did not start: ' + (self.folder / 'log').read_text()[-2000:])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


LIBRARY = None


def library():
    global LIBRARY
    if LIBRARY is None:
        LIBRARY = ctypes.CDLL('librdkafka.so.1')
        for name in ('conf_new', 'new', 'queue_new', 'queue_poll', 'NewTopic_new', 'NewPartitions_new', 'topic_partition_list_new',
                     'topic_partition_list_add', 'DeleteRecords_new', 'DeleteTopic_new', 'event_CreateTopics_result', 'CreateTopics_result_topics',
                     'topic_result_error_string', 'topic_result_error', 'err2str', 'consumer_poll', 'event_error_string'):
            getattr(LIBRARY, 'rd_kafka_' + name).restype = ctypes.c_void_p
        for name in ('err2str', 'event_error_string'):
            getattr(LIBRARY, 'rd_kafka_' + name).restype = ctypes.c_char_p
    return LIBRARY


class Partition(ctypes.Structure):
    """The head of rd_kafka_topic_partition_t."""
    _fields_ = [('topic', ctypes.c_char_p), ('partition', ctypes.c_int32), ('offset', ctypes.c_int64)]


def bytes_of(text):
    return text.encode() if isinstance(text, str) else text


class Client:
    """A handle of librdkafka: kind 0 writes and administers, kind 1 reads."""

    def __init__(self, broker, kind=0, **settings):
        self.lib = library()
        conf = ctypes.c_void_p(self.lib.rd_kafka_conf_new())
        error = ctypes.create_string_buffer(512)
        for name, value in {'bootstrap.servers': broker.address, **settings}.items():
            assert self.lib.rd_kafka_conf_set(conf, name.replace('_', '.').encode(), str(value).encode(), error, 512) == 0, error.value
        self.handle = ctypes.c_void_p(self.lib.rd_kafka_new(kind, conf, error, ctypes.c_size_t(512)))
        assert self.handle.value, error.value

    def close(self):
        self.lib.rd_kafka_destroy(self.handle)

    def wait_for(self, queue, what):
        event = ctypes.c_void_p(self.lib.rd_kafka_queue_poll(queue, ANSWER_MS))
        assert event.value, f'no answer: {what}'
        assert self.lib.rd_kafka_event_error(event) == 0, f'{what}: {self.lib.rd_kafka_event_error_string(event)}'
        return event

    def ask(self, operation, items, what):
        """An operation of the admin API on one item."""
        queue = ctypes.c_void_p(self.lib.rd_kafka_queue_new(self.handle))
        array = (ctypes.c_void_p * 1)(items)
        getattr(self.lib, 'rd_kafka_' + operation)(self.handle, array, ctypes.c_size_t(1), None, queue)
        return self.wait_for(queue, what)

    def create(self, topic, partitions=1):
        error = ctypes.create_string_buffer(512)
        made = self.lib.rd_kafka_NewTopic_new(topic.encode(), partitions, 1, error, ctypes.c_size_t(512))
        self.ask('CreateTopics', made, f'create {topic}')

    def delete(self, topic):
        self.ask('DeleteTopics', self.lib.rd_kafka_DeleteTopic_new(topic.encode()), f'delete {topic}')

    def add_partitions(self, topic, count):
        error = ctypes.create_string_buffer(512)
        made = self.lib.rd_kafka_NewPartitions_new(topic.encode(), ctypes.c_size_t(count), error, ctypes.c_size_t(512))
        self.ask('CreatePartitions', made, f'partitions of {topic}')

    def expire(self, topic, partition, before):
        """What retention does: messages before the offset are gone."""
        wanted = ctypes.c_void_p(self.lib.rd_kafka_topic_partition_list_new(1))
        added = self.lib.rd_kafka_topic_partition_list_add(wanted, topic.encode(), partition)
        Partition.from_address(added).offset = before
        self.ask('DeleteRecords', self.lib.rd_kafka_DeleteRecords_new(wanted), f'expire {topic}')

    def send(self, topic, value, key=None, partition=0, headers=None, sent_ms=None):
        """`value` None: a tombstone."""
        c = ctypes
        arguments = [c.c_int(1), c.c_char_p(topic.encode()), c.c_int(3), c.c_int32(partition), c.c_int(7), c.c_int(2)]
        for kind, data in ((4, value), (5, key)):
            if data is not None:
                data = bytes_of(data)
                arguments += [c.c_int(kind), c.c_char_p(data), c.c_size_t(len(data))]
        for name, data in (headers or {}).items():
            data = bytes_of(data)
            arguments += [c.c_int(9), c.c_char_p(name.encode()), c.c_char_p(data), c.c_ssize_t(len(data))]
        if sent_ms is not None:
            arguments += [c.c_int(8), c.c_int64(sent_ms)]
        while (error := self.lib.rd_kafka_producev(self.handle, *arguments, c.c_int(0))) == -184:  # its queue is full
            self.lib.rd_kafka_poll(self.handle, 100)
        assert error == 0, self.lib.rd_kafka_err2str(error)

    def flush(self):
        assert self.lib.rd_kafka_flush(self.handle, ANSWER_MS) == 0, 'messages were not delivered'
        assert self.lib.rd_kafka_outq_len(self.handle) == 0

    def join(self, topic):
        """Reads as a member of its group, until close()."""
        wanted = ctypes.c_void_p(self.lib.rd_kafka_topic_partition_list_new(1))
        self.lib.rd_kafka_topic_partition_list_add(wanted, topic.encode(), -1)
        assert self.lib.rd_kafka_subscribe(self.handle, wanted) == 0

    def read(self, seconds):
        """How many messages come in that time."""
        deadline, count = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            if message := self.lib.rd_kafka_consumer_poll(self.handle, 100):
                count += 1
                self.lib.rd_kafka_message_destroy(ctypes.c_void_p(message))
        return count
