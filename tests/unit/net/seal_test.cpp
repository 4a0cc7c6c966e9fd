#include "net/seal.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "temporary_folder.h"

namespace garland::net {
namespace {

TEST(Seal, OpensForItsKeyAndContextOnly) {
  const std::string key(kSealKeyBytes, 'k');
  for (const std::string& text : {std::string(), std::string("secret"), std::string(100'000, '\0')}) {
    const std::string sealed = seal(key, text, "here");
    EXPECT_EQ(unseal(key, sealed, "here"), text);
    EXPECT_EQ(unseal(key, sealed, "there"), std::nullopt);
    EXPECT_EQ(unseal(std::string(kSealKeyBytes, 'l'), sealed, "here"), std::nullopt);
    EXPECT_NE(sealed, seal(key, text, "here"));  // a nonce of its own
  }
}

TEST(Seal, NoticesEveryChangedByte) {
  const std::string key(kSealKeyBytes, 'k'), sealed = seal(key, "secret", "");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] ^= 1;
    EXPECT_EQ(unseal(key, changed, ""), std::nullopt) << i;
    EXPECT_EQ(unseal(key, sealed.substr(0, i), ""), std::nullopt) << i;
  }
}

TEST(Seal, TheKeyFileIsMadeOnceAndForItsOwner) {
  const TemporaryFolder temporary;
  const std::filesystem::path folder = temporary.path(), file = folder / "key";
  const std::string key = key_of_file(file);
  EXPECT_EQ(key.size(), kSealKeyBytes);
  EXPECT_EQ(key_of_file(file), key);
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  std::ofstream(file) << "short";
  EXPECT_THROW(key_of_file(file), Error);
  EXPECT_THROW(key_of_file(folder / "missing" / "key"), Error);
}

}  // namespace
}  // namespace garland::net
