// HyperLogLog sketches: the values of HLLSKETCH. Guide pages r_HLLSKTECH_type, hyperloglog-overview,
// hyperloglog-functions-usage-notes. What the guide prints for INTEGER 1…6, BIGINT 1, 2, 5, 6 and for a text is exactly
// what Apache DataSketches' HLL makes: MurmurHash3 (x64, 128 bits, seed 9001) of the value's bytes; the index is the
// lowest 26 bits of the first half, the value 1 + the leading zeros of the second half.
//
// A sketch is sparse (indices with their values) until it holds 6,144 of them, 4 bytes each, as large as the dense
// form: 2^15 registers of 6 bits, where index i counts in register i mod 2^15. What a sketch holds depends on the set
// of values alone, not on their order nor on how they were merged.
//
// Stored form (HLLSKETCH in batches and tables, ≤ 24,580 bytes): byte 1 (version), byte 15 (logm), byte 0 sparse or 1
// dense, byte 0; then, sparse: entries rising, little-endian, 4 bytes each; dense: registers, four in three bytes, the
// highest bits first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garland::engine {

/// An index (26 bits) above a value (6 bits, 1…63); never 0.
using SketchEntry = uint32_t;

/// The entry of a value given by its bytes.
SketchEntry sketch_entry(std::string_view bytes);

/// A sketch being built or merged. Takes 32 KiB at most besides itself. One thread at a time.
class Sketch {
 public:
  void add(SketchEntry entry);
  void merge(const Sketch& other);
  /// Merges a stored sketch; throws Error (XX001) when the bytes are none.
  void merge(std::string_view stored);
  std::string stored() const;
  /// The estimated number of distinct values; exact for small sets.
  int64_t cardinality() const;
  bool is_dense() const { return !registers_.empty(); }

 private:
  void insert(SketchEntry entry);
  void grow();
  void make_dense();
  void raise(uint32_t number, uint8_t value);
  std::vector<SketchEntry> sorted() const;

  std::vector<SketchEntry> slots_;  // a hash table by index; 0: free
  size_t used_ = 0;
  std::vector<uint8_t> registers_;  // dense: one byte each
};

/// Cardinality of a stored sketch; throws Error (XX001) when the bytes are none.
int64_t sketch_cardinality(std::string_view stored);

/// The text that clients and UNLOAD get: JSON of a sparse sketch, one Base64 digit for each register of a dense one.
void append_sketch(std::string& out, std::string_view stored);

/// Reads what append_sketch writes, with or without "version"; gives the stored form, or nothing when the text is no
/// sketch of logm 15.
std::optional<std::string> read_sketch(std::string_view text);

}  // namespace garland::engine
