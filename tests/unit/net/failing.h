// What a call fails with, for tests.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/error.h"

namespace garland::net {

/// The error that the call throws; none when it throws none.
template <class Call>
std::optional<Error> failing(Call call) {
  try {
    call();
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

/// Its SQLSTATE, or "".
template <class Call>
std::string state_of(Call call) {
  const auto error = failing(call);
  return error ? std::string(error->state().text()) : "";
}

}  // namespace garland::net
