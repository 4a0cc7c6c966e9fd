#include "shop/ledger.h"

#include <fmt/format.h>

#include "base/error.h"

namespace garland::shop {

namespace {

/// The folder's whole path, ending in a slash.
std::string whole(const std::filesystem::path& folder) {
  return (std::filesystem::weakly_canonical(std::filesystem::absolute(folder)) / "").lexically_normal().string();
}

}  // namespace

void keep_apart(const std::filesystem::path& truth, const std::filesystem::path& files) {
  if (truth.empty() || files.empty() || !whole(truth).starts_with(whole(files))) return;
  throw Error(kInvalidParameterValue, "--truth lies inside --files, where it would be ingested")
      .hint("give a folder beside it");
}

Ledger::Ledger(const std::filesystem::path& folder, Files files) : written_(!folder.empty()) {
  if (!written_) return;
  std::filesystem::create_directories(folder);
  open(defects_, folder / "defects.csv", files, "kind,place,object,key,note\n");
  open(demand_, folder / "demand.csv", files, "day,product_id,wanted,served,substituted,lost\n");
  open(deliveries_, folder / "deliveries.csv", files, "file,dropped_at,kind\n");
}

void Ledger::open(File& file, const std::filesystem::path& path, Files files, std::string_view header) {
  const bool grows = files == Files::kGrowing && std::filesystem::exists(path);
  file.out.open(path, grows ? std::ios::app : std::ios::out);
  if (!grows) file.out << header;
  if (!file.out) {
    throw Error(kIoError, fmt::format("cannot write the truth ledger in {}", path.parent_path().string()))
        .hint("give another --truth DIR");
  }
}

void Ledger::defect(std::string_view kind, std::string_view place, std::string_view object, std::string_view key,
                    std::string_view note) {
  ++counts_.try_emplace(std::string(kind), 0).first->second;
  defects_.noted += fmt::format("{},{},{},{},{}\n", kind, place, csv(object), csv(key), csv(note));
}

void Ledger::demand(Day day, int product_id, int wanted, int served, int substituted, int lost) {
  demand_.noted += fmt::format("{},{},{},{},{},{}\n", text_of(day), product_id, wanted, served, substituted, lost);
}

void Ledger::delivery(std::string_view file, Instant dropped_at, std::string_view kind) {
  deliveries_.noted += fmt::format("{},{},{}\n", csv(file), iso_text_of(dropped_at), kind);
}

void Ledger::keep() {
  for (File* file : {&defects_, &demand_, &deliveries_}) {
    if (written_ && !file->noted.empty()) file->out << file->noted << std::flush;
  }
  drop();
}

void Ledger::drop() {
  for (File* file : {&defects_, &demand_, &deliveries_}) file->noted.clear();
}

void Ledger::finish() {
  keep();
  for (File* file : {&defects_, &demand_, &deliveries_}) {
    if (!written_) continue;
    file->out.close();
    if (file->out.fail())
      throw Error(kIoError, "the truth ledger could not be written whole").hint("is the disk full?");
  }
}

std::string csv(std::string_view text) {
  if (text.find_first_of(",\"\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace garland::shop
