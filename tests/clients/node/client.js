// What a program that uses node-postgres sees. Prints a line a case: PASS name, or FAIL name: why. The server and the login
// come from GARLAND_TEST_HOST and its like (tests/clients/server.py), the tables from tests/clients/everything.py.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { Client, Pool, types } = require('pg');
const Cursor = require('pg-cursor');

const wanted = (name) => process.env[`GARLAND_TEST_${name}`];
const NUMBERS = 10000;
const options = (more = {}) => ({
  host: wanted('HOST'), port: Number(wanted('PORT')), user: wanted('USER'), password: wanted('PASSWORD'), database: wanted('DATABASE'),
  ssl: { rejectUnauthorized: false }, connectionTimeoutMillis: 20000, ...more,
});

async function connected(work, more) {
  const client = new Client(options(more));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const cases = {
  'logs in over TLS and without': async () => {
    for (const ssl of [{ ca: fs.readFileSync(wanted('CERTIFICATE')), checkServerIdentity: () => undefined }, false]) {
      const { rows } = await connected((client) => client.query('select current_user as who'), { ssl });
      assert.deepEqual(rows, [{ who: 'admin' }]);
    }
  },

  'refuses a wrong password': async () => {
    await assert.rejects(connected(() => {}, { password: 'Fruitcake-2026' }), { code: '28P01', severity: 'FATAL' });
  },

  'reads every type': async () => {
    await connected(async (client) => {
      const texts = { getTypeParser: () => (value) => value };  // as the server sends them
      const { rows, fields } = await client.query({ text: 'select * from everything order by id', rowMode: 'array', types: texts });
      const expected = JSON.parse(wanted('TEXTS'));
      assert.deepEqual(rows, expected);
      assert.deepEqual(fields.map((field) => [field.name, field.dataTypeID]), Object.entries(JSON.parse(wanted('OIDS'))));
    });
  },

  'turns values into those of JavaScript': async () => {
    types.setTypeParser(4000, JSON.parse);
    await connected(async (client) => {
      const { rows } = await client.query('select c_integer, c_bigint, c_decimal, c_double, c_boolean, c_varchar, c_timestamptz, c_super '
        + 'from everything where id = 1');
      assert.deepEqual(rows, [{ c_integer: 2, c_bigint: '3', c_decimal: '4.50', c_double: 0.25, c_boolean: true, c_varchar: 'Stollen',
        c_timestamptz: new Date('2026-12-24T16:30:00Z'), c_super: { a: [1, 2.5, null] } }]);
    });
  },

  'reads binary values': async () => {
    await connected(async (client) => {
      const { rows } = await client.query({ text: 'select c_smallint, c_integer, c_real, c_double, c_boolean, c_varchar from everything '
        + 'where id in (1, 4) order by id', binary: true, rowMode: 'array' });
      assert.deepEqual(rows, [[1, 2, 0.5, 0.25, true, 'Stollen'], [null, null, null, null, null, null]]);
    });
  },

  'sends parameters of each type': async () => {
    await connected(async (client) => {
      const night = new Date('2026-12-24T16:30:00.250Z');
      const { rows } = await client.query({ rowMode: 'array', values: [-7, '9223372036854775807', '12.5', 0.5, true, "it's é€😀", '2026-12-24', night, null],
        text: 'select $1::int, $2::bigint, $3::decimal(8,2), $4::float8, $5::boolean, $6::varchar(20), cast($7::date as varchar(10)), $8::timestamptz, $9::int' });
      assert.deepEqual(rows, [[-7, '9223372036854775807', '12.50', 0.5, true, "it's é€😀", '2026-12-24', night, null]]);
      const found = await client.query('select id from everything where c_varchar = $1 and c_integer < $2 and c_date = $3', ['Stollen', 3, '2026-12-24']);
      assert.deepEqual(found.rows, [{ id: 1 }]);
    });
  },

  'reuses a prepared statement': async () => {
    await connected(async (client) => {
      for (const n of [1, 50, 9999]) {
        const { rows } = await client.query({ name: 'plus', text: 'select n + $1 as sum from numbers where n = $2', values: [1, n] });
        assert.deepEqual(rows, [{ sum: String(n + 1) }]);
      }
    });
  },

  'fetches in portions': async () => {
    await connected(async (client) => {
      const cursor = client.query(new Cursor('select n from numbers where n >= $1 order by n', [0]));
      let next = 0;
      for (let rows = await cursor.read(700); rows.length; rows = await cursor.read(700)) {
        for (const row of rows) assert.equal(row.n, String(next++));
      }
      assert.equal(next, NUMBERS);
      const left = client.query(new Cursor('select n from numbers'));
      await left.read(5);
      await left.close();
      assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
    });
  },

  'limits rows with rows: n': async () => {
    await connected(async (client) => {
      const { rows } = await client.query({ text: 'select n from numbers order by n', rows: 100 });
      assert.equal(rows.length, NUMBERS);
    });
  },

  'gives the SQLSTATE and place of an error': async () => {
    await connected(async (client) => {
      await assert.rejects(client.query('select id, no_such_column from everything'), { code: '42703', position: '12', severity: 'ERROR' });
      await assert.rejects(client.query('select $1::int', ['seven']), { code: '22P02' });
      await assert.rejects(client.query('selekt 1'), { code: '42601', position: '1' });
      assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
    });
  },

  'keeps to a transaction': async () => {
    await connected(async (client) => {
      await client.query('create table wrapped (i int)');
      await client.query('begin');
      await client.query('insert into wrapped values ($1)', [1]);
      await client.query('rollback');
      await client.query('begin');
      assert.equal((await client.query('insert into wrapped values ($1), ($2)', [2, 3])).rowCount, 2);
      assert.equal((await client.query('commit')).command, 'COMMIT');
      await client.query('begin');
      await assert.rejects(client.query('select * from nowhere'), { code: '42P01' });
      await assert.rejects(client.query('select 1'), { code: '25P02' });
      assert.equal((await client.query('commit')).command, 'ROLLBACK');
      assert.deepEqual((await client.query('select i from wrapped order by i')).rows, [{ i: 2 }, { i: 3 }]);
      await client.query('drop table wrapped');
    });
  },

  'hears notices': async () => {
    await connected(async (client) => {
      const heard = [];
      client.on('notice', (notice) => heard.push(notice.severity));
      await client.query('drop table if exists never_made');
      assert.deepEqual(heard, ['INFO']);
    });
  },

  'runs several statements of one query': async () => {
    await connected(async (client) => {
      const results = await client.query("select 1 as a; select 'two' as b");
      assert.deepEqual(results.map((result) => result.rows), [[{ a: 1 }], [{ b: 'two' }]]);
    });
  },

  'keeps a pool': async () => {
    const pool = new Pool(options({ max: 8 }));
    const results = await Promise.all(Array.from({ length: 60 }, (_, n) => pool.query('select n from numbers where n = $1', [n])));
    assert.deepEqual(results.map((result) => result.rows[0].n), Array.from({ length: 60 }, (_, n) => String(n)));
    await pool.end();
  },

  'stops at a statement timeout': async () => {
    await connected(async (client) => {
      await client.query('set statement_timeout to 500');
      await assert.rejects(client.query('select count(*) from numbers a, numbers b, numbers c where (a.n * b.n + c.n) % 1000003 = -1'), { code: '57014' });
      assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
    });
  },
};

function late(name) {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(`${name} took more than 30 s`)), 30000).unref());
}

(async () => {
  for (const [name, work] of Object.entries(cases)) {
    try {
      await Promise.race([work(), late(name)]);
      console.log(`PASS ${name}`);
    } catch (error) {
      console.log(`FAIL ${name}: ${String(error.message).replaceAll('\n', ' ').slice(0, 1500)}`);
    }
  }
  process.exit(0);
})();
