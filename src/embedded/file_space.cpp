#include "embedded/file_space.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/log.h"

namespace garland::embedded {

namespace fs = std::filesystem;

namespace {

bool is_below(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

void require_allowed(const fs::path& file, const Options& options) {
  for (const fs::path& folder : options.copy_folders) {
    std::error_code code;
    const fs::path real = fs::canonical(folder, code);
    if (!code && is_below(file, real)) return;
  }
  throw Error(kInsufficientPrivilege, "permission denied: " + file.string())
      .hint("COPY and UNLOAD use files below the configured folders only.");
}

/// The warehouse's own files are nobody's to write.
void require_writable(const fs::path& file, const Options& options) {
  const fs::path folder = file.parent_path();
  if (folder == options.data_folder || is_below(folder, options.data_folder / "tmp")) {
    throw Error(kInsufficientPrivilege, "permission denied: " + folder.string() + " holds the warehouse itself")
        .hint("Unload into a folder below it.");
  }
}

fs::path local_path(const std::string& source, const Options& options) {
  const size_t scheme = source.find("://");
  if (scheme != std::string::npos && !source.starts_with("file://")) {
    throw Error(kFeatureNotSupported, "files at " + source.substr(0, scheme + 3) + " are not supported")
        .hint("This engine uses local files and s3://.");
  }
  const fs::path path(scheme == std::string::npos ? source : source.substr(scheme + 3));
  return path.is_absolute() ? path : options.copy_folders.front() / path;
}

std::vector<fs::path> in_folder(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    if (entry.is_regular_file() && entry.path().filename().string().starts_with(prefix)) files.push_back(entry.path());
  }
  return files;
}

/// DuckDB's words may hold a signed address: they go to the log only when they hold none.
[[noreturn]] void remote_failure(const duck::DuckError& error, const std::string& place) {
  const duck::S3Fault fault = duck::s3_fault(error);
  std::string why = "it could not be reached";
  if (fault == duck::S3Fault::kMissing) why = "it does not exist";
  if (fault == duck::S3Fault::kDenied) why = "access is denied";
  throw Error(kInternalError, "S3: \"" + place + "\": " + why).hint("Check the [s3] part of the configuration.");
}

class RemoteBytes final : public records::ByteSource {
 public:
  RemoteBytes(std::unique_ptr<duck::File> file, std::string place) : file_(std::move(file)), place_(std::move(place)) {}
  size_t read(char* to, size_t size) override {
    try {
      return file_->read(to, size);
    } catch (const duck::DuckError& error) {
      remote_failure(error, place_);
    }
  }

 private:
  std::unique_ptr<duck::File> file_;
  std::string place_;
};

class RemoteSink final : public records::ByteSink {
 public:
  RemoteSink(std::unique_ptr<duck::File> file, std::string place) : file_(std::move(file)), place_(std::move(place)) {}
  void write(std::string_view bytes) override {
    written_ += bytes.size();
    buffer_.append(bytes);
    if (buffer_.size() >= kBufferBytes) flush();
  }
  void close() override {
    flush();
    guarded([&] { file_->close(); });
  }
  uint64_t written() const override { return written_; }

 private:
  static constexpr size_t kBufferBytes = 1u << 20;
  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const duck::DuckError& error) {
      remote_failure(error, place_);
    }
  }
  void flush() {
    guarded([&] { file_->write(buffer_.data(), buffer_.size()); });
    buffer_.clear();
  }

  std::unique_ptr<duck::File> file_;
  std::string place_;
  std::string buffer_;
  uint64_t written_ = 0;
};

/// `aws_access_key_id=…;aws_secret_access_key=…;token=…`
void read_credentials(const std::string& text, duck::S3Access& access) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(';', at), text.size());
    const std::string pair = text.substr(at, end - at);
    const size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = pair.substr(0, equals);
    const std::string value = equals < pair.size() ? pair.substr(equals + 1) : "";
    if (name == "aws_access_key_id") access.key_id = value;
    if (name == "aws_secret_access_key") access.secret = value;
    if (name == "token") access.session_token = value;
    at = end + 1;
  }
}

}  // namespace

FileSpace::FileSpace(Warehouse& warehouse, const std::vector<sql::CopyOption>& options) : warehouse_(warehouse) {
  const auto& s3 = warehouse.options().s3;
  if (!s3) return;
  s3_ = s3;
  for (const sql::CopyOption& option : options) {
    if (option.arguments.empty()) continue;
    const std::string& value = option.arguments.front();
    if (option.name == "ACCESS_KEY_ID") {
      s3_->key_id = value;
      s3_->session_token.clear();
    }
    if (option.name == "SECRET_ACCESS_KEY") s3_->secret = value;
    if (option.name == "REGION") s3_->region = value;
    if (option.name == "CREDENTIALS") read_credentials(value, *s3_);
  }
  for (const sql::CopyOption& option : options) {
    if (option.name == "SESSION_TOKEN" && !option.arguments.empty()) s3_->session_token = option.arguments.front();
  }
}

duck::Files& FileSpace::files() {
  if (!files_) {
    const Options& options = warehouse_.options();
    files_ = std::make_unique<duck::Files>(duck::FilesOptions{options.threads, options.data_folder / "tmp", s3_});
  }
  return *files_;
}

std::vector<std::string> FileSpace::beginning_with(const std::string& place) {
  if (!is_remote(place)) {
    std::vector<std::string> found;
    const fs::path path(place);
    for (const fs::path& file : in_folder(path.parent_path(), path.filename().string())) found.push_back(file.string());
    std::ranges::sort(found);
    return found;
  }
  try {
    return files().list(place);
  } catch (const duck::DuckError& error) {
    if (duck::s3_fault(error) == duck::S3Fault::kMissing) return {};
    remote_failure(error, place);
  }
}

std::vector<std::string> FileSpace::find(const std::string& source) {
  if (is_remote(source)) {
    std::vector<std::string> found = beginning_with(target(source));
    if (found.empty()) {
      throw Error(kInternalError,
                  "The specified S3 prefix '" + source.substr(source.find('/', 5) + 1) + "' does not exist");
    }
    return found;
  }
  const Options& options = warehouse_.options();
  const fs::path path = local_path(source, options);
  // What is not allowed must not even be told to exist.
  require_allowed(fs::weakly_canonical(path), options);
  std::vector<fs::path> found;
  if (fs::is_regular_file(path)) {
    found = {path};
  } else if (fs::is_directory(path)) {
    found = in_folder(path, "");
  } else {
    found = in_folder(path.parent_path(), path.filename().string());
  }
  if (found.empty()) throw Error(kUndefinedFile, "The specified path \"" + source + "\" does not exist");
  std::vector<std::string> files;
  for (const fs::path& file : found) {
    const fs::path real = fs::canonical(file);
    require_allowed(real, options);
    files.push_back(real.string());
  }
  std::ranges::sort(files);
  return files;
}

std::string FileSpace::find_one(const std::string& source) {
  if (is_remote(source)) {
    try {
      return files().exists(target(source)) ? source : std::string();
    } catch (const duck::DuckError& error) {
      remote_failure(error, source);
    }
  }
  const fs::path path = local_path(source, warehouse_.options());
  require_allowed(fs::weakly_canonical(path), warehouse_.options());
  if (!fs::is_regular_file(path)) return {};
  const fs::path real = fs::canonical(path);
  require_allowed(real, warehouse_.options());
  return real.string();
}

std::unique_ptr<records::ByteSource> FileSpace::open(const std::string& place) {
  if (!is_remote(place)) return records::open_file(place, records::Compression::kNone);
  try {
    return std::make_unique<RemoteBytes>(files().open(place), place);
  } catch (const duck::DuckError& error) {
    remote_failure(error, place);
  }
}

std::string FileSpace::read(const std::string& place) {
  constexpr size_t kMostBytes = 64u << 20;
  const auto source = open(place);
  std::string text;
  char buffer[16 << 10];
  while (const size_t count = source->read(buffer, sizeof buffer)) {
    text.append(buffer, count);
    if (text.size() > kMostBytes) throw Error(kProgramLimitExceeded, "\"" + place + "\" is larger than 64 MB");
  }
  return text;
}

uint64_t FileSpace::size(const std::string& place) {
  if (!is_remote(place)) return fs::file_size(place);
  try {
    return files().open(place)->size();
  } catch (const duck::DuckError& error) {
    remote_failure(error, place);
  }
}

std::string FileSpace::target(const std::string& target) {
  if (is_remote(target)) {
    if (!s3_) {
      throw Error(kFeatureNotSupported, "s3:// needs an S3 endpoint in the configuration")
          .hint("Name it in the [s3] part of garland.toml; this engine uses local files too.");
    }
    if (target.find('/', 5) == std::string::npos || target.find('/', 5) == 5) {
      throw Error(kInvalidParameterValue, "\"" + target + "\" names no bucket and key");
    }
    return target;
  }
  fs::path path = local_path(target, warehouse_.options());
  if (!path.has_filename()) path /= "";
  const fs::path folder = fs::weakly_canonical(path.parent_path());
  const fs::path place = folder / path.filename();
  require_allowed(folder, warehouse_.options());
  require_writable(place, warehouse_.options());
  return place.string();
}

std::unique_ptr<records::ByteSink> FileSpace::create(const std::string& place, bool replace) {
  if (!is_remote(place)) {
    std::error_code code;
    fs::create_directories(fs::path(place).parent_path(), code);
    return records::create_file(place, replace);
  }
  try {
    return std::make_unique<RemoteSink>(files().create(place), place);
  } catch (const duck::DuckError& error) {
    remote_failure(error, place);
  }
}

void FileSpace::remove(const std::string& place) {
  std::error_code code;
  fs::remove(place, code);
  if (code) throw Error(kIoError, "could not remove \"" + place + "\": " + code.message());
}

void FileSpace::discard(const std::string& place) noexcept {
  if (is_remote(place)) return;
  std::error_code code;
  fs::remove(place, code);
  if (code) spdlog::warn("the file {}, which was only begun, could not be removed: {}", place, code.message());
}

}  // namespace garland::embedded
