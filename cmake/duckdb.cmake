# The embedded engine's library: an unpacked official release (libduckdb.so, duckdb.h, httpfs.duckdb_extension) in DUCKDB_ROOT.
set(DUCKDB_ROOT "${CMAKE_SOURCE_DIR}/.deps/duckdb" CACHE PATH "Folder with libduckdb.so and duckdb.h")
if(NOT EXISTS "${DUCKDB_ROOT}/libduckdb.so" OR NOT EXISTS "${DUCKDB_ROOT}/duckdb.h")
  message(FATAL_ERROR "DuckDB is missing in ${DUCKDB_ROOT}: run `scripts/setup`, or give -DDUCKDB_ROOT=<unpacked release>")
endif()
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES IMPORTED_LOCATION "${DUCKDB_ROOT}/libduckdb.so" IMPORTED_NO_SONAME OFF)
target_include_directories(duckdb SYSTEM INTERFACE "${DUCKDB_ROOT}")
