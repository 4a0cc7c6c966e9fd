#include "ingest/files/find_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "ingest/files/content_hash.h"
#include "ingest/folder.h"

namespace garland::ingest {
namespace {

using Names = std::vector<std::string>;

TEST(FindFiles, GlobsAndFolders) {
  const Folder folder;
  for (const char* name :
       {"b.csv", "a.csv.gz", "notes.txt", ".hidden.csv", "in/c.csv", "in/deep/d.csv", "in/e.csv.part"}) {
    folder.write(name, "x");
  }
  const auto find = [&](const char* pattern) { return find_files(folder.path(), pattern); };
  EXPECT_EQ(find("*.csv"), (Names{"b.csv"}));
  EXPECT_EQ(find("*.csv*"), (Names{"a.csv.gz", "b.csv"}));
  EXPECT_EQ(find("."), (Names{"a.csv.gz", "b.csv"}));
  EXPECT_EQ(find("in"), (Names{"in/c.csv"}));
  EXPECT_EQ(find("in/"), (Names{"in/c.csv"}));
  EXPECT_EQ(find("*/*.csv"), (Names{"in/c.csv"}));
  EXPECT_EQ(find("**/*.csv"), (Names{"b.csv", "in/c.csv", "in/deep/d.csv"}));
  EXPECT_EQ(find("in/**/*.csv"), (Names{"in/c.csv", "in/deep/d.csv"}));
  EXPECT_EQ(find("[a-b].csv*"), (Names{"a.csv.gz", "b.csv"}));
  EXPECT_EQ(find("?.csv"), (Names{"b.csv"}));
  EXPECT_EQ(find("none/*.csv"), (Names{}));
}

TEST(FindFiles, FoldersMeanTheFormatsFiles) {
  const Folder folder;
  for (const char* name : {"a.csv", "b.csv.zst", "c.ndjson", "d.jsonl.gz", "e.ndjson.zst", "f.json"}) {
    folder.write(name, "x");
  }
  EXPECT_EQ(find_files(folder.path(), "."), (Names{"a.csv", "b.csv.zst"}));
  EXPECT_EQ(find_files(folder.path(), ".", name_endings(FileFormat::kNdjson)),
            (Names{"c.ndjson", "d.jsonl.gz", "e.ndjson.zst"}));
}

TEST(FindFiles, KeysOfABucketFollowTheSameRules) {
  const Names keys = {"b.csv",         "a.csv.gz",      "notes.txt",      ".hidden.csv", "in/c.csv",
                      "in/deep/d.csv", "in/e.csv.part", "in/.deep/f.csv", "in/",         "inner.csv"};
  std::string prefix;
  const auto find = [&](const char* pattern) {
    const KeyPattern keys_of(pattern, name_endings(FileFormat::kCsv));
    prefix = keys_of.prefix();
    Names found;
    std::ranges::copy_if(keys, std::back_inserter(found), [&](const auto& key) { return keys_of.matches(key); });
    return found;
  };
  EXPECT_EQ(find("*.csv"), (Names{"b.csv", "inner.csv"}));
  EXPECT_EQ(prefix, "");
  EXPECT_EQ(find(""), (Names{"b.csv", "a.csv.gz", "inner.csv"}));
  EXPECT_EQ(find("in"), (Names{"in/c.csv"}));
  EXPECT_EQ(find("in/"), (Names{"in/c.csv"}));
  EXPECT_EQ(find("in/c.csv"), (Names{"in/c.csv"}));
  EXPECT_EQ(prefix, "in/c.csv");
  EXPECT_EQ(find("in/**/*.csv"), (Names{"in/c.csv", "in/deep/d.csv"}));
  EXPECT_EQ(prefix, "in/");
  EXPECT_EQ(find("in/d*p/?.csv"), (Names{"in/deep/d.csv"}));
  EXPECT_EQ(prefix, "in/d");
  EXPECT_EQ(find("[a-b].csv*"), (Names{"b.csv", "a.csv.gz"}));
  EXPECT_EQ(find("none/*.csv"), (Names{}));
}

TEST(FindFiles, ACircleOfLinksEnds) {
  const Folder folder;
  folder.write("in/c.csv", "x");
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "in/round");
  EXPECT_EQ(find_files(folder.path(), "**/*.csv"), (Names{"in/c.csv"}));
}

TEST(FindFiles, AMissingDataFolderIsAnError) {
  try {
    find_files("/nowhere/at/all", "*.csv");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.state().text(), "58P01");
  }
}

// xxh128sum prints these
TEST(ContentHash, IsXxh3OfTheUncompressedBytes) {
  const Folder folder;
  folder.write_gzip("a.csv.gz", "hello\n");
  EXPECT_EQ(content_hash(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(read_content(records::open_file(folder.write("a.csv", "hello\n"))).hash, content_hash("hello\n"));
  EXPECT_EQ(read_content(records::open_file(folder.path() / "a.csv.gz")).hash, content_hash("hello\n"));
  EXPECT_EQ(read_content(records::open_file(folder.path() / "a.csv.gz")).bytes, 6u);
}

}  // namespace
}  // namespace garland::ingest
