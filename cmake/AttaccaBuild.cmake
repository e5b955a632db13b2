# How a room, a test and a program are declared. Rooms see each other only through include/ roots.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
if(ATTACCA_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  enable_testing()
endif()

add_library(attacca_options INTERFACE)
target_compile_options(attacca_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${ATTACCA_WERROR}>:-Werror>)
if(ATTACCA_SANITIZE)
  target_compile_options(attacca_options INTERFACE
    -fsanitize=${ATTACCA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(attacca_options INTERFACE -fsanitize=${ATTACCA_SANITIZE})
endif()
find_program(ATTACCA_MOLD mold)
if(ATTACCA_MOLD AND NOT CMAKE_CROSSCOMPILING)
  target_link_options(attacca_options INTERFACE -fuse-ld=mold)
endif()
find_program(ATTACCA_CCACHE ccache)
if(ATTACCA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Clones of this repository share what they compile.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${ATTACCA_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

# What a test itself does is little; what it calls keeps the build's optimisation. Half of a cold build went
# into optimising tests.
set(ATTACCA_TEST_OPTIONS -O0)
# ccache keeps what was compiled with precompiled headers only if the compiler says where they went in.
if(ATTACCA_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND ATTACCA_TEST_OPTIONS -fpch-preprocess)
endif()

# attacca_room(<room> SOURCES <files> [ROOMS <rooms it sees>] [PUBLIC <libs>] [PRIVATE <libs>])
# makes the library attacca_<room>, also known as attacca::<room>.
function(attacca_room room)
  cmake_parse_arguments(ARG "" "" "SOURCES;ROOMS;PUBLIC;PRIVATE" ${ARGN})
  add_library(attacca_${room} STATIC ${ARG_SOURCES})
  add_library(attacca::${room} ALIAS attacca_${room})
  target_include_directories(attacca_${room}
    PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_ROOMS PREPEND attacca::)
  target_link_libraries(attacca_${room}
    PUBLIC ${ARG_ROOMS} ${ARG_PUBLIC}
    PRIVATE attacca_options ${ARG_PRIVATE})
endfunction()

# The headers that every test includes, parsed once for all of them.
if(ATTACCA_TESTS)
  add_executable(attacca_test_headers ${CMAKE_SOURCE_DIR}/cmake/test_headers.cpp)
  target_link_libraries(attacca_test_headers PRIVATE attacca_options GTest::gmock GTest::gtest_main)
  target_compile_options(attacca_test_headers PRIVATE ${ATTACCA_TEST_OPTIONS})
  target_precompile_headers(attacca_test_headers PRIVATE
    <gmock/gmock.h> <gtest/gtest.h> <algorithm> <chrono> <cmath> <filesystem> <fstream> <functional> <map> <memory>
    <optional> <random> <span> <sstream> <string> <string_view> <thread> <vector>)
endif()

# attacca_test(<name> SOURCES <files> LINKS <targets> [LABELS <labels>]) makes one GoogleTest program;
# each of its tests is one ctest test. ATTACCA_SOURCE_DIR is defined in it.
function(attacca_test name)
  if(NOT ATTACCA_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE
    ATTACCA_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ATTACCA_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_compile_options(${name} PRIVATE ${ATTACCA_TEST_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM attacca_test_headers)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} attacca_options GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
