// What a table's changed columns do, by policy.
#include "ingest/postgres/drift.h"

#include <gtest/gtest.h>

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

constexpr Oid kInt4 = 23, kInt8 = 20, kText = 25, kVarchar = 1043;

SourceTable orders(Drift drift) {
  SourceTable table;
  table.configured.schema = "public";
  table.configured.name = table.configured.target = "orders";
  table.configured.drift = drift;
  table.columns = {{"Id", "id", kInt4, -1, true, {Form::kInt4, Type::of(TypeId::kInteger)}, {}},
                   {"note", "note", kVarchar, 14, false, {Form::kText, Type::varchar(40)}, {}}};
  return table;
}

Relation sent(std::vector<RelationColumn> columns) {
  Relation relation;
  relation.name = "orders";
  relation.columns = std::move(columns);
  return relation;
}

const std::vector<RelationColumn> kBoth = {{true, "Id", kInt4, -1}, {false, "note", kVarchar, 14}};

DriftPlan plan(Drift drift, std::vector<RelationColumn> columns, const Relation* previous = nullptr) {
  const std::vector<TableColumn> raw = {{"id", Type::of(TypeId::kInteger), false}, {"note", Type::varchar(40), false}};
  return plan_drift(orders(drift), raw, sent(std::move(columns)), previous, SourceTypes());
}

std::vector<RelationColumn> with(RelationColumn column) {
  std::vector<RelationColumn> columns = kBoth;
  columns.push_back(std::move(column));
  return columns;
}

TEST(Drift, TheSameColumnsChangeNothing) {
  for (const Drift drift : {Drift::kEvolve, Drift::kFreeze, Drift::kQuarantine}) {
    const DriftPlan found = plan(drift, kBoth);
    EXPECT_TRUE(found.added.empty() && found.widened.empty() && found.quarantine.empty() && found.notices.empty());
    ASSERT_EQ(found.columns.size(), 2u);
    EXPECT_EQ(found.columns[0].index, 0);
    EXPECT_TRUE(found.columns[0].key);
    EXPECT_EQ(found.columns[1].index, 1);
  }
}

TEST(Drift, AnAddedColumn) {
  const DriftPlan evolved = plan(Drift::kEvolve, with({false, "Paid", kInt8, -1}));
  ASSERT_EQ(evolved.added.size(), 1u);
  EXPECT_EQ(evolved.added[0].column.name, "paid");
  EXPECT_EQ(evolved.added[0].source_name, "Paid");
  EXPECT_EQ(evolved.columns.back().index, 2);
  const DriftPlan frozen = plan(Drift::kFreeze, with({false, "Paid", kInt8, -1}));
  EXPECT_TRUE(frozen.added.empty());
  EXPECT_EQ(frozen.columns.size(), 2u);
  EXPECT_EQ(frozen.notices.size(), 1u);
  const DriftPlan quarantined = plan(Drift::kQuarantine, with({false, "Paid", kInt8, -1}));
  EXPECT_TRUE(quarantined.added.empty());
  EXPECT_NE(quarantined.quarantine, "");
}

TEST(Drift, AWiderColumn) {
  const std::vector<RelationColumn> wider = {{true, "Id", kInt8, -1}, {false, "note", kText, -1}};
  const DriftPlan evolved = plan(Drift::kEvolve, wider);
  ASSERT_EQ(evolved.widened.size(), 2u);
  EXPECT_EQ(evolved.widened[0].second, Type::of(TypeId::kBigint));
  EXPECT_EQ(evolved.columns[0].landing.type, Type::of(TypeId::kBigint));
  const DriftPlan frozen = plan(Drift::kFreeze, wider);
  EXPECT_TRUE(frozen.widened.empty() && frozen.quarantine.empty());
  EXPECT_EQ(frozen.columns[0].landing.type, Type::of(TypeId::kInteger));
  EXPECT_EQ(frozen.columns[0].landing.form, Form::kInt8);
}

TEST(Drift, ANarrowerColumnFitsAsItIs) {
  const DriftPlan found = plan(Drift::kQuarantine, {{true, "Id", kInt4, -1}, {false, "note", kVarchar, 9}});
  EXPECT_TRUE(found.quarantine.empty() && found.widened.empty());
}

TEST(Drift, AnotherTypeIsQuarantinedWhateverThePolicy) {
  for (const Drift drift : {Drift::kEvolve, Drift::kFreeze, Drift::kQuarantine}) {
    EXPECT_NE(plan(drift, {{true, "Id", kInt4, -1}, {false, "note", kInt4, -1}}).quarantine, "");
  }
}

TEST(Drift, AColumnThatIsGoneStaysEmptyAndARenameIsReported) {
  const Relation before = sent(kBoth);
  const DriftPlan gone = plan(Drift::kEvolve, {{true, "Id", kInt4, -1}}, &before);
  EXPECT_EQ(gone.columns[1].index, -1);
  EXPECT_EQ(gone.notices.size(), 1u);
  const DriftPlan renamed = plan(Drift::kEvolve, {{true, "Id", kInt4, -1}, {false, "remark", kVarchar, 14}}, &before);
  ASSERT_EQ(renamed.notices.size(), 2u);
  EXPECT_NE(renamed.notices[1].find("may have been renamed to \"remark\""), std::string::npos);
}

TEST(Drift, AChangedKeyStops) {
  EXPECT_THROW(plan(Drift::kEvolve, {{false, "Id", kInt4, -1}, {true, "note", kVarchar, 14}}), Error);
  EXPECT_THROW(plan(Drift::kEvolve, {{false, "Id", kInt4, -1}, {false, "note", kVarchar, 14}}), Error);
}

TEST(Drift, NamesOfOurOwnAreLeftOut) {
  const DriftPlan found = plan(Drift::kEvolve, with({false, "_stale", kInt4, -1}));
  EXPECT_TRUE(found.added.empty());
  EXPECT_EQ(found.notices.size(), 1u);
}

// ---- sensitive columns: "mail" has class email in garland.toml

DriftPlan plan_with_mail(std::vector<TableColumn> raw, std::vector<RelationColumn> columns) {
  SourceTable table = orders(Drift::kEvolve);
  table.configured.classes = {{"Mail", {PiiClass::kEmail, "", ""}}};
  return plan_drift(table, raw, sent(std::move(columns)), nullptr, SourceTypes());
}

const std::vector<TableColumn> kClear = {{"id", Type::of(TypeId::kInteger), false}, {"note", Type::varchar(40), false}};

std::vector<TableColumn> with_token() {
  std::vector<TableColumn> raw = kClear;
  for (const StoredColumn& stored : stored_columns({"mail", Type::varchar(80), ColumnClass{PiiClass::kEmail, "", ""}}))
    raw.push_back({stored.name, stored.type, false});
  return raw;
}

TEST(Drift, ASensitiveColumnComesAsItsTokenAndFacts) {
  const DriftPlan found = plan_with_mail(kClear, with({false, "Mail", kVarchar, 24}));
  std::vector<std::string> added;
  for (const DriftPlan::Added& each : found.added) added.push_back(each.column.name);
  EXPECT_EQ(added, (std::vector<std::string>{"mail", "mail_valid", "mail_domain", "mail_is_test"}));
  EXPECT_EQ(found.added[0].column.type, Type::varchar(kTokenBytes));
  ASSERT_EQ(found.columns.size(), 3u);
  EXPECT_EQ(found.columns[2].landing.type, Type::varchar(80));
  EXPECT_TRUE(plan_with_mail(kClear, with({false, "Mail", kInt4, -1})).added.empty());
}

TEST(Drift, ATokenIsAsWideAsBeforeWhateverItsOriginalBecomes) {
  for (const int32_t typmod : {24, 204, -1}) {
    const DriftPlan found = plan_with_mail(with_token(), with({false, "Mail", kVarchar, typmod}));
    EXPECT_TRUE(found.added.empty() && found.widened.empty() && found.quarantine.empty() && found.notices.empty());
    ASSERT_EQ(found.columns.size(), 3u);
    EXPECT_EQ(found.columns[2].index, 2);
  }
  EXPECT_NE(plan_with_mail(with_token(), with({false, "Mail", kInt4, -1})).quarantine, "");
}

TEST(Drift, TokensAndOriginalsNeverShareAColumn) {
  std::vector<TableColumn> clear = kClear;
  clear.push_back({"mail", Type::varchar(80), false});
  EXPECT_THROW(plan_with_mail(clear, with({false, "Mail", kVarchar, 24})), Error);
  const auto without_class = [](std::vector<RelationColumn> columns) {
    return plan_drift(orders(Drift::kEvolve), with_token(), sent(std::move(columns)), nullptr, SourceTypes());
  };
  EXPECT_THROW(without_class(with({false, "Mail", kVarchar, 24})), Error);
  EXPECT_NO_THROW(without_class(kBoth));
}

TEST(Drift, ASensitiveColumnThatMayHaveBeenRenamedStops) {
  EXPECT_THROW(plan_with_mail(with_token(), with({false, "contact", kText, -1})), Error);
  EXPECT_EQ(plan_with_mail(with_token(), with({false, "age", kInt4, -1})).added.size(), 1u);
}

TEST(Drift, FactsKeepTheirNames) {
  std::vector<RelationColumn> columns = with({false, "Mail", kVarchar, 24});
  columns.push_back({false, "mail_valid", kText, -1});
  const DriftPlan found = plan_with_mail(with_token(), columns);
  EXPECT_TRUE(found.added.empty());
  ASSERT_EQ(found.notices.size(), 1u);
  EXPECT_NE(found.notices[0].find("left out"), std::string::npos);
}

}  // namespace
}  // namespace garland::ingest::postgres
