# the meaning diff of protocols, their layout, and what a draft would change
ac_test(protocol_diff test_protocol_diff.c PkgConfig::JSONC)
ac_test(property_diff property/diff_means_plans.c PkgConfig::JSONC)
ac_test(property_diff_sees_all property/diff_sees_all.c)
ac_test(property_fmt property/fmt.c)
foreach(name IN ITEMS property_diff property_diff_sees_all property_fmt)
  if(TARGET test_${name})
    target_sources(test_${name} PRIVATE property/diff_kit.c cda/random.c cda/random_plan.c)
    set_tests_properties(${name} PROPERTIES TIMEOUT 1200)
  endif()
endforeach()
# not a test: bench_simulate STATE PROTOCOL.xml, from a release build
add_executable(bench_simulate bench/bench_simulate.c)
target_link_libraries(bench_simulate PRIVATE core)
