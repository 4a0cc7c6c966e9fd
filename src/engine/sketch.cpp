#include "engine/sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace garland::engine {
namespace {

constexpr int kLogRegisters = 15, kIndexBits = 26, kValueBits = 6;
constexpr uint32_t kRegisters = 1u << kLogRegisters, kIndices = 1u << kIndexBits, kMostValue = (1u << kValueBits) - 1;
constexpr size_t kHeaderBytes = 4;
constexpr size_t kDenseBytes = kRegisters * kValueBits / 8;
/// As many entries take the dense form's bytes.
constexpr size_t kDenseFrom = kDenseBytes / sizeof(SketchEntry);
constexpr uint64_t kSeed = 9001;
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint32_t kVersion = 1;

uint32_t index_of(SketchEntry entry) { return entry >> kValueBits; }
uint8_t value_of(SketchEntry entry) { return entry & kMostValue; }

// ---- MurmurHash3, x64, 128 bits

uint64_t word_at(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

uint64_t finished(uint64_t word) {
  word = (word ^ (word >> 33)) * 0xff51afd7ed558ccdull;
  word = (word ^ (word >> 33)) * 0xc4ceb9fe1a85ec53ull;
  return word ^ (word >> 33);
}

struct Hash {
  uint64_t first, second;
};

Hash murmur(std::string_view bytes) {
  constexpr uint64_t kFirst = 0x87c37b91114253d5ull, kSecond = 0x4cf5ad432745937full;
  const auto first_key = [](uint64_t key) { return std::rotl(key * kFirst, 31) * kSecond; };
  const auto second_key = [](uint64_t key) { return std::rotl(key * kSecond, 33) * kFirst; };
  uint64_t first = kSeed, second = kSeed;
  size_t at = 0;
  for (; at + 16 <= bytes.size(); at += 16) {
    first = (std::rotl(first ^ first_key(word_at(bytes.data() + at)), 27) + second) * 5 + 0x52dce729;
    second = (std::rotl(second ^ second_key(word_at(bytes.data() + at + 8)), 31) + first) * 5 + 0x38495ab5;
  }
  std::array<char, 16> tail{};
  std::copy(bytes.begin() + static_cast<ptrdiff_t>(at), bytes.end(), tail.begin());
  second ^= second_key(word_at(tail.data() + 8)) ^ bytes.size();
  first ^= first_key(word_at(tail.data())) ^ bytes.size();
  first += second;
  second += first;
  first = finished(first);
  second = finished(second);
  first += second;
  return {first, second + first};
}

// ---- the stored form

[[noreturn]] void throw_damaged() { throw Error(kDataCorrupted, "a value of type hllsketch is damaged"); }

bool is_dense(std::string_view stored) { return stored[2] == 1; }

/// What follows the header; throws when the bytes are no sketch.
std::string_view body_of(std::string_view stored) {
  const bool headed =
      stored.size() >= kHeaderBytes && static_cast<unsigned char>(stored[0]) == kVersion && stored[1] == kLogRegisters;
  if (!headed) throw_damaged();
  const size_t bytes = stored.size() - kHeaderBytes;
  const bool fits = is_dense(stored) ? bytes == kDenseBytes : bytes < kDenseBytes && bytes % sizeof(SketchEntry) == 0;
  if (!fits) throw_damaged();
  return stored.substr(kHeaderBytes);
}

std::string header(bool dense) { return {char{kVersion}, char{kLogRegisters}, dense ? char{1} : char{0}, char{0}}; }

template <class F>
void for_each_entry(std::string_view body, F f) {
  for (size_t at = 0; at < body.size(); at += sizeof(SketchEntry)) {
    SketchEntry entry;
    std::memcpy(&entry, body.data() + at, sizeof entry);
    if (value_of(entry) == 0) throw_damaged();
    f(entry);
  }
}

/// f(register, value), also of values 0.
template <class F>
void for_each_register(std::string_view body, F f) {
  const auto byte = [&](size_t at) { return static_cast<uint32_t>(static_cast<unsigned char>(body[at])); };
  uint32_t number = 0;
  for (size_t at = 0; at + 3 <= body.size(); at += 3) {
    const uint32_t four = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    for (int shift = 18; shift >= 0; shift -= kValueBits) {
      f(number++, static_cast<uint8_t>(four >> shift & kMostValue));
    }
  }
}

std::string dense_form(const std::vector<uint8_t>& registers) {
  std::string stored = header(true);
  stored.reserve(kHeaderBytes + kDenseBytes);
  for (size_t i = 0; i < registers.size(); i += 4) {
    uint32_t four = 0;
    for (size_t j = 0; j < 4; ++j) four = four << kValueBits | registers[i + j];
    stored.append({static_cast<char>(four >> 16), static_cast<char>(four >> 8), static_cast<char>(four)});
  }
  return stored;
}

// ---- cardinality

/// Linear counting over the 2^26 indices.
int64_t sparse_cardinality(size_t entries) {
  constexpr double kAll = kIndices;
  return std::llround(kAll * std::log(kAll / (kAll - static_cast<double>(entries))));
}

double sigma(double share) {
  double power = 1, sum = share, before = -1;
  while (sum != before) {
    before = sum;
    share *= share;
    sum += share * power;
    power += power;
  }
  return sum;
}

double tau(double share) {
  if (share == 0 || share == 1) return 0;
  double power = 1, sum = 1 - share, before = -1;
  while (sum != before) {
    before = sum;
    share = std::sqrt(share);
    power *= 0.5;
    sum -= (1 - share) * (1 - share) * power;
  }
  return sum / 3;
}

using Histogram = std::array<uint32_t, kMostValue + 1>;

/// The improved raw estimator of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017),
/// algorithm 6: no bias to correct at any cardinality.
int64_t dense_cardinality(const Histogram& counts) {
  constexpr double kAll = kRegisters;
  if (counts[0] == kRegisters) return 0;
  double sum = kAll * tau(1 - counts[kMostValue] / kAll);
  for (size_t value = kMostValue - 1; value >= 1; --value) sum = 0.5 * (sum + counts[value]);
  sum += kAll * sigma(counts[0] / kAll);
  return std::llround(std::min(kAll * kAll / (2 * std::log(2.0) * sum), 9e18));
}

// ---- text

/// Reads the JSON of a sparse sketch.
class SketchScanner {
 public:
  explicit SketchScanner(std::string_view text) : rest_(text) {}

  std::optional<std::string> sketch() {
    const bool read = object([this](std::string_view key) {
      if (key == "version") return number() == kVersion;
      if (key == "sparse") return sparse();
      logm_ = key == "logm" && number() == uint32_t{kLogRegisters};
      return logm_;
    });
    skip_blanks();
    if (!read || !rest_.empty() || !logm_ || !sparse_ || indices_.size() != values_.size()) return std::nullopt;
    Sketch sketch;
    for (size_t i = 0; i < indices_.size(); ++i) {
      if (indices_[i] >= kIndices || values_[i] == 0 || values_[i] > kMostValue) return std::nullopt;
      sketch.add(indices_[i] << kValueBits | values_[i]);
    }
    return sketch.stored();
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<uint32_t> number() {
    skip_blanks();
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return value;
  }
  /// `member` reads the value of a key; false ends the reading.
  template <class F>
  bool object(F member) {
    if (!take('{')) return false;
    do {
      if (!take('"')) return false;
      const size_t end = std::min(rest_.find('"'), rest_.size());
      const std::string_view key = rest_.substr(0, end);
      rest_.remove_prefix(end);
      if (!take('"') || !take(':') || !member(key)) return false;
    } while (take(','));
    return take('}');
  }
  bool numbers(std::vector<uint32_t>& out) {
    out.clear();
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      const std::optional<uint32_t> value = number();
      if (!value) return false;
      out.push_back(*value);
    } while (take(','));
    return take(']');
  }
  bool sparse() {
    bool indices = false, values = false;
    sparse_ = object([&](std::string_view key) {
      (key == "indices" ? indices : values) = true;
      return key == "indices" ? numbers(indices_) : key == "values" && numbers(values_);
    });
    return sparse_ && indices && values;
  }

  std::string_view rest_;
  bool logm_ = false, sparse_ = false;
  std::vector<uint32_t> indices_, values_;
};

std::optional<std::string> read_dense(std::string_view text) {
  static const auto kValues = [] {
    std::array<int8_t, 256> values;
    values.fill(-1);
    for (size_t i = 0; i < kDigits.size(); ++i) values[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
    return values;
  }();
  if (text.size() != kRegisters) return std::nullopt;
  std::vector<uint8_t> registers;
  registers.reserve(kRegisters);
  for (const char digit : text) {
    const int8_t value = kValues[static_cast<unsigned char>(digit)];
    if (value < 0) return std::nullopt;
    registers.push_back(static_cast<uint8_t>(value));
  }
  return dense_form(registers);
}

void append_list(std::string& out, std::string_view body, uint32_t (*part)(SketchEntry)) {
  bool first = true;
  for_each_entry(body, [&](SketchEntry entry) {
    if (!first) out += ',';
    first = false;
    std::array<char, 12> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), part(entry)).ptr);
  });
}

}  // namespace

SketchEntry sketch_entry(std::string_view bytes) {
  const Hash hash = murmur(bytes);
  const auto zeros = std::min(static_cast<uint32_t>(std::countl_zero(hash.second)), kMostValue - 1);
  return static_cast<uint32_t>(hash.first & (kIndices - 1)) << kValueBits | (zeros + 1);
}

void Sketch::add(SketchEntry entry) {
  if (is_dense()) return raise(index_of(entry), value_of(entry));
  insert(entry);
  if (used_ >= kDenseFrom) make_dense();
}

void Sketch::insert(SketchEntry entry) {
  if (used_ * 4 >= slots_.size() * 3) grow();
  const size_t mask = slots_.size() - 1;
  size_t slot = (index_of(entry) * 0x9E3779B1u >> 16) & mask;
  while (slots_[slot] != 0 && index_of(slots_[slot]) != index_of(entry)) slot = (slot + 1) & mask;
  if (slots_[slot] == 0) ++used_;
  slots_[slot] = std::max(slots_[slot], entry);
}

void Sketch::grow() {
  std::vector<SketchEntry> before(std::max<size_t>(slots_.size() * 2, 4));
  before.swap(slots_);
  used_ = 0;
  for (const SketchEntry entry : before) {
    if (entry != 0) insert(entry);
  }
}

void Sketch::make_dense() {
  registers_.resize(kRegisters);
  for (const SketchEntry entry : slots_) raise(index_of(entry), value_of(entry));
  slots_ = {};
  used_ = 0;
}

void Sketch::raise(uint32_t number, uint8_t value) {
  uint8_t& held = registers_[number & (kRegisters - 1)];
  held = std::max(held, value);
}

void Sketch::merge(const Sketch& other) {
  if (!other.is_dense()) {
    for (const SketchEntry entry : other.slots_) {
      if (entry != 0) add(entry);
    }
    return;
  }
  if (!is_dense()) make_dense();
  for (uint32_t i = 0; i < kRegisters; ++i) raise(i, other.registers_[i]);
}

void Sketch::merge(std::string_view stored) {
  const std::string_view body = body_of(stored);
  if (!engine::is_dense(stored)) return for_each_entry(body, [this](SketchEntry entry) { add(entry); });
  if (!is_dense()) make_dense();
  for_each_register(body, [this](uint32_t number, uint8_t value) { raise(number, value); });
}

std::vector<SketchEntry> Sketch::sorted() const {
  std::vector<SketchEntry> entries;
  entries.reserve(used_);
  std::ranges::copy_if(slots_, std::back_inserter(entries), [](SketchEntry entry) { return entry != 0; });
  std::ranges::sort(entries);
  return entries;
}

std::string Sketch::stored() const {
  if (is_dense()) return dense_form(registers_);
  const std::vector<SketchEntry> entries = sorted();
  std::string bytes = header(false);
  if (!entries.empty())
    bytes.append(reinterpret_cast<const char*>(entries.data()), entries.size() * sizeof(SketchEntry));
  return bytes;
}

int64_t Sketch::cardinality() const {
  if (!is_dense()) return sparse_cardinality(used_);
  Histogram counts{};
  for (const uint8_t value : registers_) ++counts[value];
  return dense_cardinality(counts);
}

int64_t sketch_cardinality(std::string_view stored) {
  const std::string_view body = body_of(stored);
  if (!is_dense(stored)) return sparse_cardinality(body.size() / sizeof(SketchEntry));
  Histogram counts{};
  for_each_register(body, [&](uint32_t, uint8_t value) { ++counts[value]; });
  return dense_cardinality(counts);
}

void append_sketch(std::string& out, std::string_view stored) {
  const std::string_view body = body_of(stored);
  if (is_dense(stored)) {
    for_each_register(body, [&](uint32_t, uint8_t value) { out += kDigits[value]; });
    return;
  }
  out += R"({"version":1,"logm":15,"sparse":{"indices":[)";
  append_list(out, body, [](SketchEntry entry) { return index_of(entry); });
  out += R"(],"values":[)";
  append_list(out, body, [](SketchEntry entry) -> uint32_t { return value_of(entry); });
  out += "]}}";
}

std::optional<std::string> read_sketch(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text = text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
  return text.starts_with('{') ? SketchScanner(text).sketch() : read_dense(text);
}

}  // namespace garland::engine
