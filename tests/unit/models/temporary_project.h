// A project in a temporary folder, for tests.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "models/project.h"

namespace garland::models {

class TemporaryProject {
 public:
  TemporaryProject() {
    std::string pattern = (std::filesystem::temp_directory_path() / "garland-models-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~TemporaryProject() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryProject(const TemporaryProject&) = delete;
  TemporaryProject& operator=(const TemporaryProject&) = delete;

  const std::filesystem::path& folder() const { return folder_; }

  TemporaryProject& write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file, std::ios::binary) << text;
    return *this;
  }
  TemporaryProject& remove(const std::string& file) {
    std::filesystem::remove(folder_ / file);
    return *this;
  }

 private:
  std::filesystem::path folder_;
};

/// `raw.orders (id integer, status varchar(16), amount decimal(12,2), ordered_on date, _batch_id bigint)`.
inline std::vector<semantics::Relation> raw_relations() {
  semantics::Relation orders;
  orders.schema = "raw";
  orders.name = "orders";
  auto add = [&](const char* name, engine::Type type) {
    semantics::ColumnDef& column = orders.columns.emplace_back();
    column.attnum = static_cast<int16_t>(orders.columns.size());
    column.name = name;
    column.type = type;
  };
  add("id", engine::Type::of(engine::TypeId::kInteger));
  add("status", engine::Type::varchar(16));
  add("amount", engine::Type::decimal(12, 2));
  add("ordered_on", engine::Type::of(engine::TypeId::kDate));
  add("_batch_id", engine::Type::of(engine::TypeId::kBigint));
  return {orders};
}

/// `file:line:column: message | hint` of every error that reading or checking the project throws.
template <class Action>
std::vector<std::string> errors_of(Action action) {
  std::vector<std::string> texts;
  try {
    action();
  } catch (const ProjectErrors& found) {
    for (const Error& error : found.errors) {
      std::string text;
      if (error.place())
        text = error.place()->file + ":" + std::to_string(error.place()->line) + ":" +
               std::to_string(error.place()->column) + ": ";
      texts.push_back(text + error.message() + (error.hint().empty() ? "" : " | " + error.hint()));
    }
  }
  return texts;
}

}  // namespace garland::models
