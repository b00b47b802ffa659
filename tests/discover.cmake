# Writes one add_test for each Boost.Test case of `exe` to `list`: CMake 3.25 discovers GoogleTest only. What may take long
# is begun first. A case of the command line has a part of four too, of which CI's dice draw one where another
# leg runs all four.
execute_process(COMMAND ${exe} --list_content=HRF OUTPUT_VARIABLE out ERROR_VARIABLE content RESULT_VARIABLE rc)
if(rc)
  message(FATAL_ERROR "${exe} --list_content failed: ${out}${content}")
endif()
get_filename_component(program ${exe} NAME)
string(REPLACE "\n" ";" lines "${content}")
set(path "")
set(pending "")
set(depth -1)
set(text "")
set(part 0)

macro(emit_pending)
  if(NOT pending STREQUAL "")
    set(own "${labels}")
    if(labels STREQUAL cli)
      set(own "cli;part_${part}")
      math(EXPR part "(${part} + 1) % 4")
    endif()
    string(APPEND text "add_test([[${program}/${pending}]] [[${exe}]] [[--run_test=${pending}]] --color_output=no)\n"
      "set_tests_properties([[${program}/${pending}]] PROPERTIES TIMEOUT ${timeout} COST ${timeout} LABELS \"${own}\"\n"
      "  ENVIRONMENT_MODIFICATION \"${environment}\")\n")
  endif()
endmacro()

# The listing indents a suite's members by four more; a line followed by a deeper one is a suite. What is
# enabled in this build has a star.
foreach(line IN LISTS lines)
  if(line MATCHES "^( *)([^ *:]+)[*]")
    set(name "${CMAKE_MATCH_2}")
    string(LENGTH "${CMAKE_MATCH_1}" indent)
    math(EXPR level "${indent} / 4")
    if(level LESS_EQUAL depth)
      emit_pending()
    endif()
    list(SUBLIST path 0 ${level} path)
    list(APPEND path "${name}")
    string(REPLACE ";" "/" pending "${path}")
    set(depth ${level})
  endif()
endforeach()
emit_pending()
file(WRITE ${list} "${text}")
