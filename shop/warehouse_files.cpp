#include "shop/warehouse_files.h"

#include <fmt/format.h>

#include "base/error.h"

namespace garland::shop {
namespace {

constexpr double kLateFile = 0.02, kLateLines = 0.02, kCorrected = 0.015, kSentTwice = 0.015, kMiscounted = 0.015;
constexpr Days kLongestDelay{4};

}  // namespace

WarehouseFiles::WarehouseFiles(const Parameters& parameters, const Catalog& catalog, Defects& defects, Ledger& ledger,
                               const std::filesystem::path& folder)
    : parameters_(parameters),
      catalog_(catalog),
      defects_(defects),
      ledger_(ledger),
      folder_(folder),
      random_(parameters.seed, "warehouse files") {
  std::filesystem::create_directories(folder / "movements");
  std::filesystem::create_directories(folder / "counts");
}

void WarehouseFiles::drop(std::string name, std::string text, Instant at, std::string_view kind) {
  waiting_.push_back({std::move(name), std::move(text), at, kind});
}

void WarehouseFiles::drop_due(Instant now) {
  std::erase_if(waiting_, [&](const File& file) {
    if (file.at > now) return false;
    std::ofstream out(folder_ / file.name, std::ios::binary);
    out << file.text;
    out.close();
    if (out.fail())
      throw Error(kIoError, fmt::format("cannot write {}", (folder_ / file.name).string())).hint("is the disk full?");
    ledger_.delivery(file.name, file.at, file.kind);
    return true;
  });
}

std::string WarehouseFiles::movement_text(const std::string& file, const std::vector<Line>& lines, bool wrong) {
  std::string text = "movement_id,moved_at,location,sku,type,quantity,reference\n";
  size_t number = 1;
  for (const Line& line : lines) {
    const Movement& movement = *line.movement;
    const bool mistaken = wrong && (line.id % 7 == 0 || &line == &lines.front());
    const int quantity = mistaken ? movement.quantity * 10 : movement.quantity;
    const std::string sku = catalog_.products[movement.product].sku;
    ++number;
    const std::string row =
        fmt::format("{},{},{},{},{},{},{}\n", line.id, iso_text_of(movement.at), kLocations[movement.location].code,
                    wrong ? sku : defects_.file_sku("movements", file, number, sku), movement.type,
                    wrong ? std::to_string(quantity) : defects_.file_quantity("movements", file, number, quantity),
                    movement.reference ? std::to_string(movement.reference) : "");
    text += row;
    if (wrong || !defects_.is_line_twice(file, number + 1)) continue;
    text += row;
    ++number;
  }
  return text;
}

void WarehouseFiles::drop_movements(Day day, size_t location, const std::vector<Line>& lines) {
  const std::string stem = fmt::format("movements/{}-{}", kLocations[location].code, text_of(day));
  const Instant next_morning = moment(day + Days(1), 4 * 3600);
  const double fate = random_.uniform();
  const Instant later = moment(day + Days(random_.between(2, kLongestDelay.count())), 9 * 3600);
  if (day + kLongestDelay > parameters_.end || lines.size() < 2) {  // what comes late must have come by the end
    drop(stem + ".csv", movement_text(stem + ".csv", lines, false), next_morning, "on_time");
  } else if (fate < kLateFile) {
    drop(stem + ".csv", movement_text(stem + ".csv", lines, false), later, "late");
  } else if (fate < kLateFile + kLateLines) {
    const auto middle = lines.begin() + static_cast<ptrdiff_t>(lines.size() * 4 / 5);
    drop(stem + ".csv", movement_text(stem + ".csv", {lines.begin(), middle}, false), next_morning, "on_time");
    drop(stem + "-late.csv", movement_text(stem + "-late.csv", {middle, lines.end()}, false), later, "late");
  } else if (fate < kLateFile + kLateLines + kCorrected) {
    drop(stem + ".csv", movement_text(stem + ".csv", lines, true), next_morning, "on_time");
    drop(stem + "-v2.csv", movement_text(stem + "-v2.csv", lines, false), later, "corrected");
  } else {
    const std::string text = movement_text(stem + ".csv", lines, false);
    drop(stem + ".csv", text, next_morning, "on_time");
    if (fate > 1 - kSentTwice) drop(stem + "-again.csv", text, later, "duplicate");
  }
}

void WarehouseFiles::drop_count(Day day, size_t location, const Stock& stock) {
  const std::string name = fmt::format("counts/{}-{}.csv", kLocations[location].code, text_of(day));
  std::string text = "counted_on,location,sku,quantity,unit\n";
  size_t number = 1;
  for (size_t p = 0; p < catalog_.products.size(); ++p) {
    const Product& product = catalog_.products[p];
    const int on_hand = stock.level(location, p).on_hand;
    if (product.kind != ProductKind::kGoods || product.launched > day || (product.last_day && on_hand == 0)) continue;
    ++number;
    const int counted =
        random_.chance(kMiscounted) ? std::max<int>(0, on_hand + static_cast<int>(random_.between(-2, 2))) : on_hand;
    const bool cases = counted % product.case_size == 0 && defects_.is_in_cases(name, number, product.case_size);
    text += fmt::format("{},{},{},{},{}\n", text_of(day), kLocations[location].code,
                        defects_.file_sku("counts", name, number, product.sku),
                        defects_.file_quantity("counts", name, number, cases ? counted / product.case_size : counted),
                        cases ? "case" : "piece");
  }
  drop(name, text, moment(day + Days(1), 5 * 3600), "on_time");
}

void WarehouseFiles::evening(Day day, const std::vector<Movement>& movements, const Stock& stock) {
  for (size_t location = 0; location < kLocationCount; ++location) {
    std::vector<Line> lines;
    for (const Movement& movement : movements) {
      if (movement.location == location) lines.push_back({++movements_, &movement});
    }
    drop_movements(day, location, lines);
    if (weekday(day) == 1) drop_count(day, location, stock);
  }
}

}  // namespace garland::shop
