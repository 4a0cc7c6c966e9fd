// What a statement's words say of the data behind its answer, found by tokens alone, so that statements that do not
// parse are judged as well.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace garland::conformance {

struct Mentions {
  std::set<std::string> names;  // words that may name relations, functions, cursors; lower case, the last part of each
  std::string target;        // what it creates, fills or changes: a relation, cursor, statement or function; or empty
  bool creates = false;      // it creates or declares the target
  bool reads_files = false;  // it loads from or writes to s3:// or another store
  bool is_volatile = false;  // it asks for the time, chance, the session or the cluster
  bool is_cut = false;       // LIMIT or TOP without ORDER BY
};

Mentions mentions_of(std::string_view sql);

}  // namespace garland::conformance
