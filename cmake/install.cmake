# `cmake --install` gives a tree that runs wherever it is moved: bin/garland finds lib/libduckdb.so, and the httpfs extension
# beside that, by $ORIGIN. It still needs the system's C++ library, fmt, spdlog, libedit, zlib, libcrypto, libcurl,
# PCRE2 and FarmHash.
if(TARGET garland)
  install(TARGETS garland RUNTIME DESTINATION bin)
endif()
install(PROGRAMS ${DUCKDB_ROOT}/libduckdb.so DESTINATION lib)
install(FILES ${DUCKDB_ROOT}/httpfs.duckdb_extension DESTINATION lib OPTIONAL)
foreach(folder warehouse examples)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION share/garland USE_SOURCE_PERMISSIONS
            PATTERN ".garland" EXCLUDE PATTERN "__pycache__" EXCLUDE)
  endif()
endforeach()
install(FILES LICENSE NOTICE DESTINATION share/doc/garland)
