// PostgreSQL documentation, "Message Formats": lengths, and what does not fit.
#include "endpoint/message.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"

namespace garland::endpoint {
namespace {

void give(Input& in, const std::string& bytes) {
  std::memcpy(in.room(bytes.size()), bytes.data(), bytes.size());
  in.commit(bytes.size());
}

std::string message(char type, const std::string& payload) {
  std::string bytes;
  MessageWriter writer(bytes);
  writer.begin(type);
  writer.bytes(payload);
  writer.end();
  return bytes;
}

SqlState state_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.state();
  }
  return SqlState("00000");
}

TEST(Input, GivesWholeMessagesOnly) {
  Input in(1000);
  const std::string bytes = message('Q', "select 1") + message('S', "");
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    Input parts(1000);
    give(parts, bytes.substr(0, cut));
    size_t seen = 0;
    while (parts.next()) ++seen;
    give(parts, bytes.substr(cut));
    while (parts.next()) ++seen;
    EXPECT_EQ(seen, 2u) << "cut at " << cut;
  }
}

TEST(Input, PutsBackAndPeeks) {
  Input in(1000);
  EXPECT_EQ(in.peek(), std::nullopt);
  give(in, message('E', "abc"));
  const auto first = in.next();
  EXPECT_EQ(in.peek(), std::nullopt);
  in.put_back(*first);
  EXPECT_EQ(in.peek(), 'E');
  give(in, "S");
  EXPECT_EQ(in.next()->payload, "abc");
  EXPECT_EQ(in.peek(), 'S');
  EXPECT_FALSE(in.next());
}

TEST(Input, RefusesLengthsThatAreNone) {
  for (const auto& [length, state] : {std::pair{0, "08P01"}, {3, "08P01"}, {-1, "54000"}, {1001, "54000"}}) {
    Input in(1000);
    std::string bytes = "Q";
    append_int32(bytes, length);
    give(in, bytes);
    EXPECT_EQ(state_of([&] { in.next(); }).text(), state) << length;
  }
}

TEST(Input, ShrinksBehindALargeMessage) {
  Input in(1 << 20);
  give(in, message('Q', std::string(500'000, 'x')));
  EXPECT_EQ(in.next()->payload.size(), 500'000u);
  in.shrink();
  give(in, message('S', ""));
  EXPECT_EQ(in.next()->type, 'S');
}

TEST(MessageReader, RefusesWhatDoesNotFit) {
  EXPECT_EQ(state_of([] { MessageReader("abc").text(); }).text(), "08P01");
  EXPECT_EQ(state_of([] { MessageReader("abc").int32(); }).text(), "08P01");
  EXPECT_EQ(state_of([] { MessageReader("abc").bytes(4); }).text(), "08P01");
  EXPECT_EQ(state_of([] { MessageReader("abc").expect_end(); }).text(), "08P01");
  MessageReader reader(std::string_view("a\0\xff\xfe", 4));
  EXPECT_EQ(reader.text(), "a");
  EXPECT_EQ(reader.int16(), -2);
  reader.expect_end();
}

}  // namespace
}  // namespace garland::endpoint
