// Expressions of Redshift SQL, as written. Nothing is resolved here: semantics/ does that.
//
// Trees are plain values (Box copies deeply), compared by ==, which ignores positions. Parsing limits their depth to
// kMaxNesting, so recursive passes are safe. AND and OR are flat lists.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/box.h"
#include "sql/ast/name.h"

namespace garland::sql {

struct Expr;
struct Query;
struct OrderItem;

// ---- leaves
struct NullLiteral {
  bool operator==(const NullLiteral&) const = default;
};
struct BooleanLiteral {
  bool value;
  bool operator==(const BooleanLiteral&) const = default;
};
/// Digits as written, without sign: "12", "1.50", "2e10".
struct NumberLiteral {
  std::string text;
  bool operator==(const NumberLiteral&) const = default;
};
/// The value, after unescaping.
struct StringLiteral {
  std::string value;
  bool operator==(const StringLiteral&) const = default;
};
/// `date '2011-12-09'`, `timestamp '…'`, `interval '3 days'`, `interval '1' day to second`: the type and the text
/// between quotes.
struct TypedLiteral {
  TypeName type;
  std::string value;
  bool operator==(const TypedLiteral&) const = default;
};
/// `$1`: counts from 1.
struct Parameter {
  int number;
  bool operator==(const Parameter&) const = default;
};
/// A name as it was written, before folding: attributes of SUPER values may keep their case (guide page
/// super-configurations).
struct Attribute {
  std::string text;
  bool quoted;
  bool operator==(const Attribute&) const = default;
};
/// `a`, `t.a`, `s.t.a`, `d.s.t.a`; behind a column of type SUPER further parts are attributes. `written` is empty or
/// spells every part: it is kept where folding changed one of several parts. `outer`: Oracle's `t.a(+)`.
struct ColumnRef {
  std::vector<Name> parts;
  std::vector<Attribute> written = {};
  bool outer = false;
  bool operator==(const ColumnRef&) const = default;
};
/// `*` or `t.*`; only in select lists and count(*).
struct Star {
  std::vector<Name> qualifier;
  std::vector<Name> exclude;
  bool operator==(const Star&) const = default;
};

// ---- operators
/// A path into a SUPER value behind what ColumnRef can hold: `a.b[0].c`, `(f(x)).c`. The base is no Navigation.
struct Navigation {
  Box<Expr> base;
  std::vector<std::variant<Attribute, Box<Expr>>> steps;  // .name or [index]; at least one
  bool operator==(const Navigation&) const = default;
};
/// `prior x`: x of the parent row, in CONNECT BY.
struct Prior {
  Box<Expr> operand;
  bool operator==(const Prior&) const = default;
};
enum class UnaryOp { kPlus, kMinus, kAbs /* @ */, kSquareRoot /* |/ */, kCubeRoot /* ||/ */, kBitNot /* ~ */ };
enum class BinaryOp {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kConcat,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBitAnd,
  kBitOr,
  kBitXor /* # */,
  kShiftLeft,
  kShiftRight,
};
struct Unary {
  UnaryOp op;
  Box<Expr> operand;
  bool operator==(const Unary&) const = default;
};
struct Binary {
  BinaryOp op;
  Box<Expr> left, right;
  bool operator==(const Binary&) const = default;
};
struct Not {
  Box<Expr> operand;
  bool operator==(const Not&) const = default;
};
enum class LogicalOp { kAnd, kOr };
/// Two or more operands; an operand is never a Logical of the same op.
struct Logical {
  LogicalOp op;
  std::vector<Expr> operands;
  bool operator==(const Logical&) const;
};

// ---- predicates
struct IsNull {
  Box<Expr> operand;
  bool negated;
  bool operator==(const IsNull&) const = default;
};
enum class Truth { kTrue, kFalse, kUnknown };
struct IsTruth {
  Box<Expr> operand;
  Truth truth;
  bool negated;
  bool operator==(const IsTruth&) const = default;
};
struct Between {
  Box<Expr> operand, low, high;
  bool negated;
  bool operator==(const Between&) const = default;
};
struct InList {
  Box<Expr> operand;
  std::vector<Expr> list;
  bool negated;
  bool operator==(const InList&) const;
};
struct InQuery {
  Box<Expr> operand;
  Box<Query> query;
  bool negated;
  bool operator==(const InQuery&) const;
};
enum class MatchKind { kLike, kIlike, kSimilarTo, kRegex /* ~ */, kRegexInsensitive /* ~* */ };
struct Match {
  MatchKind kind;
  Box<Expr> operand, pattern;
  std::optional<Box<Expr>> escape;
  bool negated;
  bool operator==(const Match&) const = default;
};
struct Exists {
  Box<Query> query;
  bool operator==(const Exists&) const;
};
enum class Quantifier { kAny /* also SOME */, kAll };
struct Quantified {
  BinaryOp op;  // a comparison
  Quantifier quantifier;
  Box<Expr> operand;
  Box<Query> query;
  bool operator==(const Quantified&) const;
};

// ---- composed
struct ScalarQuery {
  Box<Query> query;
  bool operator==(const ScalarQuery&) const;
};
/// `(a, b)` where it is not a parenthesised expression.
struct Row {
  std::vector<Expr> fields;
  bool operator==(const Row&) const;
};
struct WhenClause;
struct Case {
  std::optional<Box<Expr>> operand;
  std::vector<WhenClause> whens;
  std::optional<Box<Expr>> otherwise;
  bool operator==(const Case&) const;
};
/// `cast(x as t)`, `x::t`, `convert(t, x)`: one meaning, printed as `cast`.
struct Cast {
  Box<Expr> operand;
  TypeName type;
  bool operator==(const Cast&) const = default;
};
struct AtTimeZone {
  Box<Expr> operand, zone;
  bool operator==(const AtTimeZone&) const = default;
};
/// `extract(part from x)`; `part` is lower case.
struct Extract {
  std::string part;
  Box<Expr> operand;
  bool operator==(const Extract&) const = default;
};
enum class TrimSide { kBoth, kLeading, kTrailing };
/// `trim([both|leading|trailing] [characters from] operand)`.
struct Trim {
  TrimSide side;
  std::optional<Box<Expr>> characters;
  Box<Expr> operand;
  bool operator==(const Trim&) const = default;
};

// ---- calls
enum class FrameBound { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
struct FrameEdge {
  FrameBound bound;
  std::optional<Box<Expr>> offset;
  bool operator==(const FrameEdge&) const = default;
};
enum class FrameUnit { kRows, kRange };
struct Frame {
  FrameUnit unit;
  FrameEdge start;
  std::optional<FrameEdge> end;
  bool operator==(const Frame&) const = default;
};
struct WindowSpec {
  std::vector<Expr> partition_by;
  std::vector<OrderItem> order_by;
  std::optional<Frame> frame;
  bool operator==(const WindowSpec&) const;
};
enum class NullTreatment { kNone, kIgnore, kRespect };
/// A function call. `position(a in b)` is the call position(a, b), `substring(x from a for b)` is substring(x, a, b);
/// both print as ordinary calls, except position. `current_date`, `sysdate`, `current_user` … without parentheses have
/// `bare` set. A date part given as a bare word (`dateadd(day, 1, d)`) stands in `arguments` as a ColumnRef of one
/// part.
struct Call {
  QualifiedName function;
  std::vector<Expr> arguments;  // count(*) has one Star
  bool bare = false;
  bool distinct = false;
  bool approximate = false;
  NullTreatment nulls = NullTreatment::kNone;
  std::vector<OrderItem> within_group;
  std::optional<Box<WindowSpec>> over;  // boxed: few calls have one, and every Expr has room for a Call
  bool operator==(const Call&) const;
};

struct Expr {
  struct Node
      : std::variant<NullLiteral, BooleanLiteral, NumberLiteral, StringLiteral, TypedLiteral, Parameter, ColumnRef,
                     Star, Navigation, Prior, Unary, Binary, Not, Logical, IsNull, IsTruth, Between, InList, InQuery,
                     Match, Exists, Quantified, ScalarQuery, Row, Case, Cast, AtTimeZone, Extract, Trim, Call> {
    GARLAND_NODE();
    bool operator==(const Node&) const;
  };
  Node node;
  Span span;
  bool operator==(const Expr&) const = default;
};

struct WhenClause {
  Expr condition, result;
  bool operator==(const WhenClause&) const = default;
};

enum class NullOrder { kDefault, kFirst, kLast };
struct OrderItem {
  Expr expr;
  bool descending = false;
  NullOrder nulls = NullOrder::kDefault;
  bool operator==(const OrderItem&) const = default;
};

}  // namespace garland::sql
