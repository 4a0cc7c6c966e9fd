// Writer: names, literals, types and expressions.
#include "sql/keywords.h"
#include "sql/literals.h"
#include "sql/writer.h"

namespace garland::sql {
namespace {

std::string_view symbol(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return " + ";
    case BinaryOp::kSubtract:
      return " - ";
    case BinaryOp::kMultiply:
      return " * ";
    case BinaryOp::kDivide:
      return " / ";
    case BinaryOp::kModulo:
      return " % ";
    case BinaryOp::kPower:
      return " ^ ";
    case BinaryOp::kConcat:
      return " || ";
    case BinaryOp::kEqual:
      return " = ";
    case BinaryOp::kNotEqual:
      return " <> ";
    case BinaryOp::kLess:
      return " < ";
    case BinaryOp::kLessEqual:
      return " <= ";
    case BinaryOp::kGreater:
      return " > ";
    case BinaryOp::kGreaterEqual:
      return " >= ";
    case BinaryOp::kBitAnd:
      return " & ";
    case BinaryOp::kBitOr:
      return " | ";
    case BinaryOp::kBitXor:
      return " # ";
    case BinaryOp::kShiftLeft:
      return " << ";
    case BinaryOp::kShiftRight:
      return " >> ";
  }
  return "";
}

Binding binding(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
      return Binding::kAdd;
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
      return Binding::kMultiply;
    case BinaryOp::kPower:
      return Binding::kPower;
    case BinaryOp::kEqual:
      return Binding::kEqual;
    case BinaryOp::kLess:
    case BinaryOp::kGreater:
      return Binding::kLess;
    default:
      return Binding::kOther;
  }
}

Binding binding(const Expr& expr) {
  return std::visit(overloaded{
                        [](const Unary& u) {
                          return u.op == UnaryOp::kPlus || u.op == UnaryOp::kMinus ? Binding::kSign : Binding::kOther;
                        },
                        [](const Binary& b) { return binding(b.op); },
                        [](const Quantified& q) { return binding(q.op); },
                        [](const Not&) { return Binding::kNot; },
                        [](const Logical& l) { return l.op == LogicalOp::kAnd ? Binding::kAnd : Binding::kOr; },
                        [](const IsNull&) { return Binding::kIs; },
                        [](const IsTruth&) { return Binding::kIs; },
                        [](const Between& b) { return b.negated ? Binding::kNot : Binding::kBetween; },
                        [](const InList& i) { return i.negated ? Binding::kNot : Binding::kIn; },
                        [](const InQuery& i) { return i.negated ? Binding::kNot : Binding::kIn; },
                        [](const Match& m) {
                          if (m.kind == MatchKind::kRegex || m.kind == MatchKind::kRegexInsensitive)
                            return Binding::kOther;
                          return m.negated ? Binding::kNot : Binding::kMatch;
                        },
                        [](const AtTimeZone&) { return Binding::kZone; },
                        [](const Prior&) { return Binding::kSign; },
                        [](const auto&) { return Binding::kPrimary; },
                    },
                    expr.node);
}

Binding above(Binding power) { return static_cast<Binding>(static_cast<int>(power) + 1); }

}  // namespace

void Writer::identifier(std::string_view name) {
  if (is_plain_identifier(name)) return write(name);
  text_ += '"';
  for (char c : name) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
}

// Backslashes are doubled: Redshift reads escapes in plain strings. A zero byte can only stand in an option of COPY.
void Writer::literal(std::string_view value) {
  text_ += '\'';
  for (char c : value) {
    if (c == '\'' || c == '\\') text_ += c;
    if (c == '\0') {
      text_ += "\\000";
    } else {
      text_ += c;
    }
  }
  text_ += '\'';
}

void Writer::qualified_name(const QualifiedName& name) {
  bool first = true;
  for (const Name& part : name.parts) {
    if (!first) text_ += '.';
    first = false;
    identifier(part.text);
  }
}

void Writer::names(const std::vector<Name>& names) {
  parenthesised_list(names, [&](const Name& name) { identifier(name.text); });
}

void Writer::optional_names(const std::vector<Name>& columns) {
  if (columns.empty()) return;
  write(" ");
  names(columns);
}

// The modifiers stand before WITH TIME ZONE, else at the end.
void Writer::type(const TypeName& type) {
  const std::string_view name = type.name;
  const bool zoned = name.starts_with("time with") || name.starts_with("timestamp with");
  const size_t split = zoned ? name.find(' ') : name.size();
  const bool words =
      name.find(' ') != std::string_view::npos || name == "timestamp" || name == "interval" || name == "binary";
  words ? write(name.substr(0, split)) : identifier(name);
  if (!type.modifiers.empty())
    parenthesised_list(type.modifiers, [&](int32_t m) { m == TypeName::kMax ? write("max") : integer(m); });
  write(name.substr(split));
}

void Writer::expression(const Expr& expr) {
  std::visit([&](const auto& each) { node(each); }, expr.node);
}

void Writer::operand(const Expr& expr, Binding least) {
  if (binding(expr) >= least) return expression(expr);
  write("(");
  expression(expr);
  write(")");
}

void Writer::expressions(const std::vector<Expr>& items) {
  list(items, [&](const Expr& expr) { expression(expr); });
}

void Writer::query_in_parentheses(const Query& inner) {
  write("(");
  query(inner);
  write(")");
}

void Writer::node(const Parameter& parameter) {
  write("$");
  integer(parameter.number);
}

void Writer::attribute(const Attribute& attribute) {
  if (!attribute.quoted) return write(attribute.text);
  text_ += '"';
  for (const char c : attribute.text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
}

void Writer::path(const std::vector<Name>& parts, const std::vector<Attribute>& written) {
  if (written.empty()) return qualified_name({parts, {}});
  for (const Attribute& part : written) {
    if (&part != &written.front()) text_ += '.';
    attribute(part);
  }
}

void Writer::node(const ColumnRef& column) {
  path(column.parts, column.written);
  if (column.outer) write(" (+)");
}

// A column before a bracket needs no parentheses; before a dot the step would become a part of its name.
void Writer::node(const Navigation& path) {
  const auto* column = std::get_if<ColumnRef>(&path.base->node);
  const bool bare = column != nullptr && std::holds_alternative<Box<Expr>>(path.steps.front());
  write(bare ? "" : "(");
  expression(*path.base);
  write(bare ? "" : ")");
  for (const auto& step : path.steps) {
    if (const auto* name = std::get_if<Attribute>(&step)) {
      write(".");
      attribute(*name);
    } else {
      write("[");
      expression(*std::get<Box<Expr>>(step));
      write("]");
    }
  }
}

void Writer::node(const Prior& prior) {
  write("prior ");
  operand(*prior.operand, Binding::kSign);
}

void Writer::node(const TypedLiteral& typed) {
  const bool qualified_interval = typed.type.name.starts_with("interval ");
  if (!qualified_interval) {
    type(typed.type);
    write(" ");
    return literal(typed.value);
  }
  write("interval ");
  literal(typed.value);
  write(std::string_view(typed.type.name).substr(8));
  if (!typed.type.modifiers.empty()) parenthesised_list(typed.type.modifiers, [&](int32_t m) { integer(m); });
}

void Writer::node(const Star& star) {
  for (const Name& part : star.qualifier) {
    identifier(part.text);
    write(".");
  }
  write("*");
  if (star.exclude.empty()) return;
  write(" exclude ");
  names(star.exclude);
}

// A sign before a sign keeps a blank between, or two minuses would begin a comment.
void Writer::node(const Unary& unary) {
  const bool sign = unary.op == UnaryOp::kPlus || unary.op == UnaryOp::kMinus;
  const Binding own = sign ? Binding::kSign : Binding::kOther;
  const bool chained = std::holds_alternative<Unary>(unary.operand->node) && binding(*unary.operand) == own;
  switch (unary.op) {
    case UnaryOp::kPlus:
      write(chained ? "+ " : "+");
      break;
    case UnaryOp::kMinus:
      write(chained ? "- " : "-");
      break;
    case UnaryOp::kAbs:
      write("@ ");
      break;
    case UnaryOp::kSquareRoot:
      write("|/ ");
      break;
    case UnaryOp::kCubeRoot:
      write("||/ ");
      break;
    case UnaryOp::kBitNot:
      write("~ ");
      break;
  }
  if (chained) return expression(*unary.operand);
  operand(*unary.operand, sign ? Binding::kPrimary : above(Binding::kIs));
}

void Writer::node(const Binary& binary) {
  const Binding own = binding(binary.op);
  const bool left_associative = own != Binding::kEqual && own != Binding::kLess;
  operand(*binary.left, left_associative ? own : above(own));
  write(symbol(binary.op));
  operand(*binary.right, own == Binding::kEqual ? own : above(own));
}

void Writer::node(const Not& negation) {
  write("not ");
  const bool chained = std::holds_alternative<Not>(negation.operand->node);
  operand(*negation.operand, chained ? Binding::kNot : above(Binding::kNot));
}

void Writer::node(const Logical& logical) {
  const bool is_and = logical.op == LogicalOp::kAnd;
  bool first = true;
  for (const Expr& part : logical.operands) {
    if (!first) write(is_and ? " and " : " or ");
    first = false;
    operand(part, is_and ? Binding::kNot : Binding::kAnd);
  }
}

void Writer::node(const IsNull& is_null) {
  operand(*is_null.operand, Binding::kAdd);
  write(is_null.negated ? " is not null" : " is null");
}

void Writer::node(const IsTruth& is_truth) {
  operand(*is_truth.operand, Binding::kAdd);
  write(is_truth.negated ? " is not " : " is ");
  write(is_truth.truth == Truth::kTrue ? "true" : is_truth.truth == Truth::kFalse ? "false" : "unknown");
}

void Writer::node(const Between& between) {
  operand(*between.operand, Binding::kAdd);
  write(between.negated ? " not between " : " between ");
  operand(*between.low, Binding::kAdd);
  write(" and ");
  operand(*between.high, Binding::kAdd);
}

void Writer::node(const InList& in) {
  operand(*in.operand, Binding::kOther);
  write(in.negated ? " not in " : " in ");
  parenthesised_list(in.list, [&](const Expr& expr) { expression(expr); });
}

void Writer::node(const InQuery& in) {
  operand(*in.operand, Binding::kOther);
  write(in.negated ? " not in " : " in ");
  query_in_parentheses(*in.query);
}

void Writer::node(const Match& match) {
  const bool regex = match.kind == MatchKind::kRegex || match.kind == MatchKind::kRegexInsensitive;
  operand(*match.operand, Binding::kOther);
  if (regex) {
    write(match.negated ? " !~" : " ~");
    write(match.kind == MatchKind::kRegex ? " " : "* ");
    return operand(*match.pattern, above(Binding::kOther));
  }
  if (match.negated) write(" not");
  write(match.kind == MatchKind::kLike ? " like " : match.kind == MatchKind::kIlike ? " ilike " : " similar to ");
  operand(*match.pattern, Binding::kOther);
  if (!match.escape) return;
  write(" escape ");
  operand(**match.escape, Binding::kPrimary);
}

void Writer::node(const Exists& exists) {
  write("exists ");
  query_in_parentheses(*exists.query);
}

void Writer::node(const Quantified& quantified) {
  operand(*quantified.operand, Binding::kAdd);
  write(symbol(quantified.op));
  write(quantified.quantifier == Quantifier::kAny ? "any " : "all ");
  query_in_parentheses(*quantified.query);
}

void Writer::node(const Row& row) {
  parenthesised_list(row.fields, [&](const Expr& expr) { expression(expr); });
}

void Writer::node(const Case& c) {
  write("case");
  if (c.operand) {
    write(" ");
    expression(**c.operand);
  }
  for (const WhenClause& when : c.whens) {
    write(" when ");
    expression(when.condition);
    write(" then ");
    expression(when.result);
  }
  if (c.otherwise) {
    write(" else ");
    expression(**c.otherwise);
  }
  write(" end");
}

void Writer::node(const Cast& cast) {
  write("cast(");
  expression(*cast.operand);
  write(" as ");
  type(cast.type);
  write(")");
}

void Writer::node(const AtTimeZone& at) {
  operand(*at.operand, Binding::kZone);
  write(" at time zone ");
  operand(*at.zone, Binding::kPrimary);
}

void Writer::node(const Extract& extract) {
  write("extract(");
  is_plain_identifier(extract.part) ? write(extract.part) : literal(extract.part);
  write(" from ");
  expression(*extract.operand);
  write(")");
}

void Writer::node(const Trim& trim) {
  const bool both = trim.side == TrimSide::kBoth;
  write("trim(");
  if (!both) write(trim.side == TrimSide::kLeading ? "leading " : "trailing ");
  if (trim.characters) {
    if (both) write("both ");
    expression(**trim.characters);
  }
  if (trim.characters) write(" ");
  if (trim.characters || !both) write("from ");
  expression(*trim.operand);
  write(")");
}

// A word with a grammar of its own before a parenthesis is a plain function's name only in quotes; FROM takes no
// reserved word.
void Writer::function_name(const Call& call, CallPlace place) {
  if (call.function.parts.size() > 1) return qualified_name(call.function);
  const std::string& name = call.function.last().text;
  const uint8_t flags = keyword_flags(find_keyword(name));
  if (place == CallPlace::kExpression && (flags & (kNiladic | kFunction))) return write(name);
  if (!(flags & kSpecialCall)) return identifier(name);
  write("\"" + name + "\"");
}

void Writer::node(const Call& call) {
  const bool is_position = call.function.parts.size() == 1 && call.function.last().text == "position";
  if (is_position && call.arguments.size() == 2 && !call.distinct && call.nulls == NullTreatment::kNone &&
      call.within_group.empty() && !call.over) {
    write("position(");
    operand(call.arguments[0], Binding::kAdd);
    write(" in ");
    expression(call.arguments[1]);
    return write(")");
  }
  if (special_call(call)) return;
  this->call(call, CallPlace::kExpression);
}

/// Calls that parse_call_forms.cpp reads.
bool Writer::special_call(const Call& call) {
  if (call.function.parts.size() != 1 || call.arguments.size() < 2) return false;
  const std::string& name = call.function.last().text;
  if (name != "try_cast" && name != "object_transform") return false;
  write(name + "(");
  expression(call.arguments[0]);
  if (name == "try_cast") {
    write(" as ");
    type(std::get<Cast>(call.arguments[1].node).type);
  } else {
    const auto part = [this](std::string_view word, const Expr& row) {
      const std::vector<Expr>& fields = std::get<Row>(row.node).fields;
      if (fields.empty()) return;
      write(word);
      expressions(fields);
    };
    part(" keep ", call.arguments[1]);
    part(" set ", call.arguments[2]);
  }
  write(")");
  return true;
}

void Writer::call(const Call& call, CallPlace place) {
  if (call.approximate) write("approximate ");
  function_name(call, place);
  if (call.bare) return;
  write(call.distinct ? "(distinct " : "(");
  expressions(call.arguments);
  write(")");
  if (!call.within_group.empty()) {
    write(" within group (");
    order_by(call.within_group);
    write(")");
  }
  if (call.nulls != NullTreatment::kNone)
    write(call.nulls == NullTreatment::kIgnore ? " ignore nulls" : " respect nulls");
  if (!call.over) return;
  write(" over ");
  window(**call.over);
}

void Writer::window(const WindowSpec& window) {
  write("(");
  std::string_view blank;
  if (!window.partition_by.empty()) {
    write("partition by ");
    expressions(window.partition_by);
    blank = " ";
  }
  if (!window.order_by.empty()) {
    write(blank);
    order_by(window.order_by);
    blank = " ";
  }
  if (window.frame) {
    write(blank);
    write(window.frame->unit == FrameUnit::kRows ? "rows " : "range ");
    if (window.frame->end) write("between ");
    frame_edge(window.frame->start);
    if (window.frame->end) {
      write(" and ");
      frame_edge(*window.frame->end);
    }
  }
  write(")");
}

void Writer::frame_edge(const FrameEdge& edge) {
  if (edge.offset) {
    operand(**edge.offset, Binding::kAdd);
    write(" ");
  }
  switch (edge.bound) {
    case FrameBound::kUnboundedPreceding:
      return write("unbounded preceding");
    case FrameBound::kPreceding:
      return write("preceding");
    case FrameBound::kCurrentRow:
      return write("current row");
    case FrameBound::kFollowing:
      return write("following");
    case FrameBound::kUnboundedFollowing:
      return write("unbounded following");
  }
}

void Writer::order_by(const std::vector<OrderItem>& items) {
  write("order by ");
  list(items, [&](const OrderItem& item) {
    expression(item.expr);
    if (item.descending) write(" desc");
    if (item.nulls != NullOrder::kDefault) write(item.nulls == NullOrder::kFirst ? " nulls first" : " nulls last");
  });
}

}  // namespace garland::sql
