// Random statements: resolution ends in a tree that keeps its promises or in an Error a user understands, never
// otherwise.
#include <gtest/gtest.h>

#include <random>

#include "semantics/small_catalog.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

enum Kind { kNumber, kText, kTruth, kMoment };

/// Grows expressions of a kind from a seed, now and then of a wrong one.
class Grower {
 public:
  explicit Grower(uint32_t seed) : random_(seed) {}

  std::string statement() {
    std::string text = "select " + pick({"", "", "", "distinct ", "top 3 "}) + any(2) + " as x, " + any(2);
    if (chance(3)) text += ", " + any(1) + " as y, x";
    text += " from " + from();
    if (chance(2)) text += " where " + grow(kTruth, 3);
    if (chance(4)) text += " group by " + pick({"1, 2, 3, 4", "x", "all", "name, code", "rollup(name, sold)", "1, 2"});
    if (chance(12)) text += " having " + grow(kTruth, 2);
    if (chance(12)) text += " qualify " + grow(kTruth, 2);
    if (chance(8))
      text += pick({" union all", " union", " except"}) + " select " + any(1) + ", " + any(1) + " from " + from();
    if (chance(4)) text += " order by " + pick({"1", "x desc", "name", "2 nulls first", "sum(qty)"});
    return (chance(10) ? "with w as (select " + any(2) + " as v from sales) " : "") + text;
  }

 private:
  bool chance(uint32_t one_in) { return random_() % one_in == 0; }
  std::string pick(std::initializer_list<std::string_view> choices) {
    return std::string(choices.begin()[random_() % choices.size()]);
  }
  std::string any(int depth) { return grow(static_cast<Kind>(random_() % 4), depth); }
  std::string from() {
    return pick({"sales", "sales", "sales join customer c on sales.customer_id = c.customer_id",
                 "sales full join customer using (customer_id, name)", "(select * from sales) sales",
                 "marts.recent, sales", "odd, sales", "sales, marts.loose",
                 "sales left join marts.daily d on d.sold = sales.sold"});
  }
  std::string leaf(Kind kind) {
    switch (kind) {
      case kNumber:
        return pick({"1", "2.50", "1e3", "'5'", "null", "$1", "sales.id", "qty", "price", "total", "rate",
                     "9223372036854775808", "-3"});
      case kText:
        return pick({"'a'", "'b '", "null", "$2", "sales.name", "code", "''", "current_user", "'2011-01-02'"});
      case kTruth:
        return pick({"true", "paid", "null", "'t'", "paid is null", "sales.id > 2", "false"});
      case kMoment:
        return pick({"'2011-01-02'", "null", "date '2011-01-02'", "sales.sold", "at", "getdate()", "current_date",
                     "timestamp '2011-01-02 03:04'"});
    }
    return "doc";
  }
  std::string shared(Kind kind, int depth) {  // of any kind
    const auto sub = [&] { return grow(kind, depth - 1); };
    switch (random_() % 8) {
      case 0:
        return "case when " + grow(kTruth, depth - 1) + " then " + sub() + " else " + sub() + " end";
      case 1:
        return "case " + any(depth - 1) + " when " + any(depth - 1) + " then " + sub() + " end";
      case 2:
        return pick({"coalesce(", "nvl(", "nullif(", "greatest("}) + sub() + ", " + sub() + ")";
      case 3:
        return "(select " + sub() + " from customer c2 limit 1)";
      case 4:
        return "decode(" + any(depth - 1) + ", " + any(depth - 1) + ", " + sub() + ", " + sub() + ")";
      case 5:
        return "nvl2(" + any(depth - 1) + ", " + sub() + ", " + sub() + ")";
      case 6:
        return pick({"min(", "max(", "any_value("}) + sub() + ")" + (chance(2) ? " over (partition by sales.id)" : "");
      default:
        return pick({"lag(", "first_value("}) + sub() + ") over (order by sales.id" +
               (chance(2) ? ")" : " rows unbounded preceding)");
    }
  }
  std::string number(int depth) {
    const auto sub = [&] { return grow(kNumber, depth - 1); };
    switch (random_() % 8) {
      case 0:
      case 1:
        return "(" + sub() + pick({" + ", " - ", " * ", " / ", " % "}) + sub() + ")";
      case 2:
        return pick({"abs(", "round(", "sum(", "avg(", "-(", "trunc(", "count(", "sqrt("}) + sub() + ")";
      case 3:
        return "cast(" + any(depth - 1) + " as " + pick({"int", "bigint", "decimal(10,2)", "real", "smallint"}) + ")";
      case 4:
        return "length(" + grow(kText, depth - 1) + ")";
      case 5:
        return "datediff(" + pick({"day", "mon", "year"}) + ", " + grow(kMoment, depth - 1) + ", " +
               grow(kMoment, depth - 1) + ")";
      case 6:
        return "extract(" + pick({"day", "epoch"}) + " from " + grow(kMoment, depth - 1) + ")";
      default:
        return pick(
            {"count(*)", "row_number() over (order by sales.id)", "count(distinct sales.name)", "median(price)"});
    }
  }
  std::string text(int depth) {
    const auto sub = [&] { return grow(kText, depth - 1); };
    switch (random_() % 4) {
      case 0:
        return "(" + sub() + " || " + any(depth - 1) + ")";
      case 1:
        return pick({"upper(", "trim(", "md5(", "rtrim("}) + sub() + ")";
      case 2:
        return "cast(" + any(depth - 1) + " as " + pick({"varchar(3)", "char(2)", "varchar"}) + ")";
      default:
        return "substring(" + sub() + ", " + grow(kNumber, depth - 1) + ", 2)";
    }
  }
  std::string truth(int depth) {
    const auto kind = static_cast<Kind>(random_() % 4);
    const auto sub = [&] { return grow(kind, depth - 1); };
    switch (random_() % 9) {
      case 0:
        return "(" + sub() + pick({" = ", " < ", " <> ", " >= "}) + sub() + ")";
      case 1:
        return "(" + grow(kTruth, depth - 1) + pick({" and ", " or "}) + grow(kTruth, depth - 1) + ")";
      case 2:
        return "(not " + grow(kTruth, depth - 1) + ")";
      case 3:
        return "(" + sub() + pick({" in (", " not in ("}) + sub() + ", " + sub() + "))";
      case 4:
        return "(" + sub() + " between " + sub() + " and " + sub() + ")";
      case 5:
        return "(" + sub() + pick({" is null", " is not null"}) + ")";
      case 6:
        return "(" + sub() + pick({" in ", " = any ", " < all "}) + "(select " + sub() + " from customer c3))";
      case 7:
        return "((" + sub() + ", " + any(depth - 1) + ")" + pick({" = ", " <> "}) + "(" + sub() + ", " +
               any(depth - 1) + "))";
      default:
        return "(" + grow(kText, depth - 1) + pick({" like ", " ilike ", " similar to "}) + grow(kText, depth - 1) +
               ")";
    }
  }
  std::string moment(int depth) {
    switch (random_() % 4) {
      case 0:
        return "dateadd(" + pick({"day", "mon", "year"}) + ", " + grow(kNumber, depth - 1) + ", " +
               grow(kMoment, depth - 1) + ")";
      case 1:
        return "date_trunc('month', " + grow(kMoment, depth - 1) + ")";
      case 2:
        return "(" + grow(kMoment, depth - 1) + pick({" + interval '1 day'", " - interval '3 months'", " + 1"}) + ")";
      default:
        return "cast(" + grow(kMoment, depth - 1) + " as " + pick({"date", "timestamp", "timestamptz"}) + ")";
    }
  }
  std::string grow(Kind kind, int depth) {
    if (chance(40)) kind = static_cast<Kind>(random_() % 4);
    if (depth <= 0) return leaf(kind);
    if (chance(4)) return shared(kind, depth);
    return kind == kNumber  ? number(depth)
           : kind == kText  ? text(depth)
           : kind == kTruth ? truth(depth)
                            : moment(depth);
  }

  std::mt19937 random_;
};

/// No expression is left without a type; what must be boolean is.
void check(const BoundExpr& expr) {
  ASSERT_NE(expr.type.id, engine::TypeId::kUnknown);
  const Type boolean = Type::of(engine::TypeId::kBoolean);
  if (const auto* choice = std::get_if<BoundCase>(&expr.node)) {
    for (const BoundWhen& when : choice->whens) {
      ASSERT_EQ(when.condition->type, boolean);
      ASSERT_EQ(when.result->type, expr.type);
    }
  }
  if (const auto* call = std::get_if<BoundCall>(&expr.node);
      call && (call->function == "and" || call->function == "or")) {
    ASSERT_GE(call->arguments.size(), 2u);
    for (const BoundExpr& argument : call->arguments) ASSERT_EQ(argument.type, boolean);
  }
  for_each_part(expr, check);
  if (const BoundQuery* query = query_of(expr)) for_each_expression(*query, check);
}

void check_body(const BoundBody& body, const std::vector<OutputColumn>& columns) {
  if (const auto* select = std::get_if<BoundSelect>(&body.node)) {
    ASSERT_EQ(select->outputs.size(), columns.size());
    for (size_t i = 0; i < columns.size(); ++i) ASSERT_EQ(select->outputs[i].expr.type, columns[i].type);
    if (select->where) {
      ASSERT_EQ(select->where->type.id, engine::TypeId::kBoolean);
    }
  } else if (const auto* operation = std::get_if<BoundSetOperation>(&body.node)) {
    check_body(*operation->left, columns);
    check_body(*operation->right, columns);
  }
}

TEST(ResolveProperty, EveryTreeIsTypedOrRefusedClearly) {
  const SmallCatalog catalog;
  int resolved = 0;
  for (uint32_t seed = 1; seed <= 6000; ++seed) {
    const std::string sql = Grower(seed).statement();
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + sql);
    try {
      const BoundStatement statement = resolve_text(sql, catalog);
      ++resolved;
      const auto& query = std::get<BoundQuery>(statement.node);
      for_each_expression(query, check);
      check_body(query.body, query.columns);
      for (const Type& parameter : statement.parameters) ASSERT_NE(parameter.id, engine::TypeId::kUnknown);
      for (const BoundExpr& key : std::get_if<BoundSelect>(&query.body.node)
                                      ? std::get<BoundSelect>(query.body.node).group_by
                                      : std::vector<BoundExpr>()) {
        check(key);
      }
      EXPECT_EQ(lineage(query).size(), query.columns.size());
    } catch (const Error& error) {
      EXPECT_NE(error.state(), kInternalError) << error.message();
      EXPECT_FALSE(error.message().empty());
      if (error.position()) {
        EXPECT_LE(*error.position(), sql.size());
      }
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(resolved, 100);  // the generator is of use
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ResolveProperty, DeepNestingIsRefusedOrFits) {
  for (const int depth : {50, 150, 240, 480, 2000}) {
    for (const std::string& sql :
         {"select " + repeated("abs(", depth) + "1" + repeated(")", depth), "select 1" + repeated(" + 1", depth),
          "select " + repeated("case when true then ", depth) + "1" + repeated(" end", depth),
          "select * from " + repeated("(select * from ", depth) + "customer" + repeated(") t", depth),
          "select " + repeated("(select ", depth) + "1" + repeated(")", depth),
          "select 1" + repeated(" union all select 1", depth),
          "select 1 from customer c" + repeated(" join (select 1 as one) t using (one)", 1) +
              repeated(", (select 1) ", depth),
          "select " + repeated("not ", depth) + "true"}) {
      try {
        resolve_text(sql);
      } catch (const Error& error) {
        EXPECT_TRUE(error.state() == kStatementTooComplex || error.state() == kUndefinedColumn) << error.message();
      }
    }
  }
}

}  // namespace
}  // namespace garland::semantics
