# ICU's data without what libical never asks for.
#
# libical steps through the rules of time zones with ICU's Gregorian calendar, and ICU reads three
# of its 4,700 documents for that. The archive has all of them, 31 MB, in one object: everything
# else of this program is a third of it. ICU's own tools make the object anew from the three.
#
#   intermission_small_icu_data(OBJECT_VARIABLE)   the path of the object to link, in place of libicudata.a

function(intermission_small_icu_data object)
  find_library(icudata_ARCHIVE NAMES libicudata.a REQUIRED)
  # In /usr/sbin on Debian, which is not on everybody's path.
  find_program(ICUPKG icupkg PATHS /usr/sbin /sbin REQUIRED)
  find_program(GENCCODE genccode PATHS /usr/sbin /sbin REQUIRED)
  set(folder ${CMAKE_BINARY_DIR}/icu)
  set(${object} ${folder}/icu_small.o PARENT_SCOPE)
  file(TIMESTAMP ${icudata_ARCHIVE} stamp)
  file(SHA256 ${CMAKE_CURRENT_FUNCTION_LIST_FILE} recipe)
  if(EXISTS ${folder}/made)
    file(READ ${folder}/made made)
    if(made STREQUAL "${stamp} ${recipe}")
      return()
    endif()
  endif()

  file(REMOVE_RECURSE ${folder})
  file(MAKE_DIRECTORY ${folder}/all)
  set(run COMMAND_ERROR_IS_FATAL ANY WORKING_DIRECTORY ${folder} OUTPUT_QUIET)
  execute_process(COMMAND ${CMAKE_AR} x ${icudata_ARCHIVE} ${run})
  file(GLOB whole RELATIVE ${folder} ${folder}/icudt*_dat.o)
  if(NOT whole MATCHES "^(icudt([0-9]+)[lb])_dat\\.o$")
    message(FATAL_ERROR "libicudata.a: expected one object such as icudt72l_dat.o, got ${whole}")
  endif()
  set(data ${CMAKE_MATCH_1}.dat)
  set(symbol icudt${CMAKE_MATCH_2})
  execute_process(COMMAND ${CMAKE_OBJCOPY} -O binary -j .rodata ${whole} ${data} ${run})
  execute_process(COMMAND ${ICUPKG} -x "*" -d all ${data} ${run})
  file(WRITE ${folder}/kept.txt "root.res\npool.res\nsupplementalData.res\n")
  execute_process(COMMAND ${ICUPKG} -s all -a kept.txt new ${data} ${run})
  execute_process(COMMAND ${GENCCODE} --quiet --object --match-arch ${whole} --entrypoint ${symbol}
    --filename icu_small ${data} ${run} ERROR_QUIET)
  if(NOT EXISTS ${folder}/icu_small.o)
    message(FATAL_ERROR "genccode made no object of ${folder}/${data}")
  endif()
  file(REMOVE_RECURSE ${folder}/all)
  file(REMOVE ${folder}/${whole})
  file(WRITE ${folder}/made "${stamp} ${recipe}")
endfunction()
