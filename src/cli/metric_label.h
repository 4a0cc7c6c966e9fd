// A value of a metric's label in Prometheus' text format.
#pragma once

#include <string>

namespace garland::cli {

inline std::string metric_label(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace garland::cli
