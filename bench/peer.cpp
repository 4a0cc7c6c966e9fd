// bench_peer FILE: attaches the DuckDB file as `w`, runs the statements of stdin (one a line), and prints the seconds
// of each.
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "duck/database.h"

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  garland::duck::Database database({});
  database.attach(argv[1]);
  garland::duck::Connection connection = database.connect();
  for (std::string statement; std::getline(std::cin, statement);) {
    const auto begun = std::chrono::steady_clock::now();
    connection.query(statement);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
    std::printf("%.6f %.60s\n", seconds.count(), statement.c_str());
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_peer: %s\n", error.what());
  return 1;
}
