#include "ingest/files/config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/folder.h"

namespace garland::ingest {
namespace {

std::vector<FileSource> read(const std::string& text) {
  const Folder folder;
  return read_sources(folder.write("garland.toml", text));
}

/// "line:column message | hint"
std::string fault_of(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.state().text(), "F0000");
    EXPECT_TRUE(error.place().has_value());
    if (!error.place()) return error.message();
    EXPECT_TRUE(error.place()->file.ends_with("garland.toml"));
    return fmt::format("{}:{} {} | {}", error.place()->line, error.place()->column, error.message(), error.hint());
  }
  return "no error";
}

const std::string kSource = R"toml([project]
name = "anything"

[[source]]
name = "orders"
kind = "files"
path = "orders/*.csv.gz"
table = "raw.orders"
)toml";
const std::string kColumns = "columns = [ { name = \"id\", type = \"integer\" } ]\n";

TEST(Config, ReadsASource) {
  const auto sources = read(kSource + R"toml(max_reject_share = 0.05
allow_duplicates = true
delimiter = ";"
quote = ""
null_text = "\\N"
skip_lines = 2
ignore = ["Note"]
columns = [
  { name = "invoice_no", type = "varchar(12)", header = "InvoiceNo" },
  { name = "price",      type = "decimal(12,3)" },
  { name = "at",         type = "timestamp without time zone" },
  { name = "seen",       type = "timestamptz" },
]
)toml");
  ASSERT_EQ(sources.size(), 1u);
  const FileSource& source = sources[0];
  EXPECT_EQ(source.name, "orders");
  EXPECT_EQ(source.path, "orders/*.csv.gz");
  EXPECT_EQ(source.schema + "|" + source.table, "raw|orders");
  EXPECT_EQ(source.max_reject_share, 0.05);
  EXPECT_TRUE(source.allow_duplicates);
  EXPECT_EQ(source.delimiter, ';');
  EXPECT_EQ(source.quote, '\0');
  EXPECT_EQ(source.null_text, "\\N");
  EXPECT_EQ(source.skip_lines, 2u);
  EXPECT_EQ(source.ignore, std::vector<std::string>{"Note"});
  EXPECT_EQ(source.place.line, 4u);
  ASSERT_EQ(source.columns.size(), 4u);
  EXPECT_EQ(source.columns[0].header, "InvoiceNo");
  EXPECT_TRUE(source.columns[0].type == engine::Type::varchar(12));
  EXPECT_EQ(source.columns[1].header, "price");
  EXPECT_TRUE(source.columns[1].type == engine::Type::decimal(12, 3));
  EXPECT_TRUE(source.columns[2].type == engine::Type::of(engine::TypeId::kTimestamp));
  EXPECT_TRUE(source.columns[3].type == engine::Type::of(engine::TypeId::kTimestampTz));
}

TEST(Config, DefaultsAreCareful) {
  const auto sources = read(kSource + kColumns);
  ASSERT_EQ(sources.size(), 1u);
  EXPECT_EQ(sources[0].max_reject_share, 0.01);
  EXPECT_FALSE(sources[0].allow_duplicates);
  EXPECT_TRUE(sources[0].header);
  EXPECT_EQ(sources[0].delimiter, ',');
  EXPECT_EQ(sources[0].quote, '"');
}

TEST(Config, LinesOfJsonHaveKeysOfTheirOwn) {
  const std::string json = kSource + "format = \"ndjson\"\n";
  const auto sources =
      read(json +
           "rest = \"payload\"\nmax_line_bytes = 99\n"
           "columns = [ { name = \"sku\", type = \"varchar(9)\", path = \"$.a.b\", required = true } ]\n");
  ASSERT_EQ(sources.size(), 1u);
  EXPECT_TRUE(sources[0].format == FileFormat::kNdjson);
  EXPECT_EQ(sources[0].rest, "payload");
  EXPECT_EQ(sources[0].max_line_bytes, 99u);
  EXPECT_EQ(sources[0].columns[0].path, "$.a.b");
  EXPECT_TRUE(sources[0].columns[0].required);
  EXPECT_EQ(read(json + "rest = \"payload\"\n").size(), 1u);
  EXPECT_EQ(fault_of(json), "4:1 source \"orders\" needs \"columns\" | ");
  EXPECT_EQ(fault_of(json + "delimiter = \";\"\n" + kColumns),
            "10:13 \"delimiter\" has no meaning for format = \"ndjson\" | ");
  EXPECT_EQ(fault_of(kSource + "rest = \"more\"\n" + kColumns), "9:8 \"rest\" has no meaning for format = \"csv\" | ");
  EXPECT_EQ(fault_of(json + "columns = [ { name = \"a\", type = \"date\", path = \"a b\" } ]\n"),
            "10:49 \"a b\" is no path into a JSON object | for instance $.product.sku or $['product']['sku'][0]");
  EXPECT_EQ(fault_of(kSource + "format = \"xml\"\n" + kColumns),
            "9:10 files of format \"xml\" are not known | format = \"csv\" (any delimited text), \"ndjson\" (a JSON "
            "object a line) or \"parquet\"");
}

TEST(Config, ParquetHasColumnsByNameAndNoLines) {
  const std::string parquet = kSource + "format = \"parquet\"\n";
  const auto sources = read(parquet + "drift = \"evolve\"\n" + kColumns);
  EXPECT_TRUE(sources[0].format == FileFormat::kParquet);
  EXPECT_TRUE(sources[0].drift == Drift::kEvolve);
  EXPECT_EQ(fault_of(parquet + "delimiter = \";\"\n" + kColumns),
            "10:13 \"delimiter\" has no meaning for format = \"parquet\" | ");
  EXPECT_EQ(fault_of(parquet + "contract = { trailer = \"{rows}\" }\n" + kColumns),
            "10:12 a Parquet file has no last line: \"trailer\" has no meaning | ");
}

TEST(Config, PathsMayLieInABucket) {
  const auto with_path = [](const std::string& path, const char* more) {
    std::string text = kSource + kColumns + more;
    return text.replace(text.find("orders/*.csv.gz"), 15, path);
  };
  EXPECT_EQ(read(with_path("s3://shop/orders/*.csv", "[s3]\n"))[0].path, "s3://shop/orders/*.csv");
  EXPECT_EQ(
      fault_of(with_path("s3://shop/orders/*.csv", "")),
      "7:8 \"path\" is in a bucket of S3, and there is no [s3] | add [s3] with endpoint and region; keys come from "
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  for (const char* path : {"s3:///orders.csv", "s3://*/orders.csv"})
    EXPECT_EQ(fault_of(with_path(path, "[s3]\n")), "7:8 \"path\" must name one bucket: s3://bucket/orders/*.csv.gz | ");
  EXPECT_EQ(fault_of(with_path("https://shop/orders.csv", "[s3]\n")),
            "7:8 files at https:// are not read | files lie in the data folder or in a bucket: "
            "s3://bucket/orders/*.csv.gz");
}

TEST(Config, ContractsCountRows) {
  const auto sources = read(kSource + "contract = { trailer = \"END {rows}\", min_rows = 1 }\n" + kColumns);
  ASSERT_EQ(sources.size(), 1u);
  EXPECT_EQ(sources[0].contract.trailer, "END {rows}");
  EXPECT_EQ(sources[0].contract.min_rows, 1u);
  EXPECT_FALSE(sources[0].contract.max_rows);
  EXPECT_EQ(fault_of(kSource + "contract = { trailer = \"END\" }\n" + kColumns),
            "9:24 \"trailer\" needs {rows}, once, where the number of rows stands | for instance: TRAILER|{rows}");
  EXPECT_EQ(fault_of(kSource + "contract = { control_file = \"../x\" }\n" + kColumns),
            "9:29 \"control_file\" must lie in the file's folder or below it | ");
  EXPECT_EQ(fault_of(kSource + "contract = { min_rows = -1 }\n" + kColumns),
            "9:25 \"min_rows\" must not be negative | ");
  EXPECT_EQ(fault_of(kSource + "contract = { trailr = \"END {rows}\" }\n" + kColumns),
            "9:14 unknown key \"trailr\" in a contract | did you mean \"trailer\"?");
}

TEST(Config, DriftIsRefusedUnlessToldOtherwise) {
  EXPECT_TRUE(read(kSource + kColumns)[0].drift == Drift::kQuarantine);
  EXPECT_TRUE(read(kSource + "drift = \"evolve\"\n" + kColumns)[0].drift == Drift::kEvolve);
  EXPECT_TRUE(read(kSource + "drift = \"freeze\"\n" + kColumns)[0].drift == Drift::kFreeze);
  EXPECT_EQ(fault_of(kSource + "drift = \"melt\"\n" + kColumns).substr(0, 54),
            "9:9 \"melt\" is no way to treat changed columns | drift ");
  const std::string json = kSource + "format = \"ndjson\"\n";
  EXPECT_TRUE(read(json + kColumns)[0].drift == Drift::kFreeze);
  EXPECT_TRUE(read(json + "drift = \"quarantine\"\n" + kColumns)[0].drift == Drift::kQuarantine);
  EXPECT_TRUE(read(json + "rest = \"more\"\ndrift = \"evolve\"\n" + kColumns)[0].drift == Drift::kEvolve);
  EXPECT_EQ(fault_of(json + "drift = \"evolve\"\n" + kColumns).substr(0, 55),
            "10:9 drift = \"evolve\" of files of JSON needs a \"rest\" |");
  EXPECT_EQ(fault_of(json + "rest = \"more\"\ndrift = \"freeze\"\n" + kColumns).substr(0, 71),
            "11:9 drift = \"freeze\" does not go with \"rest\", which takes every member");
  EXPECT_EQ(fault_of(kSource + "header = false\ndrift = \"evolve\"\n" + kColumns),
            "10:9 the source has header = false, so its files show no new columns | ");
}

TEST(Config, NoSourcesAreNone) { EXPECT_TRUE(read("[project]\nname = \"x\"\n").empty()); }

TEST(Config, MistakesSayWhereAndHow) {
  EXPECT_EQ(fault_of("x = \n").substr(0, 4), "1:5 ");
  EXPECT_EQ(fault_of(kSource + "delimeter = \",\"\n" + kColumns),
            "9:1 unknown key \"delimeter\" in [[source]] | did you mean \"delimiter\"?");
  EXPECT_EQ(fault_of(kSource + "columns = [ { name = \"id\", typ = \"integer\" } ]\n"),
            "9:28 unknown key \"typ\" in a column | did you mean \"type\"?");
  EXPECT_EQ(fault_of(kSource), "4:1 source \"orders\" needs \"columns\" | ");
  EXPECT_EQ(fault_of(kSource + "columns = [ { name = \"id\" } ]\n"), "9:13 column \"id\" needs \"type\" | ");
  EXPECT_EQ(fault_of(kSource + "columns = [ { name = \"id\", type = \"blob\" } ]\n").substr(0, 5), "9:13 ");
  EXPECT_EQ(fault_of(kSource + "columns = [ { name = \"id\", type = \"integer) + (1\" } ]\n").substr(0, 58),
            "9:13 \"integer) + (1\" is no type of a column to load | for ");
  EXPECT_EQ(fault_of(kSource + "columns = [ { name = \"_id\", type = \"integer\" } ]\n").substr(0, 36),
            "9:22 \"_id\" is no name of a column | ");
  EXPECT_EQ(
      fault_of(kSource + "columns = [ { name = \"id\", type = \"date\" }, { name = \"id\", type = \"date\" } ]\n"),
      "9:45 column \"id\" stands here twice | ");
  EXPECT_EQ(fault_of(kSource + "max_reject_share = 2\n" + kColumns),
            "9:20 \"max_reject_share\" must be a number from 0 to 1 | ");
  EXPECT_EQ(fault_of(kSource + "allow_duplicates = \"yes\"\n" + kColumns),
            "9:20 \"allow_duplicates\" must be true or false | ");
  EXPECT_EQ(fault_of(kSource + "header = false\ncolumns = [ { name = \"id\", type = \"date\", header = \"Id\" } ]\n"),
            "10:52 the source has header = false, so columns have no header names | ");
  EXPECT_EQ(fault_of("[[source]]\nname = \"x\"\nkind = \"pigeon\"\n"),
            "3:8 sources of kind \"pigeon\" are not known | kind = \"files\", \"postgres\", \"events\" or \"kafka\"");
  EXPECT_EQ(fault_of("[[source]]\nname = \"x\"\nkind = \"files\"\npath = \"../secret/*.csv\"\n"),
            "4:8 \"path\" must stay in the data folder | it is relative to the folder given with --data");
  EXPECT_EQ(fault_of("[[source]]\nname = \"x\"\nkind = \"files\"\npath = \"a\"\ntable = \"Orders\"\n"),
            "5:9 \"Orders\" is no name of a raw table | schema.table in lower case, for instance raw.orders");
}

TEST(Config, NamesAndTablesAreTakenOnce) {
  const std::string other =
      "[[source]]\nname = \"other\"\nkind = \"files\"\npath = \"a\"\ntable = \"raw.orders\"\n" + kColumns;
  EXPECT_EQ(fault_of(kSource + kColumns + other),
            "10:1 sources \"orders\" and \"other\" have one table, raw.orders | ");
  const std::string same =
      "[[source]]\nname = \"orders\"\nkind = \"files\"\npath = \"a\"\ntable = \"raw.other\"\n" + kColumns;
  EXPECT_EQ(fault_of(kSource + kColumns + same), "10:1 two sources are named \"orders\" | ");
}

TEST(Config, RelationsForChecksHaveTheProvenanceColumns) {
  const auto relations = ingest_relations(read(kSource + kColumns));
  ASSERT_EQ(relations.size(), 5u);
  EXPECT_EQ(relations[0].schema + "." + relations[0].name, "raw.orders");
  std::string names;
  for (const auto& column : relations[0].columns) names += column.name + " ";
  EXPECT_EQ(names, "id _source _position _batch_id _loaded_at ");
  EXPECT_EQ(relations[1].name, "batches");
  EXPECT_EQ(relations[2].name, "rejects");
  EXPECT_EQ(relations[3].name, "reject_headers");
  EXPECT_EQ(relations[4].name, "reject_events");
}

}  // namespace
}  // namespace garland::ingest
