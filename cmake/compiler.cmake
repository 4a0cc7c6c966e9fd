# Flags for everything that is ours. g++ 12 decides what a warning is; the fuzz preset, built by clang, does not stop at them.
option(GARLAND_WERROR "Warnings are errors" ON)
set(garland_warnings -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Inlined std::string makes g++ 12 see overlaps and overflows that are not there (its bugs 105329 and 105651, among others).
  list(APPEND garland_warnings -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
  if(GARLAND_SANITIZE)
    list(APPEND garland_warnings -Wno-maybe-uninitialized)  # instrumented code confuses it
  endif()
endif()
if(GARLAND_WERROR)
  list(APPEND garland_warnings -Werror)
endif()

# The same text built in another folder is the same object: ccache finds it, and no machine's paths get into the program.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

# Line numbers are enough for a stack trace; full debug information would double the build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

if(GARLAND_SANITIZE)
  add_compile_options(-fsanitize=${GARLAND_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GARLAND_SANITIZE})
endif()
if(GARLAND_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(garland_ccache ccache)
if(garland_ccache AND (NOT CMAKE_CXX_COMPILER_LAUNCHER OR CMAKE_CXX_COMPILER_LAUNCHER STREQUAL "ccache"))
  # A precompiled header counts as its text (pch_defines, time_macros); paths below the source folder count as relative.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${garland_ccache})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

find_program(garland_mold mold)
if(garland_mold)
  add_link_options(-fuse-ld=mold)
endif()
