# tests/fuzz/<folder>_<name>_fuzz.cpp is one libFuzzer program; the first part of its name says which folder it links.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "the fuzzers need clang: use the preset `fuzz`")
endif()
add_custom_target(fuzzers)  # what `make fuzz` builds
file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp)
foreach(source ${fuzzers})
  get_filename_component(name ${source} NAME_WE)
  string(REGEX MATCH "^[a-z]+" folder ${name})
  add_executable(${name} ${source})
  target_compile_options(${name} PRIVATE ${garland_warnings})
  target_link_libraries(${name} PRIVATE garland_${folder} -fsanitize=fuzzer)
  if(folder STREQUAL "endpoint")
    target_link_libraries(${name} PRIVATE garland_embedded)  # its sessions are real
  endif()
  add_dependencies(fuzzers ${name})
endforeach()
