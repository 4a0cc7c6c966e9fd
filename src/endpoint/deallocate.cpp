#include "endpoint/deallocate.h"

#include <algorithm>

#include "base/ascii.h"
#include "sql/parser.h"

namespace garland::endpoint {

namespace {

/// What has a tag and no rows.
class DoneCursor : public engine::Cursor {
 public:
  explicit DoneCursor(std::string tag) : tag_(std::move(tag)) {}
  const std::vector<engine::ResultColumn>& columns() const override { return columns_; }
  const engine::Batch* fetch() override { return nullptr; }
  std::string command_tag() const override { return tag_; }
  uint64_t row_count() const override { return 0; }

 private:
  std::string tag_;
  std::vector<engine::ResultColumn> columns_;
};

class DeallocateStatement : public engine::Statement {
 public:
  explicit DeallocateStatement(std::function<void()> deallocate) : deallocate_(std::move(deallocate)) {}
  const std::vector<engine::Type>& parameters() const override { return parameters_; }
  const std::vector<engine::ResultColumn>& columns() const override { return columns_; }
  std::unique_ptr<engine::Cursor> execute(std::span<const engine::ParameterValue>) override {
    deallocate_();
    return std::make_unique<DoneCursor>("DEALLOCATE");
  }

 private:
  std::function<void()> deallocate_;
  std::vector<engine::Type> parameters_;
  std::vector<engine::ResultColumn> columns_;
};

}  // namespace

std::optional<std::string> deallocated_name(std::string_view text) {
  constexpr std::string_view kVerb = "deallocate";
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (ascii_lower(text.substr(begin, kVerb.size())) != kVerb) return std::nullopt;
  const sql::Statement statement = sql::parse_statement(text, sql::QuotedNames::kKeep);
  const auto* deallocate = std::get_if<sql::Deallocate>(&statement.node);
  if (!deallocate || !deallocate->name) return std::nullopt;
  return deallocate->name->text;
}

std::unique_ptr<engine::Statement> deallocate_statement(std::function<void()> deallocate) {
  return std::make_unique<DeallocateStatement>(std::move(deallocate));
}

}  // namespace garland::endpoint
