#pragma once

namespace garland::cli {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace garland::cli
