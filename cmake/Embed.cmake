# Embed.cmake - files as C arrays. ac_embed(OUT.c NAME FILE...) defines, for `const struct ac_embedded NAME[]`, one row a file
# (name, bytes, length), ended by a row without a name. See base/embed.h.
function(ac_embed out name)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} "-DFILES=${ARGN}" -P ${PROJECT_SOURCE_DIR}/cmake/EmbedRun.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/EmbedRun.cmake VERBATIM)
endfunction()
