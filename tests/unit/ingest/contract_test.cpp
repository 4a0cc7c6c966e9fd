// What files must bring besides their columns.
#include "ingest/files/contract.h"

#include "ingest/load_fixture.h"

namespace garland::ingest {
namespace {

/// What the trailer is and what is left of the text, read in pieces of `piece` bytes.
std::pair<std::string, std::string> split(const std::string& text, size_t piece) {
  const auto trailer = std::make_shared<std::string>();
  TrailerSource source(records::memory_source(text), trailer);
  std::string left, buffer(piece, '\0');
  while (const size_t count = source.read(buffer.data(), piece)) left.append(buffer, 0, count);
  return {*trailer, left};
}

/// "" or what is wrong.
std::string fault_of(const FileContract& contract, uint64_t rows, const std::string& trailer,
                     const std::optional<std::string>& control = std::nullopt) {
  try {
    check_contract(contract, "in/stock.csv", rows, trailer, control);
  } catch (const Error& error) {
    EXPECT_EQ(error.state().text(), "22P04");
    return error.message();
  }
  return "";
}

TEST(Contract, TheLastLineIsTheTrailer) {
  const std::string many(300'000, 'x');
  for (const size_t piece : {1u << 20, 7u}) {
    EXPECT_EQ(split("a\nb\nEND 2\n", piece), (std::pair<std::string, std::string>{"END 2", "a\nb\n"}));
    EXPECT_EQ(split("a\r\nEND 1\r\n\r\n", piece), (std::pair<std::string, std::string>{"END 1", "a\r\n"}));
    EXPECT_EQ(split("END 0", piece), (std::pair<std::string, std::string>{"END 0", ""}));
    EXPECT_EQ(split("", piece), (std::pair<std::string, std::string>{"", ""}));
    EXPECT_EQ(split(many + "\nEND 1", piece), (std::pair<std::string, std::string>{"END 1", many + "\n"}));
  }
  EXPECT_LE(split(many, 100).first.size(), 2001u);
}

TEST(Contract, TrailersAndControlFilesCountRows) {
  FileContract contract;
  contract.trailer = "TRL|*|{rows}|";
  EXPECT_EQ(fault_of(contract, 12, "TRL|2025-12-01|00012|"), "");
  EXPECT_EQ(fault_of(contract, 0, "TRL|x|y| 0 |"), "");
  EXPECT_EQ(fault_of(contract, 11, "TRL||12|"), "its trailer says 12 rows, but the file has 11");
  for (const char* line : {"TRL|2025-12-01|12", "1,star", "", "TRL||1x|", "TRL||1234567890123456789012|"})
    EXPECT_EQ(fault_of(contract, 12, line), "its last line is no trailer TRL|*|{rows}|") << line;

  FileContract control;
  control.control_file = "{file}.ctl";
  control.control = "{rows}";
  EXPECT_EQ(control_path(control, "in/stock.csv"), "in/stock.csv.ctl");
  EXPECT_EQ(fault_of(control, 3, "", "3\r\n"), "");
  EXPECT_EQ(fault_of(control, 3, "", "4"), "its control file in/stock.csv.ctl says 4 rows, but the file has 3");
  EXPECT_EQ(fault_of(control, 3, "", "three"), "its control file in/stock.csv.ctl has no line that reads {rows}");
  EXPECT_EQ(fault_of(control, 3, ""), "its control file in/stock.csv.ctl is not there");
  control.control = "{file};{rows}";
  EXPECT_EQ(fault_of(control, 3, "", "other.csv;9\nstock.csv;2\nstock.csv;3\nstockXcsv;8\n"), "");

  FileContract bounds;
  bounds.min_rows = 2;
  bounds.max_rows = 3;
  EXPECT_EQ(fault_of(bounds, 2, ""), "");
  EXPECT_EQ(fault_of(bounds, 1, ""), "it has 1 rows, at least 2 are expected");
  EXPECT_EQ(fault_of(bounds, 4, ""), "it has 4 rows, at most 3 are expected");
}

TEST_F(LoadTest, AFileThatBreaksItsContractIsRefusedWhole) {
  FileSource source = orders();
  source.max_reject_share = 0.5;
  source.contract.trailer = "END {rows}";
  data_.write("a.csv", "id,Item\n1,star\n2x,angel\n3,bell\nEND 3\n");
  data_.write("b.csv", "id,Item\n4,star\n5,angel\nEND 3\n");
  data_.write("c.csv", "id,Item\n6,star\n7,angel\n");
  const Rows expected = {"a.csv loaded 2+1", "b.csv refused 0+0: its trailer says 3 rows, but the file has 2",
                         "c.csv refused 0+0: its last line is no trailer END {rows}"};
  EXPECT_EQ(outcome(load(source)), expected);
  EXPECT_EQ(rows(), (Rows{"1|star|a.csv:2", "3|bell|a.csv:4"}));
  EXPECT_EQ(
      query("select file, line, sqlstate, reason from ops.rejects order by batch_id, line"),
      (Rows{"a.csv|3|22P02|id \"2x\" is not an integer", "b.csv|0|22P04|its trailer says 3 rows, but the file has 2",
            "c.csv|0|22P04|its last line is no trailer END {rows}"}));
  const Rows noted = batches();
  load(source);
  EXPECT_EQ(batches(), noted) << "a refusal that is known is not noted again";
  // A corrected delivery that breaks the contract leaves the rows that stand.
  data_.write("a.csv", "id,Item\n1,star\nEND 3\n");
  data_.write("b.csv", "id,Item\n4,star\n5,angel\n5,bell\nEND 3\n");
  load(source);
  EXPECT_EQ(rows(), (Rows{"1|star|a.csv:2", "3|bell|a.csv:4", "4|star|b.csv:2", "5|angel|b.csv:3", "5|bell|b.csv:4"}));
}

TEST_F(LoadTest, AFileWaitsForItsControlFile) {
  FileSource source = orders();
  source.contract.control_file = "{file}.ctl";
  source.contract.control = "{rows}";
  data_.write("in/a.csv", "id,Item\n1,star\n");
  source.path = "in/*";
  EXPECT_EQ(outcome(load(source)), (Rows{"in/a.csv refused 0+0: its control file in/a.csv.ctl is not there"}));
  data_.write("in/a.csv.ctl", "1\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"in/a.csv loaded 1+0"})) << "and the control file is no file of the source";
  EXPECT_EQ(outcome(load(source)), (Rows{"in/a.csv unchanged 0+0"}));
}

}  // namespace
}  // namespace garland::ingest
