// The [[source]] tables of kind "postgres".
#include "ingest/postgres/source.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/folder.h"

namespace garland::ingest::postgres {
namespace {

std::vector<PostgresSource> read(const std::string& text) {
  const Folder folder;
  const auto file = folder.write("garland.toml", text);
  return read_postgres_sources(file, read_sources(file));
}

std::string fault_of(const std::string& text) {
  try {
    read(text);
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kConfigFileError);
    return fmt::format("{}:{} {}", error.place()->line, error.place()->column, error.message());
  }
}

const std::string kHead = "[[source]]\nname = \"The Shop\"\nkind = \"postgres\"\n";
const std::string kUri = "uri = \"postgresql://garland@localhost/shop\"\n";

TEST(PostgresSourceConfig, DefaultsAreMadeFromTheName) {
  const auto sources = read(kHead + kUri +
                            "drift = \"freeze\"\ntables = [\"public.Orders\", { name = \"sales.items\", table = "
                            "\"order_items\", drift = \"evolve\", ignore = [\"notes\"] }]\n");
  ASSERT_EQ(sources.size(), 1u);
  const PostgresSource& shop = sources[0];
  EXPECT_EQ(shop.slot, "garland_the_shop");
  EXPECT_EQ(shop.publication, "garland_the_shop");
  EXPECT_EQ(shop.raw_schema, "raw");
  ASSERT_EQ(shop.tables.size(), 2u);
  EXPECT_EQ(shop.tables[0].name, "Orders");
  EXPECT_EQ(shop.tables[0].target, "orders");
  EXPECT_EQ(shop.tables[0].drift, Drift::kFreeze);
  EXPECT_EQ(shop.tables[1].target, "order_items");
  EXPECT_EQ(shop.tables[1].drift, Drift::kEvolve);
  EXPECT_EQ(shop.tables[1].ignore, std::vector<std::string>{"notes"});
  EXPECT_EQ(changes_table(shop, shop.tables[1]), "\"raw\".order_items_changes");
}

TEST(PostgresSourceConfig, MistakesNameTheirLine) {
  EXPECT_EQ(fault_of(kHead), "1:1 source \"The Shop\" needs \"uri\"");
  EXPECT_EQ(fault_of(kHead + kUri), "1:1 source \"The Shop\" needs \"tables\"");
  EXPECT_EQ(fault_of(kHead + "uri = \"postgresql://garland:secret@localhost/shop\"\n"), "4:7 \"uri\" holds a password");
  EXPECT_EQ(fault_of(kHead + "uri = \"postgresql://[\"\n"), "4:7 \"uri\" is no address of a PostgreSQL database");
  EXPECT_EQ(fault_of(kHead + kUri + "tables = [\"orders\"]\n"), "5:11 \"orders\" is no table of the source");
  EXPECT_EQ(fault_of(kHead + kUri + "tables = [\"a.b\", \"a.b\"]\n"), "5:18 table \"a.b\" stands here twice");
  EXPECT_EQ(fault_of(kHead + kUri + "slot = \"A-B\"\ntables = [\"a.b\"]\n"),
            "5:8 \"slot\" must be of lower-case letters, digits and _");
  EXPECT_EQ(fault_of(kHead + kUri + "snapshot_threads = 0\ntables = [\"a.b\"]\n"),
            "5:20 \"snapshot_threads\" must be from 1 to 32");
  EXPECT_EQ(fault_of(kHead + kUri + "drift = \"maybe\"\ntables = [\"a.b\"]\n"),
            "5:9 \"maybe\" is no way to treat changed columns");
  EXPECT_EQ(fault_of(kHead + kUri + "tables = [\"a.b\", \"c.b\"]\n"), "1:1 two tables of sources would land in raw.b");
  EXPECT_EQ(fault_of(kHead + kUri + "tables = [\"a.b\", \"a.b_changes\"]\n"),
            "1:1 two tables of sources would land in raw.b_changes");
  EXPECT_EQ(fault_of(kHead + kUri + "password_env = \"A\"\npassword_file = \"b\"\ntables = [\"a.b\"]\n"),
            "6:17 the password lies in one place: password_env or password_file");
}

TEST(PostgresSourceConfig, LogsAreKeptAsTheSourceOrTheTableSays) {
  const auto sources = read(kHead + kUri +
                            "keep = \"400 days\"\ncompact_after = \"1 day\"\ntables = [\"a.b\", "
                            "{ name = \"a.c\", keep = \"48 hours\" }]\n");
  const auto& tables = sources[0].tables;
  EXPECT_EQ(tables[0].keep_days, 400);
  EXPECT_EQ(tables[0].compact_after_days, 1);
  EXPECT_EQ(tables[1].keep_days, 2);
  EXPECT_EQ(tables[1].compact_after_days, 1);
  EXPECT_FALSE(read(kHead + kUri + "tables = [\"a.b\"]\n")[0].tables[0].keep_days);
  EXPECT_EQ(fault_of(kHead + kUri + "keep = \"36 hours\"\ntables = [\"a.b\"]\n"), "5:8 \"keep\" must be of whole days");
  EXPECT_EQ(fault_of(kHead + kUri + "keep = \"2 weeks\"\ntables = [\"a.b\"]\n"),
            "5:8 \"2 weeks\" is no length of time");
  EXPECT_EQ(fault_of(kHead + kUri + "keep = \"0 days\"\ntables = [\"a.b\"]\n"), "5:8 \"0 days\" is no length of time");
  EXPECT_EQ(fault_of(kHead + kUri + "compact_after = \"9 days\"\ntables = [{ name = \"a.b\", keep = \"9 days\" }]\n"),
            "6:34 changes are gone before they would be compacted: \"compact_after\" must be shorter than \"keep\"");
}

TEST(PostgresSourceConfig, CurrentRowsCanBeLeftOut) {
  const auto sources =
      read(kHead + kUri + "current_rows = false\ntables = [\"a.b\", { name = \"a.c\", current_rows = true }]\n");
  EXPECT_FALSE(sources[0].tables[0].current_rows);
  EXPECT_TRUE(sources[0].tables[1].current_rows);
  EXPECT_TRUE(read(kHead + kUri + "tables = [\"a.b\"]\n")[0].tables[0].current_rows);
}

TEST(PostgresSourceConfig, SensitiveColumnsAreClassedAsThoseOfFiles) {
  const auto sources = read("[sensitive]\ncountry = \"DE\"\n" + kHead + kUri +
                            "tables = [\"a.b\", { name = \"a.c\", subject = \"Id\", columns = [\n"
                            "{ name = \"Mail\", pii = \"email\" },\n"
                            "{ name = \"phone\", pii = \"phone\", country_from = \"Land\" }] }]\n");
  EXPECT_TRUE(holds_sensitive(sources[0]));
  const CapturedTable& table = sources[0].tables[1];
  EXPECT_EQ(table.subject, "id");
  ASSERT_EQ(table.classes.size(), 2u);
  EXPECT_EQ(table.classes[0].name, "Mail");
  EXPECT_EQ(class_of(table, "mail")->pii, PiiClass::kEmail);
  EXPECT_EQ(class_of(table, "phone")->country, "DE");
  EXPECT_EQ(class_of(table, "phone")->country_from, "land");
  EXPECT_FALSE(class_of(table, "id"));
  EXPECT_FALSE(holds_sensitive(read(kHead + kUri + "tables = [{ name = \"a.b\", columns = [] }]\n")[0]));
}

TEST(PostgresSourceConfig, MistakesInClassesNameTheirLine) {
  const auto fault = [](const std::string& column, const std::string& more = "") {
    return fault_of(kHead + kUri + "tables = [{ name = \"a.b\", " + more + "columns = [\n" + column + "] }]\n");
  };
  EXPECT_EQ(fault("\"mail\""), "6:1 a column must be a table: { name = \"…\", pii = \"…\" }");
  EXPECT_EQ(fault("{ name = \"mail\" }"), "6:1 column \"mail\" needs \"pii\"");
  EXPECT_EQ(fault("{ name = \"mail\", pii = \"emial\" }"),
            "6:24 column \"mail\" has an unknown class, pii = \"emial\"");
  EXPECT_EQ(fault("{ name = \"mail\", pii = \"email\", type = \"text\" }"), "6:33 unknown key \"type\" in a column");
  EXPECT_EQ(fault("{ name = \"a\", pii = \"pan\" }, { name = \"a\", pii = \"pan\" }"),
            "6:30 column \"a\" stands here twice");
  EXPECT_EQ(fault("{ name = \"a\", pii = \"pan\" }", "ignore = [\"a\"], "),
            "5:37 column \"a\" is ignored and has a class");
}

TEST(PostgresSourceConfig, NoSecretStandsInAnError) {
  EXPECT_EQ(fault_of(kHead + "uri = \"host=x password=Mistletoe\"\n").find("Mistletoe"), std::string::npos);
}

}  // namespace
}  // namespace garland::ingest::postgres
