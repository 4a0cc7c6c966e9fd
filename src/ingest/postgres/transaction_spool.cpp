#include "ingest/postgres/transaction_spool.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "net/digest.h"

namespace garland::ingest::postgres {
namespace {

constexpr size_t kMemoryBytes = 8u << 20;  // of one transaction
constexpr size_t kReadBytes = 1u << 20;
constexpr size_t kHeaderBytes = 8;

Error file_failed(const char* what) {
  const int code = errno;
  return Error(code == ENOSPC ? kDiskFull : kIoError,
               std::string("a large transaction's temporary file cannot be ") + what + ": " + std::strerror(code))
      .hint("TMPDIR names the folder of such files; it needs room for the source's largest transaction");
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

}  // namespace

/// Written once from its beginning to its end, then read once.
class SpoolFile {
 public:
  SpoolFile() {
    std::string path = (std::filesystem::temp_directory_path() / "garland-spool-XXXXXX").string();
    const int descriptor = mkstemp(path.data());
    if (descriptor < 0) throw file_failed("made");
    unlink(path.c_str());
    file_.reset(fdopen(descriptor, "w+b"));
    if (!file_) throw file_failed("made");
    cipher_ = new_cipher();
  }

  void write(std::string_view bytes) {
    const std::string sealed = crypt(bytes);
    if (std::fwrite(sealed.data(), 1, sealed.size(), file_.get()) != sealed.size()) throw file_failed("written");
  }
  void rewind() {
    if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) throw file_failed("read");
    cipher_ = new_cipher();
  }
  /// Appends some more bytes; false at the end.
  bool read_more(std::string& out) {
    std::string sealed(kReadBytes, '\0');
    sealed.resize(std::fread(sealed.data(), 1, sealed.size(), file_.get()));
    if (sealed.empty() && std::ferror(file_.get())) throw file_failed("read");
    out += crypt(sealed);
    return !sealed.empty();
  }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  /// One key for one file, so the counter may begin at zero.
  Cipher new_cipher() const {
    Cipher cipher(EVP_CIPHER_CTX_new());
    const std::array<unsigned char, 16> counter{};
    if (!cipher || EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_ctr(), nullptr,
                                      reinterpret_cast<const unsigned char*>(key_.data()), counter.data()) != 1) {
      throw Error(kInternalError, "a large transaction's temporary file cannot be encrypted");
    }
    return cipher;
  }
  /// Both ways: CTR adds the same stream of bytes.
  std::string crypt(std::string_view bytes) {
    std::string out(bytes.size(), '\0');
    int written = 0;
    const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    if (EVP_EncryptUpdate(cipher_.get(), to, &written, from, static_cast<int>(bytes.size())) != 1) {
      throw Error(kInternalError, "a large transaction's temporary file cannot be encrypted");
    }
    return out;
  }

  std::unique_ptr<std::FILE, CloseFile> file_;
  const std::string key_ = net::random_bytes(32);
  Cipher cipher_;
};

struct TransactionSpool::Held {
  std::string memory;  // the last messages: transaction's number, length, bytes; the earlier ones are in the file
  std::unique_ptr<SpoolFile> file;
  std::set<Xid> aborted;

  /// Gives the whole messages at the beginning of `bytes` and takes them away.
  void give(std::string& bytes, const std::function<void(std::string_view)>& each) const {
    size_t at = 0;
    while (bytes.size() - at >= kHeaderBytes) {
      uint32_t header[2];
      std::memcpy(header, bytes.data() + at, kHeaderBytes);
      if (bytes.size() - at - kHeaderBytes < header[1]) break;
      if (!aborted.contains(header[0])) each(std::string_view(bytes).substr(at + kHeaderBytes, header[1]));
      at += kHeaderBytes + header[1];
    }
    bytes.erase(0, at);
  }
};

TransactionSpool::TransactionSpool() = default;
TransactionSpool::~TransactionSpool() = default;

void TransactionSpool::add(Xid transaction, Xid change, std::string_view message) {
  auto& held = held_[transaction];
  if (!held) held = std::make_unique<Held>();
  const uint32_t header[2] = {change, static_cast<uint32_t>(message.size())};
  held->memory.append(reinterpret_cast<const char*>(header), kHeaderBytes);
  held->memory.append(message);
  if (held->memory.size() < kMemoryBytes) return;
  if (!held->file) held->file = std::make_unique<SpoolFile>();
  held->file->write(held->memory);
  held->memory.clear();
}

void TransactionSpool::abort(Xid transaction, Xid subtransaction) {
  if (transaction == subtransaction) {
    held_.erase(transaction);
    return;
  }
  const auto found = held_.find(transaction);
  if (found != held_.end()) found->second->aborted.insert(subtransaction);
}

void TransactionSpool::replay(Xid transaction, const std::function<void(std::string_view)>& each) {
  const auto found = held_.find(transaction);
  if (found == held_.end()) return;
  Held& held = *found->second;
  std::string bytes;
  if (held.file) {
    held.file->rewind();
    while (held.file->read_more(bytes)) held.give(bytes, each);
  }
  bytes += held.memory;
  held.give(bytes, each);
  held_.erase(found);
}

}  // namespace garland::ingest::postgres
