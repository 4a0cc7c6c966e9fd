// What a source's files must bring besides their columns. A file that does not is refused whole.
//
//   contract = { trailer = "TRAILER|*|{rows}" }
//   contract = { control_file = "{file}.ctl" }
//   contract = { control_file = "manifest.txt", control = "{file};{rows}" }
//   contract = { min_rows = 1, max_rows = 1000000 }
//
// trailer: the file's last line, which is not loaded. control_file: a file beside it that has the number, or one for
// several files that has a line like control for each.
// {rows} is a number of records: those of the file that are no header and no trailer, refused ones too. * is any text.
// {file} is the file's name. A file that stands is not looked at again when its control file changes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ingest/toml_reader.h"
#include "records/byte_source.h"

namespace garland::ingest {

struct FileContract {
  std::string trailer;       // empty: none
  std::string control_file;  // in the file's folder or below it; empty: none
  std::string control;       // a line of it
  std::optional<uint64_t> min_rows, max_rows;

  /// Changes with the contract.
  std::string text() const;
};

/// The key `contract` of a source. Throws F0000.
FileContract read_contract(const TomlReader& reader, const toml::table& source);

/// Where the control file of the file at `path` lies, below the same folder; empty when the contract has none.
std::string control_path(const FileContract& contract, const std::string& path);

/// Passes a file on without its last line that is not blank.
class TrailerSource final : public records::ByteSource {
 public:
  /// `trailer` is written when the source ends: the line, or of one that is longer than trailers are its end.
  TrailerSource(std::unique_ptr<records::ByteSource> source, std::shared_ptr<std::string> trailer);
  size_t read(char* to, size_t size) override;

 private:
  void refill();
  void take_trailer();

  const std::unique_ptr<records::ByteSource> source_;
  const std::shared_ptr<std::string> trailer_;
  std::string buffer_;  // the end of what was read is held back
  size_t at_ = 0;
  bool ended_ = false;
};

/// Throws 22P04 for a file that breaks its contract. `rows`: its records. `trailer`: its last line. `control`: what the
/// control file holds, nothing when it is not there.
void check_contract(const FileContract& contract, const std::string& path, uint64_t rows, const std::string& trailer,
                    const std::optional<std::string>& control);

}  // namespace garland::ingest
