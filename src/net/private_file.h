// Files that hold secrets: readable by their owner only, and whole or not there.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace garland::net {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// The file has all of the text or is what it was before, whenever the machine stops. Writes `<file>.new` first. Throws
/// 58030.
void write_private(const std::filesystem::path& file, const std::string& text);

/// The names in it are on the disk when it returns. Throws 58030.
void sync_folder(const std::filesystem::path& folder);

/// It may be missing already. Throws 58030.
void remove_file(const std::filesystem::path& file);

}  // namespace garland::net
