// What a program that uses Amazon's JDBC driver for Redshift sees. Prints a line a case: PASS name, or FAIL name: why. The server
// and the login come from GARLAND_TEST_HOST and its like (tests/clients/server.py), the tables from tests/clients/everything.py.
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

public class Client {
  static final int NUMBERS = 10000;
  // How many run ENDLESS now.
  static final String RUNNING = "select count(*) from stv_recents where status = 'Running' and query like '%1000003%' and query not like "
      + "'%recents%'";
  static final String ENDLESS =
      "select count(*) from numbers a, numbers b, numbers c where (a.n * b.n + c.n) % 1000003 = -1";

  interface Case {
    void run() throws Exception;
  }

  static final Map<String, Case> CASES = new LinkedHashMap<>();

  static String wanted(String name) {
    return System.getenv("GARLAND_TEST_" + name);
  }

  static Connection connect(String... more) throws SQLException {
    Properties properties = new Properties();
    properties.put("user", wanted("USER"));
    properties.put("password", wanted("PASSWORD"));
    properties.put("ssl", "false");
    properties.put("loginTimeout", "20");
    for (int i = 0; i < more.length; i += 2) properties.put(more[i], more[i + 1]);
    return DriverManager.getConnection(
        "jdbc:redshift://" + wanted("HOST") + ":" + wanted("PORT") + "/" + wanted("DATABASE"), properties);
  }

  static void equal(Object got, Object expected, String what) {
    if (!Objects.equals(String.valueOf(got), String.valueOf(expected))) {
      throw new AssertionError(what + ": " + got + ", expected " + expected);
    }
  }

  static SQLException refused(String state, Case work) throws Exception {
    try {
      work.run();
    } catch (SQLException error) {
      equal(error.getSQLState(), state, "SQLSTATE of \"" + error.getMessage() + "\"");
      return error;
    }
    throw new AssertionError("not refused, though " + state + " was expected");
  }

  /** All rows, the values as text, NULL as null. */
  static List<List<String>> rows(ResultSet result, String... columns) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      if (columns.length > 0) {
        for (String column : columns) row.add(result.getString(column));
      } else {
        for (int i = 1; i <= result.getMetaData().getColumnCount(); ++i) row.add(result.getString(i));
      }
      all.add(row);
    }
    result.close();
    return all;
  }

  static List<List<String>> rows(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery(text));
    }
  }

  static String one(Connection connection, String text) throws SQLException {
    return rows(connection, text).get(0).get(0);
  }

  // ---- the login

  static void login() {
    CASES.put("logs in with the digest", () -> {
      try (Connection connection = connect()) {
        equal(rows(connection, "select current_user, current_database()"), "[[admin, dev]]", "who");
        equal(connection.getMetaData().getDatabaseProductName(), "Redshift", "product");
        equal(connection.getMetaData().getUserName(), "admin", "user");
      }
    });
    CASES.put("logs in over TLS", () -> {
      try (Connection connection = connect("ssl", "true", "sslMode", "verify-ca", "sslRootCert", wanted("CERTIFICATE"))) {
        equal(one(connection, "select 1"), "1", "value");
      }
    });
    CASES.put("refuses a wrong password", () -> {
      refused("28P01", () -> connect("password", "Fruitcake-2026"));
      refused("28P01", () -> connect("user", "nobody_here"));
    });
  }

  // ---- values

  static final String PLAIN = "c_smallint, c_integer, c_bigint, c_decimal, c_wide, c_char, c_varchar, c_date, c_super, c_varbyte";

  static void values() {
    CASES.put("reads every type as text", () -> {
      try (Connection connection = connect()) {
        List<List<String>> found = rows(connection, "select id, " + PLAIN + " from everything order by id");
        equal(found.get(0), "[1, 1, 2, 3, 4.50, 6.7000000000, ab    , Stollen, 2026-12-24, {\"a\":[1,2.5,null]}, c0ffee]", "row 1");
        equal(found.get(1), "[2, -32768, -2147483648, -9223372036854775808, -9999999999.99, "
            + "-9999999999999999999999999999.9999999999,       , , 0001-01-01, [], ]", "row 2");
        equal(found.get(2), "[3, 32767, 2147483647, 9223372036854775807, 9999999999.99, "
            + "9999999999999999999999999999.9999999999, abcdef, é€😀|\"\\, 9999-12-31, \"x\", 0001020304050607]", "row 3");
        equal(found.get(3), "[4, null, null, null, null, null, null, null, null, null, null]", "row 4");
        equal(rows(connection, "select c_y2m, c_d2s from everything where id = 1"), "[[1 years 2 mons, 3 days 4 hours 5 mins 6.5 secs]]", "intervals");
      }
    });
    CASES.put("reads values of Java", () -> {
      try (Connection connection = connect(); Statement statement = connection.createStatement();
           ResultSet row = statement.executeQuery("select * from everything where id = 1")) {
        row.next();
        equal(row.getShort("c_smallint"), 1, "short");
        equal(row.getLong("c_bigint"), 3, "long");
        equal(row.getBigDecimal("c_wide"), new BigDecimal("6.7000000000"), "decimal");
        equal(row.getFloat("c_real"), 0.5f, "float");
        equal(row.getDouble("c_double"), 0.25, "double");
        equal(row.getBoolean("c_boolean"), true, "boolean");
        equal(row.getDate("c_date"), Date.valueOf("2026-12-24"), "date");
        equal(row.getTime("c_time"), Time.valueOf("18:30:00"), "time");
        equal(row.getTimestamp("c_timestamp"), Timestamp.valueOf("2026-12-24 18:30:00"), "timestamp");
        equal(row.getTimestamp("c_timestamptz").toInstant(), "2026-12-24T16:30:00Z", "timestamptz");
        equal(row.getObject("c_integer").getClass().getSimpleName(), "Integer", "class");
      }
    });
    CASES.put("describes a result", () -> {
      try (Connection connection = connect(); Statement statement = connection.createStatement();
           ResultSet result = statement.executeQuery("select c.id, c.name, 1 + 1 as two from shop.customers c")) {
        ResultSetMetaData data = result.getMetaData();
        equal(data.getColumnCount(), 3, "columns");
        equal(data.getColumnTypeName(1) + " " + data.getColumnType(1), "int4 " + Types.INTEGER, "type");
        equal(data.getColumnTypeName(2) + " " + data.getPrecision(2), "varchar 60", "type");
        equal(data.getSchemaName(1) + "." + data.getTableName(1), "shop.customers", "where it comes from");
        equal(data.isNullable(1), ResultSetMetaData.columnNoNulls, "nullable");
        equal(data.getColumnLabel(3), "two", "label");
      }
    });
  }

  static void parameters() {
    CASES.put("sends parameters of each type", () -> {
      String text = "select cast(? as smallint), cast(? as integer), cast(? as bigint), cast(? as decimal(38,10)), cast(? as real), "
          + "cast(? as double precision), cast(? as boolean), cast(? as varchar(20)), cast(? as date), cast(? as time), "
          + "cast(? as timestamp), cast(? as integer)";
      try (Connection connection = connect(); PreparedStatement statement = connection.prepareStatement(text)) {
        for (int turn = 0; turn < 7; ++turn) {  // the driver prepares by name from the fifth time on
          statement.setShort(1, (short) -7);
          statement.setInt(2, Integer.MAX_VALUE);
          statement.setLong(3, Long.MIN_VALUE);
          statement.setBigDecimal(4, new BigDecimal("1234567890123456789.0123456789"));
          statement.setFloat(5, 0.5f);
          statement.setDouble(6, -2.5e300);
          statement.setBoolean(7, true);
          statement.setString(8, "it's é€😀");
          statement.setDate(9, Date.valueOf("2026-12-24"));
          statement.setTime(10, Time.valueOf("18:30:00"));
          statement.setTimestamp(11, Timestamp.valueOf("2026-12-24 18:30:00.25"));
          statement.setNull(12, Types.INTEGER);
          try (ResultSet row = statement.executeQuery()) {
            row.next();
            equal(row.getInt(1) + " " + row.getInt(2) + " " + row.getLong(3), "-7 2147483647 -9223372036854775808", "integers");
            equal(row.getBigDecimal(4) + " " + row.getFloat(5) + " " + row.getDouble(6), "1234567890123456789.0123456789 0.5 -2.5E300", "numbers");
            equal(row.getBoolean(7) + " " + row.getString(8) + " " + row.getDate(9) + " " + row.getTime(10), "true it's é€😀 2026-12-24 18:30:00", "others");
            equal(row.getTimestamp(11) + " " + row.getObject(12), "2026-12-24 18:30:00.25 null", "others");
          }
        }
      }
    });
    CASES.put("describes a prepared statement", () -> {
      try (Connection connection = connect();
           PreparedStatement statement = connection.prepareStatement("select n from numbers where n = ? and n < ?")) {
        equal(statement.getParameterMetaData().getParameterCount(), 2, "parameters");
        equal(statement.getMetaData().getColumnTypeName(1), "int8", "type");
      }
    });
    CASES.put("writes in batches", () -> {
      try (Connection connection = connect(); Statement direct = connection.createStatement()) {
        connection.setAutoCommit(false);
        direct.executeUpdate("create table gifts (id integer, name varchar(30), price decimal(8,2))");
        try (PreparedStatement statement = connection.prepareStatement("insert into gifts values (?, ?, ?)")) {
          for (int n = 0; n < 200; ++n) {
            statement.setInt(1, n);
            statement.setString(2, "gift " + n);
            statement.setBigDecimal(3, new BigDecimal(n).divide(new BigDecimal(4)));
            statement.addBatch();
          }
          equal(statement.executeBatch().length, 200, "counts");
        }
        equal(rows(connection, "select count(*), sum(price) from gifts"), "[[200, 4975.00]]", "written");
        equal(direct.executeUpdate("update gifts set name = 'box' where id < 10"), 10, "updated");
        connection.rollback();
        refused("42P01", () -> rows(connection, "select * from gifts"));
        connection.rollback();
      }
    });
  }

  // ---- results, errors, transactions

  static void statements() {
    CASES.put("fetches in portions", () -> {
      try (Connection connection = connect()) {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
          statement.setFetchSize(700);
          try (ResultSet result = statement.executeQuery("select n from numbers order by n")) {
            for (int n = 0; n < NUMBERS; ++n) {
              result.next();
              if (result.getLong(1) != n) equal(result.getLong(1), n, "row");
            }
            equal(result.next(), false, "more rows");
          }
          statement.setMaxRows(5);
          equal(rows(statement.executeQuery("select n from numbers order by n")).size(), 5, "rows at most");
        }
        connection.commit();
      }
    });
    CASES.put("gives the SQLSTATE of an error", () -> {
      try (Connection connection = connect()) {
        refused("42703", () -> rows(connection, "select id, no_such_column from everything"));
        refused("42601", () -> rows(connection, "selekt 1"));
        refused("22012", () -> rows(connection, "select 1/0 from numbers"));
        refused("22P02", () -> rows(connection, "select cast('x' as integer)"));
        equal(one(connection, "select 42"), "42", "afterwards");
      }
    });
    CASES.put("keeps to a transaction", () -> {
      try (Connection connection = connect(); Connection other = connect(); Statement direct = connection.createStatement()) {
        direct.executeUpdate("create table seen_by_java (i integer)");
        connection.setAutoCommit(false);
        equal(direct.executeUpdate("insert into seen_by_java values (1), (2)"), 2, "inserted");
        equal(one(other, "select count(*) from seen_by_java"), "0", "before the commit");
        connection.commit();
        equal(one(other, "select count(*) from seen_by_java"), "2", "after it");
        refused("42P01", () -> rows(connection, "select * from nowhere"));
        refused("25P02", () -> rows(connection, "select 1"));
        connection.rollback();
        connection.setAutoCommit(true);
        direct.executeUpdate("drop table seen_by_java");
      }
    });
    CASES.put("hears warnings", () -> {
      try (Connection connection = connect(); Statement statement = connection.createStatement()) {
        statement.execute("drop table if exists never_made");
        equal(statement.getWarnings() != null && statement.getWarnings().getMessage().contains("skipped"), true, "a warning");
      }
    });
    CASES.put("runs several statements of one query", () -> {
      try (Connection connection = connect(); Statement statement = connection.createStatement()) {
        equal(statement.execute("select 1; select 'two'"), true, "a result");
        equal(rows(statement.getResultSet()), "[[1]]", "the first");
        equal(statement.getMoreResults(), true, "more results");
        equal(rows(statement.getResultSet()), "[[two]]", "the second");
      }
    });
    CASES.put("cancels", () -> {
      try (Connection connection = connect(); Statement statement = connection.createStatement()) {
        Thread canceller = new Thread(() -> {
          try (Connection other = connect()) {
            while (one(other, RUNNING).equals("0")) continue;
            statement.cancel();
          } catch (Exception error) {
            System.err.println(error);
          }
        });
        canceller.start();
        refused("57014", () -> statement.executeQuery(ENDLESS));
        canceller.join();
        equal(one(connection, "select 42"), "42", "afterwards");
        statement.setQueryTimeout(1);
        refused("57014", () -> statement.executeQuery(ENDLESS));
        equal(one(connection, "select 42"), "42", "after a timeout");
      }
    });
    CASES.put("is valid and keeps its settings", () -> {
      try (Connection connection = connect("ApplicationName", "choir", "currentSchema", "shop")) {
        equal(connection.isValid(5), true, "isValid");
        equal(one(connection, "show application_name"), "choir", "application_name");
        equal(connection.getSchema(), "shop", "schema");
        connection.setSchema("public");
        equal(one(connection, "select count(*) from everything"), "4", "rows");
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setReadOnly(false);
      }
    });
  }

  // ---- metadata

  static void metadata() {
    CASES.put("names the server", () -> {
      try (Connection connection = connect()) {
        DatabaseMetaData data = connection.getMetaData();
        equal(data.getDatabaseMajorVersion() + "." + data.getDatabaseMinorVersion(), "8.0", "version");
        equal(data.getDatabaseProductVersion(), "8.0.2", "product version");
      }
    });
    CASES.put("lists catalogs and schemas", () -> {
      try (Connection connection = connect()) {
        DatabaseMetaData data = connection.getMetaData();
        equal(rows(data.getCatalogs(), "TABLE_CAT"), "[[dev]]", "catalogs");
        List<List<String>> schemas = rows(data.getSchemas(), "TABLE_SCHEM");
        equal(schemas.contains(List.of("shop")) && schemas.contains(List.of("public")), true, "schemas in " + schemas);
        equal(rows(data.getTableTypes()).toString().contains("VIEW"), true, "table types");
      }
    });
    CASES.put("lists tables", () -> {
      try (Connection connection = connect()) {
        DatabaseMetaData data = connection.getMetaData();
        equal(rows(data.getTables(null, "shop", "%", null), "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE"),
            "[[dev, shop, customers, TABLE], [dev, shop, order_totals, VIEW], [dev, shop, orders, TABLE]]", "tables");
        equal(rows(data.getTables("dev", "public", "every%", new String[] {"TABLE"}), "TABLE_NAME"), "[[everything]]", "by pattern");
        equal(rows(data.getTables(null, "shop", "%", new String[] {"VIEW"}), "TABLE_NAME"), "[[order_totals]]", "views");
      }
    });
    CASES.put("lists columns", () -> {
      try (Connection connection = connect()) {
        DatabaseMetaData data = connection.getMetaData();
        equal(rows(data.getColumns(null, "shop", "customers", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "NULLABLE", "ORDINAL_POSITION"),
            "[[id, 4, int4, 10, 0, 1], [name, 12, varchar, 60, 0, 2], [country, 1, char, 2, 1, 3]]", "columns");
        List<String> kinds = new ArrayList<>();
        for (List<String> row : rows(data.getColumns(null, "public", "everything", null), "TYPE_NAME")) kinds.add(row.get(0));
        equal(kinds, "[int4, int2, int4, int8, numeric, numeric, float4, float8, bool, char, varchar, date, time, timetz, timestamp, timestamptz, "
            + "intervaly2m, intervald2s, super, binary varying, hllsketch]", "types");
      }
    });
    CASES.put("lists keys", () -> {
      try (Connection connection = connect()) {
        DatabaseMetaData data = connection.getMetaData();
        equal(rows(data.getPrimaryKeys(null, "shop", "customers"), "TABLE_NAME", "COLUMN_NAME", "KEY_SEQ"), "[[customers, id, 1]]", "primary keys");
        equal(rows(data.getImportedKeys(null, "shop", "orders"), "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME"),
            "[[customers, id, orders, customer_id]]", "imported keys");
        equal(rows(data.getExportedKeys(null, "shop", "customers"), "FKTABLE_NAME", "FKCOLUMN_NAME"), "[[orders, customer_id]]", "exported keys");
        equal(rows(data.getIndexInfo(null, "shop", "orders", false, true)).size(), 0, "indexes");
      }
    });
    CASES.put("lists types, privileges and routines", () -> {
      try (Connection connection = connect()) {
        DatabaseMetaData data = connection.getMetaData();
        List<List<String>> types = rows(data.getTypeInfo(), "TYPE_NAME");
        equal(types.contains(List.of("int8")) && types.contains(List.of("super")), true, "types in " + types);
        List<List<String>> grants = rows(data.getTablePrivileges(null, "public", "everything"), "GRANTEE", "PRIVILEGE");
        equal(grants.contains(List.of("reader", "SELECT")), true, "privileges in " + grants);
        equal(rows(data.getProcedures(null, "shop", "%")).size(), 0, "procedures");
        equal(rows(data.getFunctions(null, "shop", "%")).size(), 0, "functions");
      }
    });
  }

  static void attempt(String name, Case work, ExecutorService pool) {
    Future<?> done = pool.submit(() -> {
      work.run();
      return null;
    });
    String why = null;
    try {
      done.get(40, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException error) {
      Throwable cause = error.getCause();
      StackTraceElement place = null;
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (place == null && frame.getMethodName().startsWith("lambda$") && frame.getFileName().equals("Client.java")) place = frame;
      }
      why = (place == null ? "" : "line " + place.getLineNumber() + ": ") + cause;
    } catch (Exception error) {
      done.cancel(true);
      why = "it took more than 40 s";
    }
    System.out.println(why == null ? "PASS " + name : "FAIL " + name + ": " + why.replace('\n', ' '));
  }

  public static void main(String[] arguments) {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    ExecutorService pool = Executors.newCachedThreadPool();
    login();
    values();
    parameters();
    statements();
    metadata();
    for (Map.Entry<String, Case> one : CASES.entrySet()) attempt(one.getKey(), one.getValue(), pool);
    System.exit(0);
  }
}
