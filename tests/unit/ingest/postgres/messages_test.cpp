// pgoutput's messages: each one written byte by byte as the documentation's page says, and random damage.
#include "ingest/postgres/messages.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"

namespace garland::ingest::postgres {
namespace {

/// Builds a message.
class Bytes {
 public:
  explicit Bytes(char kind) : out_(1, kind) {}
  template <class T>
  Bytes& number(T value) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
      out_ += static_cast<char>((static_cast<uint64_t>(value) >> shift) & 0xff);
    }
    return *this;
  }
  Bytes& letter(char c) { return out_ += c, *this; }
  Bytes& text(const std::string& text) { return out_.append(text.c_str(), text.size() + 1), *this; }
  Bytes& value(char kind, const std::string& bytes) {
    out_ += kind;
    number<int32_t>(static_cast<int32_t>(bytes.size()));
    out_ += bytes;
    return *this;
  }
  const std::string& str() const { return out_; }

 private:
  std::string out_;
};

constexpr int64_t kChristmasPg = 788'140'800'000'000;                      // 2024-12-22 since 2000-01-01
constexpr int64_t kChristmas = 788'140'800'000'000 + 946'684'800'000'000;  // since 1970-01-01

Bytes relation(bool streamed) {
  Bytes bytes('R');
  if (streamed) bytes.number<uint32_t>(77);
  bytes.number<uint32_t>(16384).text("public").text("orders").letter('d').number<int16_t>(2);
  bytes.number<uint8_t>(1).text("id").number<uint32_t>(23).number<int32_t>(-1);
  bytes.number<uint8_t>(0).text("note").number<uint32_t>(1043).number<int32_t>(44);
  return bytes;
}

Bytes update(bool streamed) {
  Bytes bytes('U');
  if (streamed) bytes.number<uint32_t>(78);
  bytes.number<uint32_t>(16384).letter('K').number<int16_t>(2).value('b', std::string("\0\0\0\1", 4)).letter('n');
  bytes.letter('N').number<int16_t>(3).value('b', std::string("\0\0\0\2", 4)).letter('u').value('t', "bells");
  return bytes;
}

Bytes truncate() {
  return Bytes('T').number<int32_t>(2).number<uint8_t>(3).number<uint32_t>(16384).number<uint32_t>(16390);
}

std::string state_of(std::string_view bytes, bool streamed) {
  try {
    decode(bytes, streamed);
    return "";
  } catch (const Error& error) {
    EXPECT_FALSE(error.message().empty());
    return std::string(error.state().text());
  }
}

TEST(Messages, BeginAndCommit) {
  const auto begin = std::get<Begin>(
      decode(Bytes('B').number<uint64_t>(0x16B374D848).number<int64_t>(kChristmasPg).number<uint32_t>(9).str(), false));
  EXPECT_EQ(begin.final_lsn, 0x16B374D848u);
  EXPECT_EQ(begin.committed_us, kChristmas);
  EXPECT_EQ(begin.xid, 9u);
  const std::string bytes =
      Bytes('C').number<uint8_t>(0).number<uint64_t>(1).number<uint64_t>(2).number<int64_t>(kChristmasPg).str();
  const auto commit = std::get<Commit>(decode(bytes, false));
  EXPECT_EQ(commit.lsn, 1u);
  EXPECT_EQ(commit.end_lsn, 2u);
  EXPECT_EQ(commit.committed_us, kChristmas);
}

TEST(Messages, RelationsAndTypesOwnTheirNames) {
  for (const bool streamed : {false, true}) {
    const auto found = std::get<Relation>(decode(std::string(relation(streamed).str()), streamed));
    EXPECT_EQ(found.xid, streamed ? 77u : 0u);
    EXPECT_EQ(found.id, 16384u);
    EXPECT_EQ(found.schema + "." + found.name, "public.orders");
    EXPECT_EQ(found.replica_identity, 'd');
    EXPECT_EQ(found.columns, (std::vector<RelationColumn>{{true, "id", 23, -1}, {false, "note", 1043, 44}}));
  }
  const auto type =
      std::get<TypeName>(decode(Bytes('Y').number<uint32_t>(16400).text("shop").text("mood").str(), false));
  EXPECT_EQ(type.schema + "." + type.name, "shop.mood");
}

TEST(Messages, RowsCarryNullsUnchangedToastTextAndBinary) {
  for (const bool streamed : {false, true}) {
    const std::string bytes = update(streamed).str();
    const auto found = std::get<Update>(decode(bytes, streamed));
    EXPECT_EQ(found.xid, streamed ? 78u : 0u);
    EXPECT_TRUE(found.before_is_key);
    ASSERT_TRUE(found.before);
    EXPECT_EQ(found.before->at(0).bytes, std::string_view("\0\0\0\1", 4));
    EXPECT_EQ(found.before->at(1).kind, ValueKind::kNull);
    EXPECT_EQ(found.after.at(1).kind, ValueKind::kUnchangedToast);
    EXPECT_EQ(found.after.at(2).kind, ValueKind::kText);
    EXPECT_EQ(found.after.at(2).bytes, "bells");
  }
  const std::string inserted = Bytes('I').number<uint32_t>(5).letter('N').number<int16_t>(1).value('b', "x").str();
  EXPECT_EQ(std::get<Insert>(decode(inserted, false)).after.at(0).bytes, "x");
  const std::string deleted = Bytes('D').number<uint32_t>(5).letter('O').number<int16_t>(1).letter('n').str();
  EXPECT_FALSE(std::get<Delete>(decode(deleted, false)).before_is_key);
}

TEST(Messages, TruncateNamesEveryTable) {
  const auto found = std::get<Truncate>(decode(truncate().str(), false));
  EXPECT_TRUE(found.cascade);
  EXPECT_TRUE(found.restart_identity);
  EXPECT_EQ(found.relations, (std::vector<Oid>{16384, 16390}));
}

TEST(Messages, StreamedTransactionsBeginStopCommitAndAbort) {
  const auto start = std::get<StreamStart>(decode(Bytes('S').number<uint32_t>(7).number<uint8_t>(1).str(), false));
  EXPECT_EQ(start.xid, 7u);
  EXPECT_TRUE(start.first);
  EXPECT_TRUE(std::holds_alternative<StreamStop>(decode("E", true)));
  const auto commit = std::get<StreamCommit>(decode(Bytes('c')
                                                        .number<uint32_t>(7)
                                                        .number<uint8_t>(0)
                                                        .number<uint64_t>(10)
                                                        .number<uint64_t>(11)
                                                        .number<int64_t>(0)
                                                        .str(),
                                                    false));
  EXPECT_EQ(commit.commit.end_lsn, 11u);
  const auto abort = std::get<StreamAbort>(decode(Bytes('A').number<uint32_t>(7).number<uint32_t>(8).str(), false));
  EXPECT_EQ(abort.subxid, 8u);
}

TEST(Messages, OriginsAndLogicalMessages) {
  decode(Bytes('O').number<uint64_t>(1).text("elsewhere").str(), false);
  const std::string bytes = Bytes('M')
                                .number<uint8_t>(1)
                                .number<uint64_t>(3)
                                .text("garland")
                                .number<int32_t>(2)
                                .letter('h')
                                .letter('i')
                                .str();
  const auto found = std::get<LogicalMessage>(decode(bytes, false));
  EXPECT_TRUE(found.transactional);
  EXPECT_EQ(found.prefix, "garland");
  EXPECT_EQ(found.content, "hi");
}

TEST(Messages, OuterMessages) {
  const std::string log = Bytes('w').number<uint64_t>(1).number<uint64_t>(2).number<int64_t>(3).letter('E').str();
  EXPECT_EQ(std::get<LogData>(decode_outer(log)).data, "E");
  const std::string alive = Bytes('k').number<uint64_t>(9).number<int64_t>(3).number<uint8_t>(1).str();
  EXPECT_EQ(std::get<Keepalive>(decode_outer(alive)).log_end, 9u);
  EXPECT_TRUE(std::get<Keepalive>(decode_outer(alive)).reply_now);
  EXPECT_THROW(decode_outer("k123"), Error);
  EXPECT_THROW(decode_outer("?"), Error);
  EXPECT_THROW(decode_outer(""), Error);
  const std::string status = standby_status(0x102, kChristmas, true);
  EXPECT_EQ(status, Bytes('r')
                        .number<uint64_t>(0x102)
                        .number<uint64_t>(0x102)
                        .number<uint64_t>(0x102)
                        .number<int64_t>(kChristmasPg)
                        .number<uint8_t>(1)
                        .str());
}

TEST(Messages, PositionsPrintAndReadBack) {
  for (const Lsn lsn : {Lsn{0}, Lsn{0x16B374D848}, ~Lsn{0}}) EXPECT_EQ(read_lsn(lsn_text(lsn)), lsn);
  EXPECT_EQ(lsn_text(0x16B374D848), "16/B374D848");
  for (const char* wrong : {"", "16", "16/", "/1", "g/1", "1/123456789", "1/2/3"})
    EXPECT_FALSE(read_lsn(wrong)) << wrong;
}

TEST(Messages, EveryPrefixIsRefused) {
  const std::string whole[] = {relation(false).str(), update(false).str(), truncate().str()};
  for (const std::string& bytes : whole) {
    EXPECT_EQ(state_of(bytes, false), "");
    EXPECT_EQ(state_of(bytes + "x", false), "08P01");
    for (size_t size = 0; size < bytes.size(); ++size)
      EXPECT_EQ(state_of(bytes.substr(0, size), false), "08P01") << size;
  }
}

TEST(Messages, RandomDamageIsReadOrRefusedButNeverReadsOutside) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string whole[] = {relation(true).str(), update(true).str(), truncate().str(), relation(false).str()};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole[random() % std::size(whole)];
    for (unsigned damaged = random() % 4 + 1; damaged > 0; --damaged) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    bytes.resize(random() % (bytes.size() + 1));
    const std::string exact(bytes.data(), bytes.size());  // of its own size, for the sanitizers
    const std::string state = state_of(exact, random() % 2 == 0);
    EXPECT_TRUE(state.empty() || state == "08P01") << state;
  }
}

}  // namespace
}  // namespace garland::ingest::postgres
