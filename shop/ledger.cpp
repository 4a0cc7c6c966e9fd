#include "shop/ledger.h"

#include <fmt/format.h>

#include "base/error.h"

namespace garland::shop {

Ledger::Ledger(const std::filesystem::path& folder) : written_(!folder.empty()) {
  if (!written_) return;
  std::filesystem::create_directories(folder);
  defects_.open(folder / "defects.csv");
  demand_.open(folder / "demand.csv");
  deliveries_.open(folder / "deliveries.csv");
  defects_ << "kind,place,object,key,note\n";
  demand_ << "day,product_id,wanted,served,substituted,lost\n";
  deliveries_ << "file,dropped_at,kind\n";
  if (!defects_ || !demand_ || !deliveries_) {
    throw Error(kIoError, fmt::format("cannot write the truth ledger in {}", folder.string()))
        .hint("give another --truth DIR");
  }
}

void Ledger::defect(std::string_view kind, std::string_view place, std::string_view object, std::string_view key,
                    std::string_view note) {
  ++counts_.try_emplace(std::string(kind), 0).first->second;
  if (written_) defects_ << fmt::format("{},{},{},{},{}\n", kind, place, csv(object), csv(key), csv(note));
}

void Ledger::demand(Day day, int product_id, int wanted, int served, int substituted, int lost) {
  if (written_)
    demand_ << fmt::format("{},{},{},{},{},{}\n", text_of(day), product_id, wanted, served, substituted, lost);
}

void Ledger::delivery(std::string_view file, Instant dropped_at, std::string_view kind) {
  if (written_) deliveries_ << fmt::format("{},{},{}\n", csv(file), iso_text_of(dropped_at), kind);
}

void Ledger::finish() {
  if (!written_) return;
  for (std::ofstream* file : {&defects_, &demand_, &deliveries_}) {
    file->close();
    if (file->fail()) throw Error(kIoError, "the truth ledger could not be written whole").hint("is the disk full?");
  }
}

std::string csv(std::string_view text) {
  if (text.find_first_of(",\"\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace garland::shop
