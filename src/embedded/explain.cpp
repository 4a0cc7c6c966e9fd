#include "embedded/explain.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/box.h"
#include "embedded/explain_text.h"
#include "semantics/walk.h"

namespace garland::embedded {

using semantics::BoundExpr;
using semantics::BoundJoinKind;
using semantics::BoundQuery;
using semantics::BoundRelation;
using semantics::BoundSelect;
using semantics::RelationNo;

namespace {

// Redshift's costs are relative: 0.01 a row scanned; a sort is set apart by 10^12 (guide page c-the-query-plan).
constexpr double kScanRow = 0.01;
constexpr double kGroupedRow = 0.005;
constexpr double kGroup = 0.0025;
constexpr double kSort = 1e12;
constexpr double kBroadcastRow = 320'000;
// What share of the rows a condition leaves, and into how many groups rows fall, when nothing is known.
constexpr double kEqualShare = 0.005;
constexpr double kOtherShare = 1.0 / 3;
constexpr double kRowsPerGroup = 10;

struct Step {
  std::string title;
  double startup = 0, total = 0, rows = 1;
  int width = 0;
  std::vector<std::string> details;
  std::vector<Step> children;
  std::set<RelationNo> relations;
  std::vector<std::string> outputs;  // VERBOSE
};

int width_of(const engine::Type& type) {
  if (type.id == engine::TypeId::kChar) return type.length;
  if (type.id == engine::TypeId::kVarchar) return std::clamp(type.length / 2, 1, 32);
  return type.id == engine::TypeId::kSuper ? 64 : static_cast<int>(engine::value_width(type));
}

std::string number(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

class Planner {
 public:
  Planner(Context& context, const SessionCatalog& catalog) : context_(context), catalog_(catalog) {}

  Step query(const BoundQuery& query, bool to_client) {
    for (const semantics::BoundCte& cte : query.with) ctes_[cte.number] = &cte;
    note(query);
    Step step = body(query.body);
    if (!query.order_by.empty()) step = sorted(std::move(step), query, to_client);
    if (query.limit) step = limited(std::move(step), *query.limit);
    return step;
  }

  /// UPDATE, DELETE and MERGE: the target's rows, joined with what they are matched by.
  Step change(Oid table, RelationNo target, const std::optional<BoundRelation>& from,
              const std::optional<BoundExpr>& where) {
    BoundRelation rows{semantics::BoundTable{table}, target, {}, {}};
    for (const auto& column : catalog_.find_relation(table)->columns)
      rows.columns.push_back({column.name, column.type});
    rows.alias = catalog_.find_relation(table)->name;
    if (from) rows = BoundRelation{semantics::BoundJoin{BoundJoinKind::kCross, rows, *from, std::nullopt}, -1, {}, {}};
    std::vector<const BoundExpr*> conditions;
    if (where) conjuncts(*where, conditions);
    note(rows);
    Step step = relation(rows, conditions);
    filter(step, conditions);
    return step;
  }

  static Step result() { return {"XN Result", 0, 0.01, 1, 0, {}, {}, {}, {}}; }

 private:
  // ---- names
  void note(const BoundRelation& relation) {
    if (relation.number >= 0) relations_[relation.number] = &relation;
    if (const auto* join = std::get_if<semantics::BoundJoin>(&relation.node)) {
      note(*join->left);
      note(*join->right);
    }
  }
  void note(const BoundQuery& query) {
    const std::function<void(const BoundExpr&)> used = [&](const BoundExpr& expr) {
      if (const auto* column = std::get_if<semantics::BoundColumn>(&expr.node)) {
        used_.emplace(column->relation, column->column);
      }
      semantics::for_each_part(expr, used);
    };
    semantics::for_each_expression(query, used);
  }
  std::string column(const semantics::BoundColumn& column, bool qualified) const {
    const auto found = relations_.find(column.relation);
    if (found == relations_.end()) return "$" + std::to_string(column.column);
    const BoundRelation& relation = *found->second;
    const auto place = static_cast<size_t>(column.column);
    const std::string name = place < relation.columns.size() ? relation.columns[place].name : "?column?";
    return qualified && !relation.alias.empty() ? relation.alias + "." + name : name;
  }
  std::string text(const BoundExpr& expr, bool qualified) const {
    return explain_text(expr, [&](const semantics::BoundColumn& each) { return column(each, qualified); });
  }

  static void conjuncts(const BoundExpr& expr, std::vector<const BoundExpr*>& into) {
    const auto* call = std::get_if<semantics::BoundCall>(&expr.node);
    if (!call || call->function != "and") return into.push_back(&expr);
    for (const BoundExpr& each : call->arguments) conjuncts(each, into);
  }
  static std::set<RelationNo> relations_of(const BoundExpr& expr) {
    std::set<RelationNo> found;
    const std::function<void(const BoundExpr&)> look = [&](const BoundExpr& part) {
      if (const auto* column = std::get_if<semantics::BoundColumn>(&part.node)) found.insert(column->relation);
      semantics::for_each_part(part, look);
    };
    look(expr);
    return found;
  }
  static bool is_equality(const BoundExpr& expr) {
    const auto* call = std::get_if<semantics::BoundCall>(&expr.node);
    return call && call->function == "=";
  }

  // ---- steps
  Step body(const semantics::BoundBody& body) {
    if (const auto* block = std::get_if<BoundSelect>(&body.node)) return select(*block);
    if (const auto* inner = std::get_if<Box<BoundQuery>>(&body.node)) return query(**inner, false);
    const auto& operation = std::get<semantics::BoundSetOperation>(body.node);
    Step left = this->body(*operation.left), right = this->body(*operation.right);
    Step append{"XN Append", 0, left.total + right.total, left.rows + right.rows, left.width, {}, {}, {}, {}};
    append.children.push_back(std::move(left));
    append.children.push_back(std::move(right));
    if (operation.op == sql::SetOp::kUnion && operation.all) return append;
    if (operation.op == sql::SetOp::kUnion) return unique(std::move(append));
    const std::string name = operation.op == sql::SetOp::kExcept ? "Except" : "Intersect";
    return above("XN SetOp " + name + (operation.all ? " All" : ""), std::move(append), kGroupedRow);
  }

  Step select(const BoundSelect& select) {
    note(select.from);
    std::vector<const BoundExpr*> conditions;
    if (select.where) conjuncts(*select.where, conditions);
    Step step = relation(select.from, conditions);
    filter(step, conditions);
    const bool qualified = step.relations.size() > 1;
    if (select.grouped) step = grouped(select, std::move(step));
    for (const semantics::BoundOutput& output : select.outputs) {
      if (const auto* window = std::get_if<Box<semantics::BoundWindow>>(&output.expr.node)) {
        step = windowed(**window, std::move(step), qualified);
        break;
      }
    }
    if (select.qualify) step.details.push_back("Filter: " + text(*select.qualify, qualified));
    if (select.distinct) step = unique(std::move(step));
    step.width = 0;
    for (const semantics::BoundOutput& output : select.outputs) {
      step.width += width_of(output.expr.type);
      step.outputs.push_back(text(output.expr, qualified));
    }
    return step;
  }

  static Step above(std::string title, Step child, double row_cost) {
    Step step{
        std::move(title), child.total + child.rows * row_cost, 0, child.rows, child.width, {}, {}, child.relations,
        child.outputs};
    step.total = step.startup + child.rows * kGroup;
    step.children.push_back(std::move(child));
    return step;
  }
  static Step unique(Step child) {
    Step step = above("XN Unique", std::move(child), 0);
    step.startup = step.children[0].startup;
    step.total = step.children[0].total + step.rows * kGroup;
    return step;
  }
  Step grouped(const BoundSelect& select, Step child) {
    const double rows = child.rows;
    const bool qualified = child.relations.size() > 1;
    Step step = above(select.group_by.empty() ? "XN Aggregate" : "XN HashAggregate", std::move(child), kGroupedRow);
    step.rows = select.group_by.empty() ? 1 : std::max(1.0, rows / kRowsPerGroup);
    step.total = step.startup + step.rows * kGroup;
    if (select.having) step.details.push_back("Filter: " + text(*select.having, qualified));
    return step;
  }
  Step windowed(const semantics::BoundWindow& window, Step child, bool qualified) {
    Step step = above("XN Window", std::move(child), kGroup);
    std::string partition, order;
    for (const BoundExpr& each : window.partition_by)
      partition += (partition.empty() ? "" : ", ") + text(each, qualified);
    for (const auto& each : window.order_by) order += (order.empty() ? "" : ", ") + text(each.expr, qualified);
    if (!partition.empty()) step.details.push_back("Partition: " + partition);
    if (!order.empty()) step.details.push_back("Order: " + order);
    return step;
  }

  void filter(Step& step, const std::vector<const BoundExpr*>& conditions) {
    if (conditions.empty()) return;
    std::string all;
    for (const BoundExpr* each : conditions) {
      all += (all.empty() ? "" : " AND ") + text(*each, step.relations.size() > 1);
      step.rows = std::max(1.0, step.rows * (is_equality(*each) ? kEqualShare : kOtherShare));
    }
    step.details.push_back("Filter: " + (conditions.size() > 1 ? "(" + all + ")" : all));
  }

  /// Takes from `conditions` what can be tested here.
  static std::vector<const BoundExpr*> take(std::vector<const BoundExpr*>& conditions,
                                            const std::set<RelationNo>& relations) {
    std::vector<const BoundExpr*> taken;
    std::erase_if(conditions, [&](const BoundExpr* each) {
      const std::set<RelationNo> needed = relations_of(*each);
      if (needed.empty() || !std::ranges::includes(relations, needed)) return false;
      taken.push_back(each);
      return true;
    });
    return taken;
  }

  Step relation(const BoundRelation& relation, std::vector<const BoundExpr*>& conditions) {
    if (const auto* join = std::get_if<semantics::BoundJoin>(&relation.node)) return joined(*join, conditions);
    Step step = std::visit(
        overloaded{[&](const semantics::BoundTable& table) { return scan(relation, table.oid); },
                   [&](const semantics::BoundSubquery& subquery) { return subplan(relation, *subquery.query); },
                   [&](const semantics::BoundCteRef& mention) {
                     const auto found = ctes_.find(mention.cte);
                     if (found == ctes_.end() || !open_ctes_.insert(mention.cte).second) {
                       return Step{"XN CTE Scan on " + relation.alias, 0, 0, 1, 0, {}, {}, {}, {}};
                     }
                     Step inner = subplan(relation, *found->second->query);
                     open_ctes_.erase(mention.cte);
                     return inner;
                   },
                   [](const auto&) { return result(); }},
        relation.node);
    if (relation.number >= 0) step.relations = {relation.number};
    filter(step, take(conditions, step.relations));
    return step;
  }

  Step scan(const BoundRelation& relation, Oid oid) {
    const semantics::Relation& table = *catalog_.find_relation(oid);
    Step step;
    step.title = "XN Seq Scan on " + table.name + (relation.alias == table.name ? "" : " " + relation.alias);
    duck::Result count = context_.run("SELECT count(*) FROM " + Context::physical_name(table));
    step.rows = static_cast<double>(count.fetch()->columns[0].values<int64_t>()[0]);
    step.total = step.rows * kScanRow;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (used_.contains({relation.number, static_cast<int32_t>(i)})) step.width += width_of(table.columns[i].type);
    }
    return step;
  }
  Step subplan(const BoundRelation& relation, const BoundQuery& query) {
    Step inner = this->query(query, false);
    Step step{"XN Subquery Scan " + (relation.alias.empty() ? "derived_table" : relation.alias),
              inner.startup,
              inner.total + inner.rows * kScanRow,
              inner.rows,
              inner.width,
              {},
              {},
              {},
              {}};
    step.children.push_back(std::move(inner));
    return step;
  }

  static std::string_view kind_word(BoundJoinKind kind) {
    switch (kind) {
      case BoundJoinKind::kLeft:
        return "Left ";
      case BoundJoinKind::kRight:
        return "Right ";
      case BoundJoinKind::kFull:
        return "Full ";
      case BoundJoinKind::kInner:
      case BoundJoinKind::kCross:
        break;
    }
    return "";
  }

  Step joined(const semantics::BoundJoin& join, std::vector<const BoundExpr*>& conditions) {
    const bool inner = join.kind == BoundJoinKind::kInner || join.kind == BoundJoinKind::kCross;
    std::vector<const BoundExpr*> on;
    if (join.on) conjuncts(*join.on, on);
    std::vector<const BoundExpr*> none;
    if (inner) conditions.insert(conditions.end(), on.begin(), on.end());
    Step outer_side = relation(*join.left, inner || join.kind == BoundJoinKind::kLeft ? conditions : none);
    Step inner_side = relation(*join.right, inner ? conditions : none);
    std::set<RelationNo> both = outer_side.relations;
    both.insert(inner_side.relations.begin(), inner_side.relations.end());
    if (inner) on = take(conditions, both);
    if (inner && inner_side.rows > outer_side.rows) std::swap(outer_side, inner_side);
    return join_step(join.kind, std::move(outer_side), std::move(inner_side), on, std::move(both));
  }

  /// Whether an equality compares one side's columns with the other's.
  static bool joins(const BoundExpr& expr, const Step& outer, const Step& inner) {
    if (!is_equality(expr)) return false;
    const auto& sides = std::get<semantics::BoundCall>(expr.node).arguments;
    const auto left = relations_of(sides[0]), right = relations_of(sides[1]);
    if (left.empty() || right.empty()) return false;
    return (std::ranges::includes(outer.relations, left) && std::ranges::includes(inner.relations, right)) ||
           (std::ranges::includes(inner.relations, left) && std::ranges::includes(outer.relations, right));
  }

  std::string side_text(const BoundExpr& expr, const Step& outer) const {
    const auto& sides = std::get<semantics::BoundCall>(expr.node).arguments;
    const auto first = relations_of(sides[0]);
    const bool swapped = !std::ranges::includes(outer.relations, first);
    const auto side = [&](const BoundExpr& each, const std::string& name) {
      return explain_text(each,
                          [&](const semantics::BoundColumn& one) { return "\"" + name + "\"." + column(one, false); });
    };
    return "(" + side(sides[swapped ? 1 : 0], "outer") + " = " + side(sides[swapped ? 0 : 1], "inner") + ")";
  }

  const semantics::ColumnDef* stored_column(const BoundExpr& expr) const {
    const auto* column = std::get_if<semantics::BoundColumn>(&expr.node);
    const auto found = column ? relations_.find(column->relation) : relations_.end();
    if (found == relations_.end()) return nullptr;
    const auto* table = std::get_if<semantics::BoundTable>(&found->second->node);
    return table ? &catalog_.find_relation(table->oid)->columns[static_cast<size_t>(column->column)] : nullptr;
  }

  /// How the inner rows come to the outer ones: both lie by the joined column, or a copy is everywhere, or is made.
  std::string_view distribution(const std::vector<const BoundExpr*>& equalities, const Step& inner) const {
    for (const BoundExpr* each : equalities) {
      const auto& sides = std::get<semantics::BoundCall>(each->node).arguments;
      const auto *left = stored_column(sides[0]), *right = stored_column(sides[1]);
      if (left && right && left->dist_key && right->dist_key) return "DS_DIST_NONE";
    }
    const auto everywhere = [&](RelationNo number) {
      const auto* table = std::get_if<semantics::BoundTable>(&relations_.at(number)->node);
      const StoredRelation* stored = table ? catalog_.stored(table->oid) : nullptr;
      return stored && stored->dist_style == sql::DistStyle::kAll;
    };
    const bool all = !inner.relations.empty() && std::ranges::all_of(inner.relations, everywhere);
    return all ? "DS_DIST_ALL_NONE" : "DS_BCAST_INNER";
  }

  Step join_step(BoundJoinKind kind, Step outer, Step inner, const std::vector<const BoundExpr*>& on,
                 std::set<RelationNo> both) {
    std::vector<const BoundExpr*> equalities, rest;
    for (const BoundExpr* each : on) (joins(*each, outer, inner) ? equalities : rest).push_back(each);
    const std::string_view placed = distribution(equalities, inner);
    const bool hashed = !equalities.empty();
    Step step;
    step.title = std::string(hashed ? "XN Hash " : "XN Nested Loop ") + std::string(kind_word(kind)) +
                 (hashed                                                           ? "Join "
                  : kind == BoundJoinKind::kInner || kind == BoundJoinKind::kCross ? ""
                                                                                   : "Join ") +
                 std::string(placed);
    step.relations = std::move(both);
    step.width = outer.width + inner.width;
    step.rows = hashed ? std::max(outer.rows, inner.rows) : std::max(1.0, outer.rows * inner.rows);
    step.startup = hashed ? inner.total + inner.rows * kGroup : inner.startup;
    step.total = step.startup + outer.total + outer.rows * kScanRow +
                 (placed == "DS_BCAST_INNER" ? inner.rows * kBroadcastRow : 0);
    std::string condition;
    for (const BoundExpr* each : equalities) condition += (condition.empty() ? "" : " AND ") + side_text(*each, outer);
    if (hashed) step.details.push_back("Hash Cond: " + (equalities.size() > 1 ? "(" + condition + ")" : condition));
    condition.clear();
    for (const BoundExpr* each : rest) condition += (condition.empty() ? "" : " AND ") + text(*each, true);
    if (!rest.empty()) step.details.push_back("Join Filter: " + (rest.size() > 1 ? "(" + condition + ")" : condition));
    step.children.push_back(std::move(outer));
    if (hashed) {
      Step hash{"XN Hash", inner.total, inner.total, inner.rows, inner.width, {}, {}, {}, {}};
      hash.children.push_back(std::move(inner));
      step.children.push_back(std::move(hash));
    } else {
      step.children.push_back(std::move(inner));
    }
    return step;
  }

  Step sorted(Step child, const BoundQuery& query, bool to_client) {
    const bool qualified = child.relations.size() > 1;
    std::string keys;
    for (const semantics::BoundQueryOrder& order : query.order_by) {
      if (!keys.empty()) keys += ", ";
      if (const auto* expr = std::get_if<BoundExpr>(&order.key)) {
        keys += text(*expr, qualified);
      } else {
        const auto place = static_cast<size_t>(std::get<int32_t>(order.key));
        const auto* select = std::get_if<BoundSelect>(&query.body.node);
        keys += select ? text(select->outputs[place].expr, qualified) : query.columns[place].name;
      }
    }
    Step sort = above("XN Sort", std::move(child), kGroupedRow);
    sort.startup += kSort;
    sort.total += kSort;
    sort.details.push_back("Sort Key: " + keys);
    if (!to_client) return sort;
    Step network{"XN Network", sort.startup, sort.total, sort.rows, sort.width, {"Send to leader"}, {}, {}, {}};
    network.children.push_back(std::move(sort));
    Step merge{"XN Merge", network.startup, network.total, network.rows, network.width, {"Merge Key: " + keys}, {}, {},
               {}};
    merge.children.push_back(std::move(network));
    return merge;
  }

  static Step limited(Step child, const BoundExpr& limit) {
    Step step{"XN Limit", child.startup, child.total, child.rows, child.width, {}, {}, child.relations, {}};
    const auto* constant = std::get_if<semantics::BoundConstant>(&limit.node);
    if (constant && constant->text) step.rows = std::min(step.rows, std::stod(*constant->text));
    if (child.rows > 0) step.total = child.startup + (child.total - child.startup) * step.rows / child.rows;
    step.children.push_back(std::move(child));
    return step;
  }

  Context& context_;
  const SessionCatalog& catalog_;
  std::map<RelationNo, const BoundRelation*> relations_;
  std::map<int32_t, const semantics::BoundCte*> ctes_;
  std::set<int32_t> open_ctes_;
  std::set<std::pair<RelationNo, int32_t>> used_;
};

void print(const Step& step, int depth, bool verbose, std::vector<std::string>& lines) {
  // Children are indented by six below the root's two; details stand under their step's text.
  const std::string indent(depth == 0 ? 1 : static_cast<size_t>(depth) * 6 - 3, ' ');
  const std::string below(depth == 0 ? 3 : static_cast<size_t>(depth) * 6 + 3, ' ');
  lines.push_back(indent + (depth == 0 ? "" : "->  ") + step.title + "  (cost=" + number(step.startup) + ".." +
                  number(step.total) + " rows=" + std::to_string(static_cast<int64_t>(step.rows + 0.5)) +
                  " width=" + std::to_string(step.width) + ")");
  if (verbose && !step.outputs.empty()) {
    std::string all;
    for (const std::string& each : step.outputs) all += (all.empty() ? "" : ", ") + each;
    lines.push_back(below + "Output: " + all);
  }
  for (const std::string& detail : step.details) lines.push_back(below + detail);
  for (const Step& child : step.children) print(child, depth + 1, verbose, lines);
}

}  // namespace

std::vector<std::string> explain_lines(Context& context, const SessionCatalog& catalog,
                                       const semantics::BoundStatement& statement, bool verbose) {
  Planner planner(context, catalog);
  using namespace semantics;
  const Step root = std::visit(
      overloaded{
          [&](const BoundQuery& query) { return planner.query(query, true); },
          [&](const BoundInsert& insert) {
            const auto* query = std::get_if<BoundQuery>(&insert.source);
            return query ? planner.query(*query, false) : Planner::result();
          },
          [&](const BoundUpdate& node) { return planner.change(node.table, node.target, node.from, node.where); },
          [&](const BoundDelete& node) { return planner.change(node.table, node.target, node.from, node.where); },
          [&](const BoundMerge& node) { return planner.change(node.table, node.target, node.source, node.on); },
          [&](const BoundCreateTableAs& node) { return planner.query(node.query, false); },
          [&](const BoundCreateMaterializedView& node) { return planner.query(node.query, false); },
          [](const auto&) { return Planner::result(); }},
      statement.node);
  std::vector<std::string> lines;
  print(root, 0, verbose, lines);
  return lines;
}

}  // namespace garland::embedded
