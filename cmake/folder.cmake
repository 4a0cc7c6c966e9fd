# One folder under src/ is one target. garland_folder(sql base) makes library `garland_sql` of src/sql/**.cpp, which may include
# src/sql and what its dependencies give. Tests of a folder stand in tests/unit/<folder>/*_test.cpp.

# The two precompiled headers: `precompiled`, what nearly every file reads anyway, and `precompiled_trees`, for what stands on
# semantics/: the trees of SQL besides. A target whose flags or definitions differ would be refused by the compiler
# (-Winvalid-pch).
file(WRITE ${CMAKE_BINARY_DIR}/precompiled/empty.cpp "")
foreach(header precompiled precompiled_trees)
  add_library(garland_${header} STATIC ${CMAKE_BINARY_DIR}/precompiled/empty.cpp)
  target_link_libraries(garland_${header} PUBLIC fmt::fmt spdlog::spdlog Threads::Threads)
  target_include_directories(garland_${header} PRIVATE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_SOURCE_DIR}/src)
  target_precompile_headers(garland_${header} PRIVATE <${header}.h>)
endforeach()

# garland_target(target folder…): warnings, the libraries of all, and the precompiled header that fits the folders of src/ it
# stands on.
function(garland_target target)
  set(header precompiled)
  if(ARGN MATCHES "semantics|embedded|ingest|models|cli")
    set(header precompiled_trees)
  endif()
  target_compile_options(${target} PRIVATE ${garland_warnings})
  target_link_libraries(${target} PRIVATE fmt::fmt spdlog::spdlog Threads::Threads)
  target_precompile_headers(${target} REUSE_FROM garland_${header})
endfunction()

function(garland_folder name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  string(REPLACE "/" "_" target garland_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    garland_target(${target} ${name})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/src)
  foreach(dependency ${ARGN})
    if(TARGET garland_${dependency})
      target_link_libraries(${target} ${scope} garland_${dependency})
    else()
      target_link_libraries(${target} ${scope} ${dependency})
    endif()
  endforeach()
endfunction()

# An executable that tests/run runs. kind: `gtest` (a GoogleTest program) or `lines` (the protocol of tests/README.md).
function(garland_suite target kind)
  set_property(GLOBAL APPEND_STRING PROPERTY garland_suites "${kind} $<TARGET_FILE:${target}>\n")
endfunction()

function(garland_write_suites)
  get_property(suites GLOBAL PROPERTY garland_suites)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/suites.txt CONTENT "${suites}")
endfunction()

# tests/unit/<folder>/*_test.cpp make <folder>_tests (GoogleTest); each *_suite.cpp there makes a program of its own name that
# prints its results itself.
function(garland_unit_tests folder)
  file(GLOB suites CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*_suite.cpp)
  foreach(source ${suites})
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    garland_target(${name} ${folder})
    target_link_libraries(${name} PRIVATE garland_${folder} ${ARGN})
    garland_suite(${name} lines)
  endforeach()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  set(target ${folder}_tests)
  if(folder STREQUAL "sql")
    set(target sql_unit_tests)  # sql_tests are the text tests of tests/sql
  endif()
  add_executable(${target} ${sources})
  garland_target(${target} ${folder})
  target_compile_options(${target} PRIVATE -Wno-shadow)  # GoogleTest's macros nest
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
  target_link_libraries(${target} PRIVATE garland_${folder} GTest::gtest GTest::gmock GTest::gtest_main ${ARGN})
  add_test(NAME unit_${folder} COMMAND ${target})
  garland_suite(${target} gtest)
endfunction()
