#include "net/digest.h"

#include <gtest/gtest.h>

namespace garland::net {
namespace {

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

// FIPS 180-2, appendix B.1; RFC 4231, test case 2; RFC 1321, A.5.
TEST(Digest, GivesThePublishedValues) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

// RFC 4648, section 10.
TEST(Base64, GivesThePublishedValues) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, ReadsBackAnyBytes) {
  const std::string bytes = all_bytes();
  for (size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(from_base64(base64(bytes.substr(0, size))), bytes.substr(0, size));
  }
}

TEST(Base64, ReadsNothingElse) {
  for (const char* text : {"Z",
                           "Zg",
                           "Zg=",
                           "Zg===",
                           "=",
                           "==",
                           "====",
                           "Zh==",
                           "Zm9=",
                           "Z=g=",
                           "=Zg=",
                           "Zg==Zg==",
                           " Zg=",
                           "Zg= ",
                           "Zg==\n",
                           "\nZg==",
                           "Zm9v\n\n\n\n",
                           "    ",
                           "Zm-_",
                           "Zm9v\xC3\xA9"
                           "AB",
                           "Zm.v"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base64(std::string_view("Zm\0v", 4)), std::nullopt);
}

TEST(Hex, ReadsBackAnyBytes) {
  EXPECT_EQ(hex(std::string("\x00\x0f\xff", 3)), "000fff");
  EXPECT_EQ(from_hex(hex(all_bytes())), all_bytes());
  EXPECT_EQ(from_hex("aBcD"), "\xAB\xCD");
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, ReadsNothingElse) {
  for (const char* text : {"a", "abc", "0x", "g0", "0g", " 00", "00 ", "-1", "@@", "``"}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
}

TEST(RandomBytes, AreNew) {
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(33).size(), 33u);
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST(EqualInConstantTime, ComparesBytes) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
  EXPECT_FALSE(equal_in_constant_time("abc", ""));
}

}  // namespace
}  // namespace garland::net
