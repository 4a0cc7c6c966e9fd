"""The tables that every client reads: `everything` holds each type of Redshift with usual values, both ends of its range and NULL."""

COLUMNS = [  # name, type
    ('id', 'integer'),
    ('c_smallint', 'smallint'),
    ('c_integer', 'integer'),
    ('c_bigint', 'bigint'),
    ('c_decimal', 'decimal(12,2)'),
    ('c_wide', 'decimal(38,10)'),
    ('c_real', 'real'),
    ('c_double', 'double precision'),
    ('c_boolean', 'boolean'),
    ('c_char', 'char(6)'),
    ('c_varchar', 'varchar(40)'),
    ('c_date', 'date'),
    ('c_time', 'time'),
    ('c_timetz', 'timetz'),
    ('c_timestamp', 'timestamp'),
    ('c_timestamptz', 'timestamptz'),
    ('c_y2m', 'interval year to month'),
    ('c_d2s', 'interval day to second'),
    ('c_super', 'super'),
    ('c_varbyte', 'varbyte(8)'),
    ('c_sketch', 'hllsketch'),
]
NAMES = [name for name, _ in COLUMNS]

OIDS = {
    'id': 23, 'c_smallint': 21, 'c_integer': 23, 'c_bigint': 20, 'c_decimal': 1700, 'c_wide': 1700, 'c_real': 700,
    'c_double': 701, 'c_boolean': 16, 'c_char': 1042, 'c_varchar': 1043, 'c_date': 1082, 'c_time': 1083, 'c_timetz': 1266,
    'c_timestamp': 1114, 'c_timestamptz': 1184, 'c_y2m': 1188, 'c_d2s': 1190, 'c_super': 4000, 'c_varbyte': 6551,
    'c_sketch': 2935,
}

# What each value is in a statement, and the text in which Redshift sends it.
ROWS = [
    [('1', '1'), ('1', '1'), ('2', '2'), ('3', '3'), ('4.5', '4.50'), ('6.7', '6.7000000000'), ('0.5', '0.5'), ('0.25', '0.25'),
     ('true', 't'), ("'ab'", 'ab    '), ("'Stollen'", 'Stollen'), ("'2026-12-24'", '2026-12-24'), ("'18:30:00'", '18:30:00'),
     ("'18:30:00+02'", '16:30:00+00'), ("'2026-12-24 18:30:00'", '2026-12-24 18:30:00'),
     ("'2026-12-24 18:30:00+02'", '2026-12-24 16:30:00+00'), ("interval '1-2' year to month", '1 years 2 mons'),
     ("interval '3 04:05:06.5' day to second", '3 days 4 hours 5 mins 6.5 secs'),
     ("""json_parse('{"a":[1,2.5,null]}')""", '{"a":[1,2.5,null]}'), ("to_varbyte('c0ffee', 'hex')", 'c0ffee'),
     ('hll_create_sketch(1)', '{"version":1,"logm":15,"sparse":{"indices":[22362299],"values":[1]}}')],
    [('2', '2'), ('-32768', '-32768'), ('-2147483648', '-2147483648'), ('-9223372036854775808', '-9223372036854775808'),
     ('-9999999999.99', '-9999999999.99'),
     ('-9999999999999999999999999999.9999999999', '-9999999999999999999999999999.9999999999'), ('-1.5', '-1.5'),
     ('-1e308', '-1e+308'), ('false', 'f'), ("''", '      '), ("''", ''), ("'0001-01-01'", '0001-01-01'),
     ("'00:00:00'", '00:00:00'), ("'00:00:00-11'", '11:00:00+00'), ("'0001-01-01 00:00:00'", '0001-01-01 00:00:00'),
     ("'0001-01-01 00:00:00+00'", '0001-01-01 00:00:00+00'), ("interval '-1-2' year to month", '-1 years -2 mons'),
     ("interval '0 00:00:00.25' day to second", '0 days 0 hours 0 mins 0.25 secs'), ("json_parse('[]')", '[]'), ("to_varbyte('', 'hex')", ''),
     ('hll_create_sketch(1)', '{"version":1,"logm":15,"sparse":{"indices":[22362299],"values":[1]}}')],
    [('3', '3'), ('32767', '32767'), ('2147483647', '2147483647'), ('9223372036854775807', '9223372036854775807'),
     ('9999999999.99', '9999999999.99'), ('9999999999999999999999999999.9999999999', '9999999999999999999999999999.9999999999'),
     ('16777216', '1.67772e+07'), ('1e308', '1e+308'), ('true', 't'), ("'abcdef'", 'abcdef'), ("'é€😀|\"\\\\'", 'é€😀|"\\'),
     ("'9999-12-31'", '9999-12-31'), ("'23:59:59.999999'", '23:59:59.999999'), ("'23:59:59.999999+12'", '11:59:59.999999+00'),
     ("'9999-12-31 23:59:59.999999'", '9999-12-31 23:59:59.999999'),
     ("'9999-12-31 23:59:59.999999+00'", '9999-12-31 23:59:59.999999+00'),
     ("interval '9999-11' year to month", '9999 years 11 mons'),
     ("interval '99999 23:59:59.999999' day to second", '99999 days 23 hours 59 mins 59.999999 secs'),
     ("""json_parse('"x"')""", '"x"'), ("to_varbyte('0001020304050607', 'hex')", '0001020304050607'),
     ('hll_create_sketch(1)', '{"version":1,"logm":15,"sparse":{"indices":[22362299],"values":[1]}}')],
    [('4', '4')] + [('null', None)] * 20,
]

TEXTS = [[text for _, text in row] for row in ROWS]  # None: NULL

NUMBERS = 10_000  # rows of `numbers`, 0 on
# Runs for hours: what a client cancels. It reads tables, since there is nothing to sleep with.
ENDLESS = ('select count(*) from numbers a, numbers b, numbers c where (a.n * b.n + c.n) % 1000003 = -1')
# How many run it now.
RUNNING = "select count(*) from stv_recents where status = 'Running' and query like '%1000003%' and query not like '%recents%'"

_DIGITS = ' union all '.join(f'select {digit} as d' for digit in range(10))
SCRIPT = ''.join(statement + ';\n' for statement in [
    'create table everything (' + ', '.join(f'{name} {kind}' for name, kind in COLUMNS) + ')',
    'create table numbers (n bigint not null, primary key (n))',
    f'insert into numbers with digits as ({_DIGITS}) '
    'select a.d + 10 * b.d + 100 * c.d + 1000 * e.d from digits a, digits b, digits c, digits e',
] + ['insert into everything select ' + ', '.join(value for value, _ in row) for row in ROWS] + [
    'create schema shop',
    'create table shop.customers (id integer not null encode raw, name varchar(60) not null, country char(2) default \'de\', '
    'primary key (id)) diststyle key distkey(id) sortkey(name)',
    'create table shop.orders (id bigint not null, customer_id integer references shop.customers (id), total decimal(12,2), '
    'ordered_at timestamp not null, primary key (id))',
    'create view shop.order_totals as select customer_id, sum(total) as total from shop.orders group by 1',
])


def python_rows(timetz=True):
    """The rows as Python's own values: what a driver makes of the types that Python knows; the text of all others."""
    import datetime
    from decimal import Decimal
    utc = datetime.timezone.utc
    made = {
        'c_boolean': {'t': True, 'f': False}.get,
        'c_date': datetime.date.fromisoformat,
        'c_time': datetime.time.fromisoformat,
        'c_timestamp': datetime.datetime.fromisoformat,
        'c_timestamptz': lambda text: datetime.datetime.fromisoformat(text + ':00').astimezone(utc),
    }
    made.update(dict.fromkeys(['id', 'c_smallint', 'c_integer', 'c_bigint'], int))
    made.update(dict.fromkeys(['c_decimal', 'c_wide'], Decimal))
    made.update(dict.fromkeys(['c_real', 'c_double'], float))
    if timetz:
        made['c_timetz'] = lambda text: datetime.time.fromisoformat(text + ':00').replace(tzinfo=utc)
    return [[None if text is None else made.get(name, str)(text) for name, text in zip(NAMES, row)] for row in TEXTS]
