// Box<T>: an owned T on the heap with value semantics (copy copies deeply, == compares deeply). It lets recursive types
// be plain values: trees are copied and compared by their defaulted operators. Never empty except after being moved
// from.
#pragma once

#include <memory>
#include <utility>

namespace garland {

template <class T>
class Box {
 public:
  Box(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: implicit by design, a Box is its value
  Box(const Box& other) : value_(std::make_unique<T>(*other)) {}
  Box(Box&&) noexcept = default;
  Box& operator=(const Box& other) { return *this = Box(other); }
  Box& operator=(Box&&) noexcept = default;

  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  friend bool operator==(const Box& a, const Box& b) { return *a == *b; }

 private:
  std::unique_ptr<T> value_;
};

// The alternatives of a tree's node: a std::variant whose special members are compiled once, where
// GARLAND_DEFINE_NODE(Owner) stands, and not in every file that touches a tree (they were half of the time to compile).
// Used as: struct Owner { struct Node : std::variant<…> { GARLAND_NODE(); }; Node node; };
#define GARLAND_NODE()              \
  using variant::variant;           \
  Node(const Node&);                \
  Node(Node&&) noexcept;            \
  Node& operator=(const Node&);     \
  Node& operator=(Node&&) noexcept; \
  ~Node()
#define GARLAND_DEFINE_NODE(Owner)                                \
  Owner::Node::Node(const Node&) = default;                       \
  Owner::Node::Node(Node&&) noexcept = default;                   \
  Owner::Node& Owner::Node::operator=(const Node&) = default;     \
  Owner::Node& Owner::Node::operator=(Node&&) noexcept = default; \
  Owner::Node::~Node() = default

/// For std::visit over a variant with one lambda per alternative.
template <class... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
overloaded(Ts...) -> overloaded<Ts...>;

}  // namespace garland
