#include "embedded/explain_text.h"

#include <algorithm>
#include <array>

#include "base/box.h"
#include "sql/printer.h"

namespace garland::embedded {

using semantics::BoundExpr;

namespace {

class Text {
 public:
  explicit Text(const ColumnText& column) : column_(column) {}

  std::string of(const BoundExpr& expr) const {
    return std::visit([&](const auto& node) { return this->node(node, expr.type); }, expr.node);
  }

 private:
  std::string list(const std::vector<BoundExpr>& exprs, std::string_view separator = ", ") const {
    std::string text;
    for (const BoundExpr& expr : exprs) text += (text.empty() ? "" : std::string(separator)) + of(expr);
    return text;
  }

  std::string node(const semantics::BoundConstant& constant, const engine::Type& type) const {
    if (!constant.text) return "NULL";
    if (type.is_numeric()) return *constant.text;
    if (type.id == engine::TypeId::kBoolean) return *constant.text == "t" ? "true" : "false";
    const std::string quoted = sql::quote_literal(*constant.text);
    return type.is_string() ? quoted : quoted + "::" + engine::to_string(type);
  }
  std::string node(const semantics::BoundColumn& column, const engine::Type&) const { return column_(column); }
  std::string node(const semantics::BoundParameter& parameter, const engine::Type&) const {
    return "$" + std::to_string(parameter.number);
  }

  std::string node(const semantics::BoundCall& call, const engine::Type&) const {
    constexpr std::array<std::string_view, 19> kInfix{"+",  "-", "*",  "/", "%", "^", "||", "=",    "<>",   "<",
                                                      "<=", ">", ">=", "&", "|", "#", "~",  "like", "ilike"};
    const std::string& name = call.function;
    if (name == "and") return "(" + list(call.arguments, " AND ") + ")";
    if (name == "or") return "(" + list(call.arguments, " OR ") + ")";
    if (name == "not") return "(NOT " + of(call.arguments[0]) + ")";
    if (name == "neg") return "(- " + of(call.arguments[0]) + ")";
    if (name == "is null") return "(" + of(call.arguments[0]) + " IS NULL)";
    const bool infix = std::ranges::find(kInfix, name) != kInfix.end();
    if (infix && call.arguments.size() >= 2) {
      const std::string op = name == "like" ? "~~" : name == "ilike" ? "~~*" : name;
      return "(" + of(call.arguments[0]) + " " + op + " " + of(call.arguments[1]) + ")";
    }
    return name + "(" + list(call.arguments) + ")";
  }

  std::string node(const semantics::BoundCast& cast, const engine::Type& type) const {
    return "(" + of(*cast.operand) + ")::" + engine::to_string(type);
  }
  std::string node(const semantics::BoundCase& choice, const engine::Type&) const {
    std::string text = "CASE";
    for (const auto& when : choice.whens) text += " WHEN " + of(*when.condition) + " THEN " + of(*when.result);
    if (choice.otherwise) text += " ELSE " + of(**choice.otherwise);
    return text + " END";
  }
  std::string node(const semantics::BoundInList& in, const engine::Type&) const {
    return "(" + of(*in.operand) + " = ANY (" + list(in.list) + "))";
  }
  std::string node(const semantics::BoundInQuery& in, const engine::Type&) const {
    return "(hashed subplan: " + list(in.operands) + ")";
  }
  std::string node(const semantics::BoundExists&, const engine::Type&) const { return "(subplan)"; }
  std::string node(const semantics::BoundScalarQuery&, const engine::Type&) const { return "(subplan)"; }
  std::string node(const semantics::BoundQuantified& quantified, const engine::Type&) const {
    return "(" + of(*quantified.operand) + " " + quantified.op + (quantified.all ? " ALL" : " ANY") + " (subplan))";
  }
  std::string node(const semantics::BoundAggregate& aggregate, const engine::Type&) const {
    const std::string arguments = aggregate.arguments.empty() ? "*" : list(aggregate.arguments);
    return aggregate.function + (aggregate.distinct ? "(DISTINCT " : "(") + arguments + ")";
  }
  std::string node(const Box<semantics::BoundWindow>& window, const engine::Type&) const {
    return window->function + "(" + list(window->arguments) + ")";
  }
  std::string node(const semantics::BoundGrouping& grouping, const engine::Type&) const {
    return "grouping(" + list(grouping.arguments) + ")";
  }
  std::string node(const auto&, const engine::Type&) const { return "(expression)"; }

  const ColumnText& column_;
};

}  // namespace

std::string explain_text(const BoundExpr& expr, const ColumnText& column) { return Text(column).of(expr); }

}  // namespace garland::embedded
