#include "records/byte_source.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "base/error.h"

namespace garland::records {
namespace {

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string read_all(ByteSource& source, size_t step = 1000) {
  std::string out, buffer(step, '\0');
  while (const size_t count = source.read(buffer.data(), step)) out.append(buffer, 0, count);
  return out;
}

std::string unpacked(std::string bytes, size_t step = 1000) {
  return read_all(*gunzip(memory_source(std::move(bytes)), "x.csv.gz"), step);
}

std::string fault_of(std::string bytes) {
  try {
    unpacked(std::move(bytes));
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

class ByteSourceFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(::testing::TempDir()) / ("garland-bytes-" + std::to_string(::getpid()) + "-" +
                                                       ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::filesystem::path folder_;
};

TEST(Gunzip, ReadsMembersOneAfterTheOther) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(unpacked(gzip(text)), text);
  EXPECT_EQ(unpacked(gzip("one,") + gzip("") + gzip("two"), 1), "one,two");
  EXPECT_EQ(unpacked(gzip("one") + std::string(512, '\0')), "one");
}

TEST(Gunzip, DamageIsAnError) {
  const std::string good = gzip("some text that is long enough to be cut in the middle of it");
  for (size_t length = 1; length < good.size(); ++length) {
    EXPECT_EQ(fault_of(good.substr(0, length)), "\"x.csv.gz\" is cut off: its gzip data ends in the middle") << length;
  }
  EXPECT_EQ(fault_of(""), "\"x.csv.gz\" is empty: no gzip data");
  std::string flipped = good;
  flipped[good.size() - 6] ^= 1;  // in the checksum
  EXPECT_EQ(fault_of(flipped), "\"x.csv.gz\" is damaged: incorrect data check");
  EXPECT_EQ(fault_of(good + "rubbish"), "\"x.csv.gz\" is damaged: incorrect header check");
}

TEST_F(ByteSourceFiles, GzipIsKnownByItsBytesNotItsName) {
  EXPECT_EQ(read_all(*open_file(write("packed.csv", gzip("a,b\n")))), "a,b\n");
  EXPECT_EQ(read_all(*open_file(write("plain.csv.gz", "a,b\n"))), "a,b\n");
  EXPECT_EQ(read_all(*open_file(write("empty.csv", ""))), "");
  EXPECT_EQ(read_all(*open_file(write("one.csv", "x"))), "x");
  EXPECT_THROW(read_all(*open_file(write("no.csv.gz", "a,b\n"), Compression::kGzip)), Error);
  EXPECT_EQ(read_all(*open_file(write("raw.gz", "\x1f\x8b..."), Compression::kNone)), "\x1f\x8b...");
}

TEST_F(ByteSourceFiles, AMissingFileHasItsState) {
  try {
    open_file(folder_ / "none.csv");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.state().text(), "58P01");
  }
}

}  // namespace
}  // namespace garland::records
